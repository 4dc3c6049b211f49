"""The suite against a service it does not know: silent on sound variants, right about broken ones."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

CASES = [
    ("sound", "poorest", "delete-chat-messages.effect.single-id-gone"),
    ("sound", "further-fields", "clear-user.success.*"),
    ("faults", "delete-group-messages.limit-fifty-one", "delete-group-messages.limit.*"),
    ("faults", "clear-user.timestamp-in-seconds", "clear-user.success.*"),
]


def judged(kind: str, name: str, requirement: str, folder: Path) -> dict[str, Any]:
    """The finding of one service of the zoo, judged on a few requirements."""
    out = folder / "findings.jsonl"
    command = [sys.executable, "-m", "tests.zoo.judge", "--kind", kind, "--only", name]
    command += ["--profile", "quick", "--req", requirement, "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    assert len(lines) == 1, done.stderr
    finding: dict[str, Any] = json.loads(lines[0])
    return finding


@pytest.mark.parametrize(("kind", "name", "requirement"), CASES, ids=[name for _, name, _ in CASES])
def test_a_service_of_the_zoo_is_judged_rightly(
    kind: str, name: str, requirement: str, tmp_path: Path
) -> None:
    finding = judged(kind, name, requirement, tmp_path)

    assert finding["verdict"] == "matched", finding
    assert bool(finding["failing"]) == (kind == "faults")
