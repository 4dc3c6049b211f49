"""No second of a load holds more calls than its rate, nor than the documented limit of an operation."""

import itertools
from dataclasses import dataclass

import pytest

from roamspec.load.pacing import LoadPacer, LoadStopped


@dataclass
class Clock:
    now: float = 50.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def sent(pacer: LoadPacer, clock: Clock, bucket: str, count: int, *, takes_s: float = 0.0) -> list[float]:
    times = []
    for _ in range(count):
        pacer.wait(bucket)
        times.append(clock.now)
        clock.now += takes_s
    return times


def most_in_a_second(times: list[float]) -> int:
    return max(sum(start <= time < start + 1 - 1e-9 for time in times) for start in times)


def pacer_of(rate: float, clock: Clock, *, within_limits: bool = False, share: float = 1.0) -> LoadPacer:
    return LoadPacer(rate, share=share, within_limits=within_limits, clock=clock, sleep=clock.sleep)


@pytest.mark.parametrize("rate", [0.5, 1, 7, 33.3, 100])
def test_no_second_holds_more_than_the_rate(rate: float) -> None:
    clock = Clock()
    times = sent(pacer_of(rate, clock), clock, "pull", 150)

    assert most_in_a_second(times) <= max(1, int(rate))
    # Evenly, and not all at the beginning of each second.
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) > 0
    assert (times[-1] - times[0]) == pytest.approx(149 / rate, rel=0.05)


def test_calls_that_came_late_are_made_up_for_without_exceeding_the_rate() -> None:
    clock = Clock()
    pacer = pacer_of(10, clock)
    times = sent(pacer, clock, "pull", 20)
    clock.now += 30
    times += sent(pacer, clock, "pull", 40)

    assert most_in_a_second(times) <= 10


def test_each_operation_keeps_to_its_part_of_the_documented_limit() -> None:
    clock = Clock()
    times = sent(pacer_of(500, clock, within_limits=True, share=0.5), clock, "send-groups", 40)

    assert 8 <= most_in_a_second(times) <= 10  # half of 80%, and of all, of 20
    assert most_in_a_second(sent(pacer_of(500, clock), clock, "send-groups", 40)) > 20


def test_a_thread_knows_what_it_has_sent_and_when() -> None:
    clock = Clock()
    pacer = pacer_of(10, clock)
    assert (pacer.bucket, pacer.sent_at) == ("", 0.0)

    pacer.wait("pull")
    pacer.wait("clearUser")

    assert (pacer.bucket, pacer.sent_at) == ("clearUser", clock.now)


def test_no_call_leaves_after_the_end() -> None:
    clock = Clock()
    pacer = pacer_of(10, clock)
    pacer.stopping = True

    with pytest.raises(LoadStopped):
        pacer.wait("pull")
    assert pacer.bucket == ""
