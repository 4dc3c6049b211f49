"""A run by an earlier revision of the catalogue judges what that revision asked for, under its IDs."""

from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import report_of, roamspec

from roamspec.contract.requirements import latest_revision

CRASHES = "clear-chat-before.missing.user-id-crashes"
WHOLE = "clear-chat-before.missing.user-id-refused"
PART = "clear-chat-before.missing.user-id-client-error"


@pytest.mark.parametrize(
    ("more", "revision", "status", "verdicts"),
    [
        # A crash is not a success: whether it is a 4xx is a part of its own, and does not block.
        ([], latest_revision(), 0, {WHOLE: ("pass", True), PART: ("fail", False)}),
        (["--revision", "1"], 1, 1, {WHOLE: ("fail", True)}),
        (["--revision", "1", "--workers", "2"], 1, 1, {WHOLE: ("fail", True)}),
    ],
    ids=["latest", "first", "first-in-several-processes"],
)
def test_a_condition_that_was_split_off_counts_for_what_it_was_a_part_of(
    tmp_path: Path, more: list[str], revision: int, status: int, verdicts: dict[str, Any]
) -> None:
    arguments = ["--profile", "quick", "--fault", CRASHES, "--req", WHOLE, *more]

    done = roamspec(tmp_path, "run", *arguments)

    report = report_of(tmp_path / "reports/latest")
    assert (done.status, report["catalogue"]) == (status, {"revision": revision})
    judged = {
        item["id"]: (item["verdict"], item["decisive"])
        for item in report["requirements"]
        if item["verdict"] != "not-run"
    }
    assert judged == verdicts


def test_a_conforming_service_conforms_by_an_earlier_revision_too(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "run", "--profile", "quick", "--revision", "1", "--req", "deleteChatMessages")

    report = report_of(tmp_path / "reports/latest")
    assert (done.status, report["verdict"], report["totals"]["fail"]) == (0, "conforming", 0)
    assert report["checks"]["planned"] == report["checks"]["finished"] >= 10


def test_a_revision_that_there_is_not_is_rejected(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "run", "--revision", "9")

    assert done.status == 2
    assert done.complaint == "The catalogue has no revision 9; give one of 1 to " + f"{latest_revision()}."
