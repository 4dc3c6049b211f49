"""Percentiles of many durations, kept as few counts, and the same however many processes counted them."""

import json
from random import Random

import pytest

from roamspec.load.latencies import Latencies, rounded


def counted(*durations_ms: float) -> Latencies:
    found = Latencies()
    for ms in durations_ms:
        found.add(ms)
    return found


def test_a_percentile_is_the_duration_that_so_many_did_not_exceed() -> None:
    found = counted(*range(1, 100), 400)

    assert [found.percentile(percent) for percent in (1, 50, 90, 99, 100)] == [1, 50, 90, 99, 400]
    assert found.longest_ms == 400
    assert found.calls == 100


def test_without_answers_there_is_no_duration() -> None:
    assert (Latencies().percentile(99), Latencies().calls) == (0.0, 0)


@pytest.mark.parametrize(
    ("ms", "kept"),
    [(0, 0), (-0.2, 0), (0.04, 0), (0.26, 0.3), (1.44, 1.4), (9.96, 10), (123, 120), (5678, 5700)],
)
def test_a_duration_is_kept_to_two_digits(ms: float, kept: float) -> None:
    assert rounded(ms) == kept


def test_rounding_changes_a_percentile_by_five_percent_at_most() -> None:
    dice = Random(5)  # noqa: S311
    durations = [dice.lognormvariate(3, 1.2) for _ in range(2000)]
    found = counted(*durations)

    for percent in (50, 90, 95, 99):
        exact = sorted(durations)[round(len(durations) * percent / 100) - 1]
        assert found.percentile(percent) == pytest.approx(exact, rel=0.05)
    assert len(found.counts) < 400


def test_what_several_processes_counted_adds_up() -> None:
    whole, half = counted(1, 2, 2, 300), counted(1, 2)
    half.merge(Latencies.from_dict(json.loads(json.dumps(counted(2, 300).as_dict()))))

    assert half == whole
