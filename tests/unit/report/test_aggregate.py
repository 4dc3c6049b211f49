"""From judgements to the verdict on each requirement."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from roamspec.contract.requirements import Catalogue
from roamspec.errors import SuiteError
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import CheckFinished, Failure, Judgement

Fold = Callable[..., Aggregate]
NAME = "clear-user.notify.devices-told"


def item(aggregate: Aggregate, name: str = NAME) -> dict[str, Any]:
    found: dict[str, Any] = next(i for i in aggregate.report()["requirements"] if i["id"] == name)
    return found


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (["pass"], "pass"),
        (["fail"], "fail"),
        (["inconclusive"], "inconclusive"),
        (["pass", "fail"], "fail"),
        (["fail", "pass"], "fail"),
        (["inconclusive", "fail"], "fail"),
        (["inconclusive", "pass"], "pass"),
        (["pass", "inconclusive"], "pass"),
        (["inconclusive", "inconclusive"], "inconclusive"),
    ],
)
def test_the_checks_of_one_requirement_are_joined(fold: Fold, found: list[Any], verdict: str) -> None:
    aggregate = fold({})
    for number, outcome in enumerate(found):
        aggregate(
            CheckFinished(f"test_{number}", outcome, 0.1, (Judgement(NAME, outcome, f"reason {number}"),))
        )

    assert item(aggregate)["verdict"] == verdict
    assert [check["outcome"] for check in item(aggregate)["checks"]] == found


def test_the_reasons_of_inconclusive_checks_are_joined_without_repetition(fold: Fold) -> None:
    judgements = [
        Judgement(NAME, "inconclusive", reason) for reason in ("no observer", "no list", "no observer")
    ]
    aggregate = fold({})
    for number, judgement in enumerate(judgements):
        aggregate(CheckFinished(f"test_{number}", "inconclusive", 0.1, (judgement,)))

    assert item(aggregate)["reason"] == "no observer; no list"


def test_a_check_that_finds_the_same_thing_twice_is_listed_once(fold: Fold) -> None:
    aggregate = fold({NAME: [Judgement(NAME, "pass"), Judgement(NAME, "pass")]})

    assert len(item(aggregate)["checks"]) == 1


def test_one_check_may_judge_several_requirements(fold: Fold) -> None:
    others = ["clear-user.success.status", "clear-user.all.every-kind"]
    aggregate = fold({"several": [Judgement(others[0], "pass"), Judgement(others[1], "fail")]}, planned=1)

    assert [item(aggregate, name)["verdict"] for name in others] == ["pass", "fail"]


def test_what_a_check_found_before_it_broke_is_kept(fold: Fold) -> None:
    aggregate = fold({})
    aggregate(CheckFinished("test_x", "error", 0.1, (Judgement(NAME, "fail"),), detail="KeyError: 'id'"))

    assert item(aggregate)["verdict"] == "fail"
    assert aggregate.report()["checks"]["errors"] == [{"id": "test_x", "detail": "KeyError: 'id'"}]


LEFT_OUT = frozenset({"delete-chat-messages.limit.fifty-one-refused", "clear-user.success.status"})


def test_what_is_selected_and_left_out_is_no_conforming_run(
    fold: Fold, conforming: Mapping[str, Any]
) -> None:
    judged = {name: verdict for name, verdict in conforming.items() if "limit" not in name}

    aggregate = fold(judged, left_out=LEFT_OUT)

    report = aggregate.report()
    assert (report["verdict"], report["exit_status"]) == ("incomplete", 3)
    assert report["because"] == [
        "Checks were left out, although their requirements are selected: "
        "delete-chat-messages.limit.fifty-one-refused."
    ]
    assert (
        item(aggregate, "delete-chat-messages.limit.fifty-one-refused")["reason"]
        == "its checks were left out"
    )


def test_what_another_check_judged_or_nobody_selected_may_be_left_out(
    fold: Fold, conforming: Mapping[str, Any]
) -> None:
    assert fold(conforming, left_out=LEFT_OUT).exit_status() == 0
    judged = {name: verdict for name, verdict in conforming.items() if "limit" not in name}
    assert fold(judged, left_out=LEFT_OUT, selected=frozenset(judged)).exit_status() == 0


def test_a_failure_beside_what_was_left_out_decides(fold: Fold, conforming: Mapping[str, Any]) -> None:
    judged = {name: "fail" if "all" in name else v for name, v in conforming.items() if "limit" not in name}
    assert fold(judged, left_out=LEFT_OUT).exit_status() == 1


@pytest.mark.parametrize(
    ("name", "run", "reason"),
    [
        ("delete-chat-messages.rate.burst", {}, "needs a quiet app"),
        ("delete-chat-messages.rate.burst", {"selected": frozenset({NAME})}, "not selected"),
        (NAME, {}, "no check of the profile standard judged it"),
        (NAME, {"ending": "interrupted"}, "the run ended before it was judged"),
        (NAME, {"ending": None}, "the run ended before it was judged"),
    ],
)
def test_what_was_not_run_says_why(fold: Fold, name: str, run: Mapping[str, Any], reason: str) -> None:
    aggregate = fold({}, **run)

    assert (item(aggregate, name)["verdict"], item(aggregate, name)["reason"]) == ("not-run", reason)


def test_a_failure_is_reported_with_its_evidence(fold: Fold, failure: Failure) -> None:
    (check,) = item(fold({NAME: "fail"}))["checks"]

    assert check == {
        "id": "test_devices_told[clear-user]",
        "outcome": "fail",
        "duration_s": 0.25,
        "failure": {
            "expected": failure.expected,
            "actual": failure.actual,
            "exchanges": list(failure.exchanges),
            "reproduce": failure.reproduce,
            "hint": failure.hint,
        },
    }


def test_the_report_says_what_was_tested_and_how(fold: Fold, catalogue: Catalogue) -> None:
    report = fold({NAME: "fail"}, notes=("lists lag by 0.4 s",)).report()

    assert report["schema"] == "roamspec.report/1"
    assert report["target"] == {
        "kind": "emulator",
        "base_url": "http://127.0.0.1:40123",
        "app_key": "acme#parlor",
    }
    assert (report["profile"], report["seed"]) == ("standard", 7)
    assert (report["duration_s"], report["requests"]) == (8.125, 1234)
    assert report["notes"] == ["lists lag by 0.4 s"]
    assert [i["id"] for i in report["requirements"]] == list(catalogue)
    assert report["totals"] == {"pass": 0, "fail": 1, "inconclusive": 0, "waived": 0, "not-run": 7}


def test_each_requirement_names_its_operation_and_whether_it_decides(fold: Fold) -> None:
    report = fold({}).report()

    facts = {
        i["id"]: (i["operations"], i["level"], i["evidence"], i["decisive"]) for i in report["requirements"]
    }
    assert facts[NAME] == (["clearUser"], "must", "documented", True)
    assert facts["delete-chat-messages.value.odd-ids"] == (
        ["deleteChatMessages"],
        "should",
        "inferred",
        False,
    )


def test_failures_are_counted_while_the_run_goes_on(fold: Fold) -> None:
    aggregate = fold({NAME: "pass"}, ending=None)
    assert aggregate.failures == 0

    aggregate(CheckFinished("test_y", "fail", 0.1, (Judgement(NAME, "fail"),)))

    assert aggregate.failures == 1


def test_a_run_that_did_not_start_has_no_report(catalogue: Catalogue) -> None:
    with pytest.raises(SuiteError, match="did not start"):
        Aggregate(catalogue, "00" * 32).report()


SERVED = "delete-chat-messages.value.odd-ids"


@pytest.mark.parametrize(
    ("others", "noted"),
    [([], True), (["pass"], True), (["inconclusive"], True), (["fail"], False)],
)
def test_a_note_never_contradicts_a_verdict(
    fold: Fold, conforming: Mapping[str, Any], others: list[Any], noted: bool
) -> None:
    """Calls that the documentation leaves open and that were served are no news where they failed."""
    judged = [Judgement(SERVED, "pass", served=True), *(Judgement(SERVED, other) for other in others)]

    notes = fold({**conforming, SERVED: judged}, notes=("Lists lag.",)).report()["notes"]

    served = (
        "Calls outside of the contract that were accepted (the documentation does not say how to "
        "respond to them): odd-ids ("
    )
    assert notes[0] == "Lists lag."
    assert [note for note in notes[1:] if note.startswith(served)] == notes[1:]
    assert bool(notes[1:]) is noted
