"""A run that is asked to ends after so many blocking failures, cleaned up, with status 1."""

import json
from pathlib import Path

from tests.integration.commands import roamspec

FAULT = ("--fault", "clear-user.effect.nothing-deleted")


def test_a_run_ends_after_the_check_with_the_last_failure_it_waits_for(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "run", *FAULT, "--profile", "quick", "--max-failures", "1", "--report-dir", ".")

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert done.status == 1
    assert report["ending"] == "failures-reached"
    assert report["verdict"] == "non-conforming"
    assert report["checks"]["finished"] < report["checks"]["planned"] / 2
    assert "--max-failures 1" in done.out
    assert "could not be removed" not in done.out


def test_a_run_with_fewer_failures_goes_on_to_the_end(tmp_path: Path) -> None:
    options = ("--req", "delete-chat-messages.limit.*", "--max-failures", "40", "--report-dir", ".")
    done = roamspec(tmp_path, "run", "--fault", "delete-chat-messages.limit.of-49", *options)

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert done.status == 1
    assert report["ending"] == "complete"
