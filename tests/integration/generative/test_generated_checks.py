"""The schema floor and the overlapping calls, each shown red once."""

import json
from pathlib import Path

import pytest
from benchmarks.false_alarms import DrawnChecks
from tests.integration.commands import roamspec

from roamspec.contract.requirements import load_catalogue
from roamspec.runner.planning import Plan
from roamspec.suite.exploration_limits import REQUESTS_LEFT_TO_OTHERS, ExplorationEffort
from roamspec.suite.marks import Profile
from roamspec.transport.request_budget import RequestBudget

from .conftest import ChecksOf, Open

MISTAKES: dict[str, tuple[Profile, str]] = {
    "delete-group-messages.value.word-as-message-id-crashes": (
        "standard",
        "delete-group-messages.value.message-id-not-a-number-no-server-error",
    ),
    "clear-chat-before.value.fraction-as-del-time-crashes": (
        "standard",
        "clear-chat-before.value.del-time-fraction-no-server-error",
    ),
    "clear-user.success.timestamp-text": ("standard", "clear-user.success.timestamp-is-a-number"),
    # Other checks find these as well: the generated calls of a standard run leave them out.
    "delete-group-messages.limit.of-51": ("deep", "delete-group-messages.limit.fifty-one-refused"),
    "delete-chat-messages.missing.msg-id-list-refused-after-one-message": (
        "deep",
        "delete-chat-messages.missing.msg-id-list-deletes-nothing",
    ),
}


def failing_checks(folder: Path, *arguments: str) -> dict[str, set[str]]:
    """Requirement -> the checks that failed it."""
    roamspec(folder, "run", "--seed", "1", *arguments)
    content = json.loads((folder / "reports/latest/report.json").read_text(encoding="utf-8"))
    found = {
        requirement["id"]: {c["id"] for c in requirement["checks"] if c["outcome"] == "fail"}
        for requirement in content["requirements"]
    }
    return {name: checks for name, checks in found.items() if checks}


@pytest.mark.parametrize(("mistake", "expected"), MISTAKES.items(), ids=MISTAKES)
def test_generated_calls_find_a_mistake_under_its_requirement(
    opened: Open, checks_of: ChecksOf, mistake: str, expected: tuple[Profile, str]
) -> None:
    profile, requirement = expected
    session = opened(mistake)
    plan = Plan(load_catalogue(contract=session.contract), session.contract, profile, None)
    drawn = DrawnChecks(session, plan, ExplorationEffort(1, profile))

    for check in checks_of("test_schema"):
        drawn.run(check)

    judged = [judgement for case in drawn.cases for judgement in case.verdicts.recorded()]
    failing = {judgement.requirement for judgement in judged if judgement.verdict == "fail"}
    assert requirement in failing
    assert {name.partition(".")[0] for name in failing} == {requirement.partition(".")[0]}
    served = {judgement.requirement for judgement in judged if judgement.served}
    assert not served & failing


def test_a_call_that_undoes_another_is_reported_with_its_history(tmp_path: Path) -> None:
    requirement = "delete-chat-messages.effect.concurrent-calls-all-count"
    mistake = "delete-chat-messages.effect.concurrent-call-undone"

    failing = failing_checks(tmp_path, "--profile", "deep", "--fault", mistake, "--req", requirement)

    assert any(check.startswith("concurrency.") for check in failing[requirement])
    report = json.loads((tmp_path / "reports/latest/report.json").read_text(encoding="utf-8"))
    actual = [
        check["failure"]["actual"]
        for entry in report["requirements"]
        for check in entry["checks"]
        if check["id"].startswith("concurrency.") and check["outcome"] == "fail"
    ]
    assert all("history: " in sentence and "acknowledged" in sentence for sentence in actual)


def test_calls_that_a_run_has_no_requests_for_are_counted(opened: Open, checks_of: ChecksOf) -> None:
    session = opened()
    session.client.allowance = RequestBudget(REQUESTS_LEFT_TO_OTHERS + 60)
    plan = Plan(load_catalogue(contract=session.contract), session.contract, "standard", None)
    drawn = DrawnChecks(session, plan, ExplorationEffort(1))

    for check in checks_of("test_schema"):
        drawn.run(check)

    [note] = [note for note in session.notes if "had no requests left for" in note]
    assert "clearGroupBefore" in note
    assert "deleteChatMessages" not in note
