"""Finding a failure in a report."""

import json
from pathlib import Path
from typing import Any

import pytest

from roamspec.errors import UsageError
from roamspec.report.reading import read_report
from roamspec.report.recorded_finding import finding

from .test_script import NAME, report


def test_a_report_is_read_whole(tmp_path: Path, evidence: Any, history: Any) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report(evidence, history)), encoding="utf-8")

    found = finding(read_report(file), NAME)

    assert found.faults == ["a.b@age>7d"]
    assert found.command[:2] == ["--profile", "quick"]


def test_a_requirement_that_is_misspelt_or_passed(evidence: Any, history: Any) -> None:
    of_run = report(evidence, history)

    with pytest.raises(UsageError, match=f"did you mean {NAME}"):
        finding(of_run, NAME[:-1])
    of_run["requirements"][0] |= {"verdict": "pass", "checks": []}
    with pytest.raises(UsageError, match=r"did not fail in this report \(pass\)"):
        finding(of_run, NAME)
