"""How long the calls of a rehearsal take at a rate: the same order, the same pauses, and no waiting here."""

import pytest

from roamspec.runner.dry_run import PlannedCall, paced


def calls(*times: float, bucket: str = "users") -> list[PlannedCall]:
    return [PlannedCall(bucket, 100.0 + time) for time in times]


def test_without_a_limit_they_take_what_they_took() -> None:
    assert paced(calls(0.5, 1.0, 3.5), 100.0, 0) == pytest.approx(3.5)


def test_a_rate_spreads_them() -> None:
    assert paced(calls(*[0.0] * 21), 100.0, 5) == pytest.approx(4.0)


def test_pauses_of_the_run_count_against_the_waiting() -> None:
    one_a_second = [float(second) for second in range(10)]
    assert paced(calls(*one_a_second), 100.0, 5) == pytest.approx(9.0)


def test_each_limit_is_for_itself() -> None:
    both = [call for bucket in ("users", "pull") * 10 for call in calls(0.0, bucket=bucket)]
    assert paced(both, 100.0, 5) == pytest.approx(1.0)


def test_the_documented_limits_hold_without_a_rate() -> None:
    assert paced(calls(*[0.0] * 33, bucket="send-groups"), 100.0, None) == pytest.approx(2.0)
