"""Puts together what MkDocs reads: the pages of `docs/`, the files of the repository that they link to, and
the pages that are made of `contracts/`.

Pages of `docs/` are at the root of the site. Other files keep their path below `repository/`.
"""

import html
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from tools.documentation_site.reference_pages import errata_page, schema_page
from tools.documentation_site.requirement_pages import Material, requirement_pages

from roamspec.contract.errata import load_errata
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.faults.registry import known
from roamspec.language.translation import LANGUAGES, translation
from roamspec.resources import folder
from roamspec.sdk.catalogue import client_catalogue
from roamspec.suite.checks import checks

REPOSITORY: Final = PurePosixPath("repository")
_LISTING: Final = "index.md"
_FURTHER: Final = ("CHANGELOG.md", "reports/README.md")
"""Pages of the site that are outside of `docs/`, whether another page links to them or not."""
_SAMPLES: Final = "reports/sample/"
_SCHEMA: Final = "contracts/report.schema.json"
_LINK: Final = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s#]+)(#[^)\s]*)?(?=\))")
_ESCAPED_BAR: Final = r"\|"
_BAR_IN_CODE: Final = re.compile(r"`([^`\n]*\\\|[^`\n]*)`")
"""Python-Markdown shows the backslash that a bar needs within a table."""
_SECTION: Final = re.compile(r'^<!-- figures: (\S+) "([^"]+)" -->$', re.MULTILINE)
"""Stands in a page where the site shows a section of another file."""


def stage(target: Path, root: Path) -> None:
    """Write every file of the site into `target`; FileNotFoundError for a link to a missing file."""
    for path in sorted((root / "docs").rglob("*")):
        if path.is_file():
            _copy(path.relative_to(root).as_posix(), target, root)
    for name in _FURTHER:
        _copy(name, target, root)
    for page, text in generated_pages().items():
        _write(target / page, _relinked(text, f"docs/{page}", lambda name: _copy(name, target, root)))


def generated_pages() -> dict[str, str]:
    """Markdown by path in the site."""
    catalogue = load_catalogue(contract=load_contract())
    errata = load_errata(catalogue=catalogue)
    material = Material(
        service=list(catalogue.values()),
        clients=list(client_catalogue().values()),
        checks=checks(),
        faults=list(known().values()),
        errata=errata,
        revision=catalogue.revision,
    )
    schema = json.loads((folder("contracts") / "report.schema.json").read_text(encoding="utf-8"))
    pages = {"report-schema.md": schema_page(schema, source=_SCHEMA)}
    for lang in LANGUAGES:
        texts = translation(lang)
        pages["errata.md" if lang == "en" else f"errata.{lang}.md"] = errata_page(errata, texts)
        pages |= requirement_pages(material, texts)
    return pages


def place_in_site(path: str) -> PurePosixPath:
    """Where a file of the repository is in the site. Samples of Markdown stay text, as they are."""
    if path.startswith("docs/"):
        return PurePosixPath(path.removeprefix("docs/"))
    sample = path.startswith(_SAMPLES) and path.endswith(".md")
    return REPOSITORY / (f"{path.removesuffix('.md')}.markdown.txt" if sample else path)


def _copy(path: str, target: Path, root: Path) -> None:
    """Copy a file of the repository with everything that it links to, once."""
    copied = target / place_in_site(path)
    if copied.exists():
        return
    if (root / path).is_dir():
        for file in sorted((root / path).iterdir()):
            _copy(file.relative_to(root).as_posix(), target, root)
        _write(copied / _LISTING, _listing(path, copied))
        return
    if copied.suffix == ".md":
        _write(copied, "")  # so that two pages may link to each other
        text = _with_bars(_with_sections((root / path).read_text(encoding="utf-8"), root))
        _write(copied, _relinked(text, path, lambda name: _copy(name, target, root)))
        return
    copied.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / path, copied)


def _listing(path: str, copied: Path) -> str:
    """The page of a folder: a link to each of its files."""
    names = sorted(file.name for file in copied.iterdir())
    return "\n".join([f"# {path}", "", *(f"- [{name}]({name})" for name in names)]) + "\n"


def _relinked(text: str, page: str, need: Callable[[str], None]) -> str:
    """`text` with links that fit the site. `need` is called for each linked file outside of `docs/`."""
    here = PurePosixPath(page).parent

    def relink(found: re.Match[str]) -> str:
        linked = os.path.normpath(here / found[1]).replace(os.sep, "/")
        if not linked.startswith("docs/"):
            need(linked)
        place = place_in_site(linked) / (_LISTING if found[1].endswith("/") else "")
        return os.path.relpath(place, place_in_site(page).parent).replace(os.sep, "/") + (found[2] or "")

    return _LINK.sub(relink, text)


def _with_bars(text: str) -> str:
    def code(found: re.Match[str]) -> str:
        return f"<code>{html.escape(found[1]).replace(_ESCAPED_BAR, '&#124;')}</code>"

    lines = (_BAR_IN_CODE.sub(code, line) if line.startswith("|") else line for line in text.split("\n"))
    return "\n".join(lines)


def _with_sections(text: str, root: Path) -> str:
    """`text` with the sections of other files that it asks for, whose links are made to fit `docs/`."""

    def section(found: re.Match[str]) -> str:
        whole = (root / found[1]).read_text(encoding="utf-8")
        body = re.search(rf"^## {re.escape(found[2])}\n(.*?)(?=^## |\Z)", whole, re.MULTILINE | re.DOTALL)
        if body is None:
            raise LookupError(f"{found[1]} has no section {found[2]!r}, which a page of docs/ shows.")
        return _LINK.sub(lambda link: f"../{link[0]}", body[1]).strip()

    return _SECTION.sub(section, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
