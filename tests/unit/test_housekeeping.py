"""What a newcomer reads and fills in: forms that work, links that lead somewhere, a map that is whole."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from tests.integration.ci_recipes import schema_errors
from tests.integration.packages import tracked

ROOT: Final = Path(__file__).parents[2]
FORMS: Final = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
PAGES: Final = [ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md")]
GUIDES: Final = [*PAGES, *(ROOT / "docs" / name for name in ("install.md", "development.md", "licences.md"))]
_LINK: Final = re.compile(r"\]\(([^)#]+)?(?:#([^)]*))?\)")
_FENCE: Final = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)

needs_forms = pytest.mark.skipif(not FORMS, reason="this is no checkout of the repository")


@needs_forms
def test_the_forms_for_issues_are_forms(tmp_path: Path) -> None:
    config = ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"
    forms = [path for path in FORMS if path != config]
    assert [path.stem for path in forms] == ["bug", "false-alarm", "missed-fault"]

    assert schema_errors("github-issue-forms", *forms) == ""
    assert schema_errors("github-issue-config", config) == ""
    broken = tmp_path / "bug.yml"
    broken.write_text(forms[0].read_text(encoding="utf-8").replace("body:", "fields:"), encoding="utf-8")
    assert "body" in schema_errors("github-issue-forms", broken)


@needs_forms
def test_each_form_asks_for_the_version_and_warns_of_secrets() -> None:
    for path in FORMS:
        if path.name != "config.yml":
            text = path.read_text(encoding="utf-8")
            assert "Remove credentials" in text
            assert "ersion" in text


def test_no_hook_before_a_commit_fetches_anything() -> None:
    config: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {"ruff-check", "ruff-format"} <= {hook["id"] for hook in hooks}
    for hook in hooks:
        assert hook["language"] == "system"
        assert "additional_dependencies" not in hook
        words = [*shlex.split(hook["entry"])[1:3], "--help"]
        done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for place, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / place) if place else page
        assert target.exists(), place
        assert not anchor or anchor in anchors(target), anchor


def test_the_map_names_every_folder() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("## The map")[2].partition("\n## ")[0]
    named = {found.partition("/")[0] for found in re.findall(r"`([\w./-]+/)`", table)}
    folders = {name.partition("/")[0] for name in tracked() if "/" in name and not name.startswith(".")}

    assert folders - named == set()
    for place in re.findall(r"`([\w./-]+/)`", table):
        assert (ROOT / place).is_dir(), place


def test_what_is_installed_without_make_is_what_make_installs() -> None:
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    pip, uv = _FENCE.findall((ROOT / "docs" / "install.md").read_text(encoding="utf-8"))[2:4]
    asked = [
        re.sub(r"--quiet |--disable-pip-version-check ", "", found)
        for found in re.findall(r"\$\(BIN\)/python -m pip install (.*)$", make, re.MULTILINE)
    ]

    assert len(asked) == 2
    for words in asked:
        assert f" -m pip install {words}\n" in pip
        assert f"uv pip install {words}\n" in uv


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nobody_is_named_whom_the_repository_does_not_know(page: Path) -> None:
    """An address that nobody reads is worse than none."""
    assert re.findall(r"\S+@\S+\.\w+", page.read_text(encoding="utf-8")) == []
