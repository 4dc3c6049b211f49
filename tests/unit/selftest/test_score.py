"""What counts as caught, as exact, as survived and as attributed wrongly."""

from collections.abc import Callable

import pytest
from tests.unit.selftest.conftest import CLEARED, GONE, LEFT, OPERATION_OF, SEEN, TOLD, fault_run

from roamspec.selftest.score import Score, fault_results
from roamspec.selftest.subjects import BrokenEmulator, Sharing, together

ScoreOf = Callable[..., Score]


def test_exactly_what_is_declared_is_red(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.gone": 0.4}))
    assert score.detected == score.exact == list(score.findings)
    assert score.exit_status() == 0
    assert score.findings[0].after_s == 0.4


def test_a_fault_that_nothing_notices_survives(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={}, status=0))
    assert [each.fault for each in score.undetected] == [GONE]
    assert score.percent_caught == 0.0
    assert score.exit_status() == 1


def test_more_failures_than_declared_are_detected_but_not_exact(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.gone": 0.1, "one.effect.kept": 0.2}))
    assert score.inexact[0].surplus == ("one.effect.kept",)
    assert not score.exact
    assert score.exit_status() == 0


def test_a_failure_elsewhere_is_attributed_wrongly(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.gone": 0.1, "two.effect.gone": 0.2}))
    assert score.misattributed[0].elsewhere == ("two.effect.gone",)
    assert score.exit_status() == 1


def test_a_failure_of_the_right_operation_alone_is_attributed_wrongly(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.kept": 0.1}))
    assert [each.fault for each in score.misattributed] == [GONE]
    assert [each.fault for each in score.undetected] == [GONE]


def test_a_decisive_requirement_needs_the_status(score_of: ScoreOf) -> None:
    assert not score_of(fault_run(GONE, red={"one.effect.gone": 0.1}, status=3)).detected
    assert score_of(fault_run(SEEN, red={"two.effect.seen": 0.1}, status=0)).detected


def test_a_run_without_a_verdict_catches_nothing(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.gone": 0.1}, trouble="the run ended early"))
    assert not score.detected
    assert not score.exact


def test_a_conforming_setting_that_fails_is_reported(score_of: ScoreOf) -> None:
    score = score_of(fault_run(red={}, status=0), fault_run(red={"one.effect.gone": 0.1}))
    assert len(score.conforming) == 2
    assert len(score.failed_conforming) == 1
    assert score.exit_status() == 1


def test_requirements_that_nothing_turned_red(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.gone": 0.1}))
    assert set(score.never_red) == set(OPERATION_OF) - {"one.effect.gone"}


def test_what_follows_may_be_red_or_not(score_of: ScoreOf) -> None:
    bare, along = score_of(
        fault_run(GONE, red={"one.effect.gone": 0.1}),
        fault_run(GONE, red={"one.effect.gone": 0.1, "one.list.left": 0.2}),
    ).findings
    assert (bare.exact, along.exact) == (True, True)
    assert (bare.along, along.along) == ((), ("one.list.left",))


def test_what_follows_alone_is_attributed_wrongly(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.list.left": 0.1}))
    assert not score.exact
    assert [each.fault for each in score.undetected] == [GONE]
    assert [each.fault for each in score.misattributed] == [GONE]


def test_the_exact_ones_that_show_nothing_else_are_counted_apart(score_of: ScoreOf) -> None:
    score = score_of(
        fault_run(GONE, red={"one.effect.gone": 0.1, "one.list.left": 0.2}),
        fault_run(TOLD, red={"one.notify.told": 0.1}),
    )
    assert len(score.exact) == 2
    assert [each.fault for each in score.alone] == [TOLD]


def test_families_have_a_score_of_their_own(score_of: ScoreOf) -> None:
    score = score_of(fault_run(GONE, red={"one.effect.gone": 0.1}), fault_run(TOLD, red={}, status=0))
    families = score.by_family()
    assert {name: len(own.detected) for name, own in families.items()} == {"effect": 1, "notify": 0}


@pytest.mark.parametrize(
    ("sharing", "rows"),
    [
        ("none", [(GONE,), (TOLD,), (LEFT,), (CLEARED,)]),
        ("operations", [(GONE, CLEARED), (TOLD,), (LEFT,)]),
    ],
)
def test_which_faults_share_a_run(sharing: Sharing, rows: list[tuple[BrokenEmulator, ...]]) -> None:
    subjects = together([GONE, TOLD, LEFT, CLEARED], sharing)
    assert [subject.faults for subject in subjects] == rows


def test_what_is_red_is_shared_out_by_operation() -> None:
    first, second = fault_results(
        fault_run(GONE, CLEARED, red={"one.effect.gone": 0.1, "two.effect.gone": 0.2}), OPERATION_OF
    )
    assert (first.red, second.red) == (("one.effect.gone",), ("two.effect.gone",))
