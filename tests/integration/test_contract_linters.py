"""`make check` lints the OpenAPI files with the linters that people run, where Node is on the machine."""

import subprocess
from pathlib import Path

import pytest

from roamspec.resources import folder

CONTRACTS = folder("contracts")
SCRIPT = CONTRACTS.parent / "tools" / "lint-contracts" / "run.sh"


def lint(*files: Path) -> tuple[int, str]:
    """Status and output; skipped, with the script's reason, where the linters cannot run."""
    done = subprocess.run(
        ["sh", str(SCRIPT), *map(str, files)], capture_output=True, text=True, timeout=300, check=False
    )
    output = done.stdout + done.stderr
    if "not linted" in output:
        pytest.skip(output.strip())
    return done.returncode, output


def test_the_contracts_are_clean() -> None:
    status, output = lint()
    assert status == 0, output
    assert all(f"{path.name}: validated" in output for path in CONTRACTS.glob("*.openapi.yaml"))


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('description: "Peer, group or chatroom ID"', "description: Peer, group or chatroom ID", "struct"),
        ("items: {type: object}}", "minItems: 0}", "array-items"),
    ],
    ids=["redocly", "spectral"],
)
def test_a_slip_ends_with_a_failure(tmp_path: Path, before: str, after: str, rule: str) -> None:
    text = (CONTRACTS / "surrounding.openapi.yaml").read_text(encoding="utf-8")
    assert text.count(before) == 1
    broken = tmp_path / "surrounding.openapi.yaml"
    broken.write_text(text.replace(before, after), encoding="utf-8")
    status, output = lint(broken)
    assert status != 0
    assert rule in output


def test_a_machine_without_node_reports_what_was_not_done(tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT)], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "contracts: not linted with Redocly and Spectral: node is not on this machine.\n"
