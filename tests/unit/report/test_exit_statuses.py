"""The verdict on a run and its exit status, as a table."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from roamspec.contract.requirements import Catalogue
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import CheckFinished, Judgement, RunFinished, RunStarted, TargetInfo

Fold = Callable[..., Aggregate]
Verdicts = Mapping[str, Any]

DECISIVE = "delete-chat-messages.limit.fifty-one-refused"
INFERRED = "delete-chat-messages.value.odd-ids"
OBSERVED_BY_DEVICES = "clear-user.notify.devices-told"

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, int, int]] = {
    # name: changed verdicts, run, verdict, status, status with --strict
    "all pass": ({}, {}, "conforming", 0, 0),
    "a decisive failure": ({DECISIVE: "fail"}, {}, "non-conforming", 1, 1),
    "a failure that does not decide": ({INFERRED: "fail"}, {}, "conforming", 0, 1),
    "one inconclusive": ({OBSERVED_BY_DEVICES: "inconclusive"}, {}, "conforming", 0, 1),
    "devices were asked for and none could be watched": (
        {OBSERVED_BY_DEVICES: "inconclusive"},
        {"asked": {"observer": "--observer-url"}},
        "incomplete",
        3,
        1,
    ),
    "devices were asked for and watched": ({}, {"asked": {"observer": "--observer-url"}}, "conforming", 0, 0),
    "devices were asked for, and what needs them is not selected": (
        {OBSERVED_BY_DEVICES: "inconclusive"},
        {"asked": {"observer": "--observer-url"}, "selected": frozenset({"clear-user.all.every-kind"})},
        "conforming",
        0,
        0,
    ),
    "as many inconclusive as may be": (
        {OBSERVED_BY_DEVICES: "inconclusive"},
        {"max_inconclusive": 1},
        "conforming",
        0,
        1,
    ),
    "more inconclusive than may be": (
        {OBSERVED_BY_DEVICES: "inconclusive"},
        {"max_inconclusive": 0},
        "incomplete",
        3,
        1,
    ),
    "none inconclusive where none may be": ({}, {"max_inconclusive": 0}, "conforming", 0, 0),
    "a decisive failure beside too many inconclusive": (
        {OBSERVED_BY_DEVICES: "inconclusive", DECISIVE: "fail"},
        {"max_inconclusive": 0},
        "non-conforming",
        1,
        1,
    ),
    "no success answer": ({"clear-user.success.status": "inconclusive"}, {}, "incomplete", 3, 1),
    "no effect judged": ({"clear-user.all.every-kind": "inconclusive"}, {}, "incomplete", 3, 1),
    "an effect that failed is judged": (
        {"delete-chat-messages.effect.named-messages-go": "fail"},
        {},
        "non-conforming",
        1,
        1,
    ),
    "a failed success answer": ({"clear-user.success.status": "fail"}, {}, "non-conforming", 1, 1),
    "the suite failed in a check": ({}, {"errors": {"test_x": "KeyError: 'id'"}}, "incomplete", 4, 4),
    "a decisive failure beside a suite error": (
        {DECISIVE: "fail"},
        {"errors": {"test_x": "KeyError: 'id'"}},
        "non-conforming",
        1,
        1,
    ),
    "inconclusive beside a suite error": (
        {OBSERVED_BY_DEVICES: "inconclusive"},
        {"errors": {"test_x": "KeyError: 'id'"}},
        "incomplete",
        4,
        4,
    ),
    "a check that never reported": ({}, {"planned": 8}, "incomplete", 4, 4),
    "interrupted": ({}, {"ending": "interrupted"}, "incomplete", 4, 4),
    "interrupted after a decisive failure": (
        {DECISIVE: "fail"},
        {"ending": "interrupted"},
        "incomplete",
        4,
        4,
    ),
    "as many failures as were asked for": (
        {DECISIVE: "fail"},
        {"ending": "failures-reached", "planned": 80},
        "non-conforming",
        1,
        1,
    ),
    "the suite failed": ({}, {"ending": "suite-error"}, "incomplete", 4, 4),
    "no ending at all": ({}, {"ending": None}, "incomplete", 4, 4),
    "the target was lost": ({}, {"ending": "target-lost"}, "incomplete", 3, 3),
    "the target was lost after a decisive failure": (
        {DECISIVE: "fail"},
        {"ending": "target-lost"},
        "incomplete",
        3,
        3,
    ),
}


@pytest.mark.parametrize(("changes", "run", "verdict", "status", "strict"), CASES.values(), ids=CASES)
def test_the_run_is_judged(
    fold: Fold,
    conforming: Verdicts,
    changes: dict[str, Any],
    run: dict[str, Any],
    verdict: str,
    status: int,
    strict: int,
) -> None:
    aggregate = fold({**conforming, **changes}, **run)

    assert (aggregate.verdict, aggregate.exit_status()) == (verdict, status)
    assert aggregate.exit_status(strict=True) == strict
    assert (aggregate.report()["verdict"], aggregate.report()["exit_status"]) == (verdict, status)
    assert bool(aggregate.decision.because) == (verdict != "conforming")


STRICT = {name: (changes, run, strict) for name, (changes, run, _, _, strict) in CASES.items()}


@pytest.mark.parametrize(("changes", "run", "strict"), STRICT.values(), ids=STRICT)
def test_a_strict_run_reports_what_it_ends_with(
    fold: Fold, conforming: Verdicts, changes: dict[str, Any], run: dict[str, Any], strict: int
) -> None:
    report = fold({**conforming, **changes}, **run, strict=True).report()

    assert report["exit_status"] == strict
    assert report["verdict"] == {0: "conforming", 1: "non-conforming"}.get(strict, "incomplete")


def test_nothing_judged_is_not_conforming(fold: Fold) -> None:
    aggregate = fold({})

    assert aggregate.exit_status() == 3
    assert aggregate.decision.because == (
        "deleteChatMessages: no success response was received.",
        "deleteChatMessages: no effect could be judged.",
        "clearUser: no success response was received.",
        "clearUser: no effect could be judged.",
    )


def test_only_selected_operations_need_a_success_answer_and_an_effect(fold: Fold) -> None:
    selected = frozenset({"clear-user.success.status", "clear-user.all.every-kind"})

    aggregate = fold(dict.fromkeys(selected, "pass"), selected=selected)

    assert (aggregate.verdict, aggregate.exit_status()) == ("conforming", 0)


def test_a_selection_without_evidence_of_success_and_effect_is_incomplete(fold: Fold) -> None:
    aggregate = fold({DECISIVE: "pass"}, selected=frozenset({DECISIVE}))

    assert (aggregate.verdict, aggregate.exit_status()) == ("incomplete", 3)
    assert aggregate.decision.because == (
        "deleteChatMessages: no success response was received, because --req excludes it.",
        "deleteChatMessages: no effect could be judged, because --req excludes it.",
    )


def test_what_was_not_selected_is_evidence_but_decides_nothing(fold: Fold) -> None:
    selected = frozenset({DECISIVE})
    verdicts = {
        DECISIVE: "pass",
        "delete-chat-messages.success.status": "pass",
        "delete-chat-messages.effect.named-messages-go": "fail",
    }

    aggregate = fold(verdicts, selected=selected)

    assert (aggregate.verdict, aggregate.exit_status()) == ("conforming", 0)
    unselected = [item for item in aggregate.report()["requirements"] if item["id"] not in selected]
    assert {(item["verdict"], item["reason"]) for item in unselected} == {("not-run", "not selected")}


def test_a_selection_in_which_nothing_decides_is_not_conforming(fold: Fold) -> None:
    success = "delete-chat-messages.success.status"
    aggregate = fold(
        {INFERRED: "pass", success: "inconclusive"}, selected=frozenset({INFERRED}), strict=False
    )

    assert aggregate.exit_status() == 3


def test_a_judgement_on_an_unknown_requirement_is_the_suites_failure(
    fold: Fold, conforming: Verdicts
) -> None:
    aggregate = fold({**conforming, "odd": [Judgement("clear-user.success.statsu", "pass")]})

    assert aggregate.exit_status() == 4
    (error,) = aggregate.report()["checks"]["errors"]
    assert "'clear-user.success.statsu', which is not a requirement" in error["detail"]


def test_the_verdict_is_incomplete_until_the_run_has_ended(fold: Fold, conforming: Verdicts) -> None:
    aggregate = fold(conforming, ending=None)
    before = aggregate.verdict

    aggregate(RunFinished(1.0, 10, "complete"))

    assert [before, aggregate.verdict] == ["incomplete", "conforming"]


def test_the_order_of_events_of_several_workers_does_not_matter(fold: Fold, conforming: Verdicts) -> None:
    forwards = fold(conforming).report()
    backwards = fold(dict(reversed(list(conforming.items())))).report()

    assert forwards == backwards


def test_a_run_of_no_catalogue_entry_never_conforms() -> None:
    aggregate = Aggregate(Catalogue({}), "00" * 32)
    target = TargetInfo("emulator", "http://127.0.0.1:1", "a#b")
    aggregate(RunStarted(target, "quick", 1, "2026-01-01T00:00:00Z", 1))
    aggregate(CheckFinished("test_x", "pass", 0.1))
    aggregate(RunFinished(0.1, 1, "complete"))

    assert aggregate.exit_status() == 3


def test_lost_coverage_is_reported(fold: Fold, conforming: Verdicts) -> None:
    found = {**conforming, OBSERVED_BY_DEVICES: "inconclusive"}

    report = fold(found, asked={"observer": "ROAMSPEC_OBSERVER_URL"}, max_inconclusive=0).report()

    assert report["because"] == [
        "ROAMSPEC_OBSERVER_URL was given, but none of the 1 requirements that need it could be judged: "
        "the target shows no online devices: give --observer-url.",
        "1 requirement is inconclusive, and --max-inconclusive allows 0.",
    ]
