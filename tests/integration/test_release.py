"""The workflow of a release: linted, and run up to the upload as far as a machine without a network can."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any, Final

import pytest
from tests.integration.ci_recipes import (
    RECIPES,
    ROOT,
    Pipeline,
    Ran,
    StubbedRun,
    actionlint,
    github_steps,
    read_yaml,
    rehearsed,
    schema_errors,
)
from tests.integration.packages import carried, unpacked_sdist

from roamspec import __version__

WORKFLOW: Final = ROOT / ".github" / "workflows" / "release.yml"
UPLOADS: Final = "pypa/gh-action-pypi-publish"

pytestmark = [
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine"),
    pytest.mark.skipif(not WORKFLOW.exists(), reason="this is no checkout of the repository"),
]


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(WORKFLOW)["jobs"]
    return found


def test_actionlint_and_the_schema_find_nothing(tmp_path: Path) -> None:
    assert schema_errors("github-workflows", WORKFLOW) == ""
    done = actionlint(WORKFLOW)
    assert done.returncode == 0, done.stdout + done.stderr

    broken = tmp_path / "broken.yml"
    broken.write_text(
        WORKFLOW.read_text(encoding="utf-8").replace("needs: publish", "needs: publishing"), encoding="utf-8"
    )
    assert actionlint(broken).returncode == 1


def test_only_what_was_tried_is_uploaded_and_only_for_a_tag(jobs: dict[str, Any]) -> None:
    uploading = [
        name for name, job in jobs.items() for step in job["steps"] if UPLOADS in step.get("uses", "")
    ]

    assert uploading == ["publish"]
    assert jobs["publish"]["needs"] == ["build", "try"]
    assert jobs["publish"]["if"] == "github.ref_type == 'tag'"
    assert jobs["announce"]["needs"] == "publish"
    assert jobs["try"]["strategy"]["matrix"] == {
        "os": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": ["3.11", "3.12", "3.13", "3.14"],
    }


def test_no_secret_is_needed_and_each_job_may_do_its_own_work_alone(jobs: dict[str, Any]) -> None:
    text = WORKFLOW.read_text(encoding="utf-8")

    assert "secrets." not in text
    assert "password" not in text.partition("name: release")[2]
    assert read_yaml(WORKFLOW)["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in jobs.items()} == {
        "build": {"contents": "read", "id-token": "write", "attestations": "write"},
        "try": None,
        "publish": {"id-token": "write"},
        "announce": {"contents": "write"},
    }
    assert [step.name for step in github_steps(WORKFLOW) if "${{" in step.script] == []


def test_what_is_uploaded_has_a_provenance_and_a_bill_of_materials(jobs: dict[str, Any]) -> None:
    attested = {
        step["uses"].partition("@")[0]: step["with"] for step in jobs["build"]["steps"] if "uses" in step
    }

    assert attested["actions/attest-build-provenance"]["subject-path"] == "dist/*"
    assert attested["actions/attest-sbom"]["sbom-path"] == "sbom/roamspec.cdx.json"


def test_an_action_has_one_version_everywhere() -> None:
    """A version that was raised in one file alone is forgotten in the others."""
    files = [WORKFLOW, ROOT / "action.yml", *(RECIPES / "github").glob("*.yml")]
    used: dict[str, set[str]] = {}
    for file in files:
        for name, version in re.findall(r"uses: ([\w./-]+)@(\S+)", file.read_text(encoding="utf-8")):
            used.setdefault("/".join(name.split("/")[:2]), set()).add(version)

    assert {"actions/checkout", "actions/upload-artifact", UPLOADS} <= set(used)
    assert {name: versions for name, versions in used.items() if len(versions) > 1} == {}


def stand_in(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked_sdist(tmp_path_factory.mktemp("checkout"))


def released(checkout: Path, tools: Path, tag: str, vulnerable: str = "") -> Ran:
    """The whole workflow with this tag, up to the upload; what needs a network is stood in for."""
    dependency = {"name": "h11", "version": "0.1", "vulns": []}
    found = {"id": vulnerable, "fix_versions": []}
    audit = json.dumps({"dependencies": [dependency | {"vulns": [found] if vulnerable else []}]})
    stand_in(tools / "release/bin/pip-audit", f"printf '%s' '{audit}' >\"${{@: -1}}\"\n")
    stand_in(tools / "release/bin/cyclonedx-py", 'printf "%s\\n" "$@" >"$RUNNER_TEMP/bom.log"\n')
    values = {
        "github.ref_type": "tag",
        "github.ref_name": tag,
        "github.token": "t",
        "github.repository": "acme/roamspec",
    }
    for name in ("dist", "sbom"):
        shutil.rmtree(checkout / name, ignore_errors=True)
    pipeline = Pipeline(checkout, values, stubbed_run=StubbedRun({"verdict": "conforming"}, 0))
    python_path = os.pathsep.join(filter(None, (str(checkout), os.environ.get("PYTHONPATH"))))
    # Replaying takes its time, and is tried with the wheel itself.
    steps = [step for step in github_steps(WORKFLOW) if "replay" not in step.script]
    return pipeline.run(steps, RUNNER_TEMP=str(tools), PYTHONPATH=python_path)


def test_a_release_goes_through_up_to_the_upload(checkout: Path, tmp_path: Path) -> None:
    (checkout / "reports").mkdir(exist_ok=True)

    done = released(checkout, tmp_path, f"v{__version__}")

    assert done.status == 0, done.output
    [wheel], [sdist] = (checkout / "dist").glob("*.whl"), (checkout / "dist").glob("*.tar.gz")
    assert f"-{__version__}-" in wheel.name
    assert sdist.name == f"roamspec-{__version__}.tar.gz"
    assert "roamspec/conformance/test_limit.py" in carried(wheel)
    asked = (tmp_path / "bom.log").read_text(encoding="utf-8").splitlines()
    assert asked[-1] == str(tmp_path / "runtime/bin/python")
    assert asked[asked.index("--output-file") + 1] == "sbom/roamspec.cdx.json"
    assert (checkout / "sbom").is_dir()
    said = (checkout / ".tools" / "gh.log").read_text(encoding="utf-8")
    assert said.startswith(f"release create v{__version__} ")
    assert [words[1:] for words in rehearsed(checkout)] == [["--profile", "quick", "--timeout", "600"]]


@pytest.mark.parametrize(
    ("tag", "vulnerable", "said"),
    [
        ("v9.9.9", "", f"The tag is v9.9.9, but the version is {__version__}."),
        (f"v{__version__}", "PYSEC-2026-1", "h11 0.1: PYSEC-2026-1"),
    ],
    ids=["wrong-tag", "vulnerable"],
)
def test_nothing_is_released_that_should_not_be(
    tag: str, vulnerable: str, said: str, checkout: Path, tmp_path: Path
) -> None:
    done = released(checkout, tmp_path, tag, vulnerable)

    assert done.status == 1
    assert said in done.output
    assert not (checkout / "dist").exists()
