"""No window of one second holds more than the limit, whatever the callers do."""

from itertools import cycle, islice, pairwise
from threading import Thread

import pytest
import yaml
from tests.unit.conftest import Clock

from roamspec.resources import folder
from roamspec.transport.rate_limiter import ARRANGING_BUCKETS, RateLimiter

ROUNDING_S = 1e-6


def send_times(pacer: RateLimiter, clock: Clock, bucket: str, count: int) -> list[float]:
    times = []
    gaps = cycle((0.0, 0.0, 0.001, 0.02, 0.0, 0.7, 0.0))
    for gap in islice(gaps, count):
        clock.now += gap
        pacer.wait(bucket)
        times.append(clock.now)
    return times


@pytest.mark.parametrize(
    ("rate", "bucket", "limit"),
    [
        (None, "deleteChatMessages", 80),
        (None, "send-groups", 16),
        (None, "rooms", 40),
        (5, "clearUser", 5),
        (1, "pull", 1),
        (7.5, "pull", 7.5),
        (1000, "send-groups", 16),
    ],
)
def test_no_second_holds_more_than_the_limit(rate: float | None, bucket: str, limit: float) -> None:
    clock = Clock()
    pacer = RateLimiter(rate, clock=clock, sleep=clock.sleep)
    assert pacer.limit(bucket) == limit

    times = send_times(pacer, clock, bucket, 400)

    most = int(limit)
    assert all(late - early >= 1 - ROUNDING_S for early, late in zip(times, times[most:], strict=False))


def test_what_fits_is_not_held_up() -> None:
    clock = Clock()
    pacer = RateLimiter(None, clock=clock, sleep=clock.sleep)
    for _ in range(80):
        pacer.wait("clearUser")
    assert clock.slept == []
    pacer.wait("clearUser")
    assert clock.slept == [pytest.approx(1.0)]


@pytest.mark.parametrize("rate", [0.5, 0.1])
def test_less_than_one_call_a_second(rate: float) -> None:
    clock = Clock()
    pacer = RateLimiter(rate, clock=clock, sleep=clock.sleep)

    times = send_times(pacer, clock, "clearUser", 6)

    assert all(late - early >= 1 / rate - ROUNDING_S for early, late in pairwise(times))


def test_each_limit_is_counted_by_itself() -> None:
    clock = Clock()
    pacer = RateLimiter(1, clock=clock, sleep=clock.sleep)
    for bucket in ("clearUser", "clearChatBefore", "pull", "lists"):
        pacer.wait(bucket)
    assert clock.slept == []


def test_no_limit_at_all() -> None:
    clock = Clock()
    pacer = RateLimiter(0, clock=clock, sleep=clock.sleep)
    for _ in range(1000):
        pacer.wait("clearUser")
    assert clock.slept == []


@pytest.mark.parametrize(
    ("bucket", "documented"),
    [("token", 300), ("send-groups", 20), ("rooms", 50), ("pull", 100), ("clearUser", 100), ("unknown", 100)],
)
def test_a_fifth_of_the_documented_limit_is_left_to_others(bucket: str, documented: float) -> None:
    assert RateLimiter(None).limit(bucket) == documented * 0.8


def test_each_bucket_is_limited_like_an_operation_of_the_contracts() -> None:
    known = {
        described["operationId"]
        for name in ("deletion", "surrounding")
        for item in yaml.safe_load((folder("contracts") / f"{name}.openapi.yaml").read_text())[
            "paths"
        ].values()
        for described in item.values()
        if isinstance(described, dict)
    }
    assert set(ARRANGING_BUCKETS.values()) <= known


def test_threads_share_the_limit() -> None:
    clock = Clock()
    pacer = RateLimiter(10, clock=clock, sleep=clock.sleep)

    def calls() -> None:
        for _ in range(25):
            pacer.wait("pull")

    threads = [Thread(target=calls) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # A hundred sends of ten a second: nine whole seconds have to pass before the last one.
    assert sum(clock.slept) == pytest.approx(9.0)
