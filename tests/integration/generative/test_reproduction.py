"""What a failure prints runs it again: the same seed, the same sequence, the same requirement."""

import json
import shlex
from pathlib import Path
from typing import Any

from tests.integration.commands import roamspec

MISTAKE = "clear-chat-before.time.boundary-kept"
REQUIREMENT = "clear-chat-before.time.at-del-time-gone"


def sequence_failures(report: Path) -> dict[str, dict[str, Any]]:
    """Failures that the check of sequences found, by requirement."""
    content = json.loads(report.read_text(encoding="utf-8"))
    return {
        requirement["id"]: check["failure"]
        for requirement in content["requirements"]
        for check in requirement["checks"]
        if check["id"].startswith("sequence.") and check["outcome"] == "fail"
    }


def test_the_printed_line_finds_the_same_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    done = roamspec(first, "run", "--fault", MISTAKE, "--seed", "11", "--req", REQUIREMENT)
    failures = sequence_failures(first / "reports/latest/report.json")
    assert done.status == 1
    assert len(failures) == 1
    [(requirement, failure)] = failures.items()
    assert requirement == REQUIREMENT
    assert "(1) " in failure["actual"]
    assert "curl" in failure["reproduce"]
    assert "seed 11" in failure["hint"]
    line = failure["hint"].partition("run it again: ")[2]
    words = shlex.split(line)

    again = roamspec(second, *words[1:])

    assert words[0] == "roamspec"
    assert again.status == 1
    assert (
        sequence_failures(second / "reports/latest/report.json")[requirement]["actual"] == failure["actual"]
    )
    kept = list((first / "reports/latest/sequences").glob("*.json"))
    assert len(kept) == 1
    assert not list(tmp_path.rglob(".hypothesis"))
