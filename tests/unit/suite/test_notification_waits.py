"""How long to wait for what must not come: as long as what must come was seen to take."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from tests.unit.conftest import Clock
from tests.unit.suite.conftest import judging, verdicts

from roamspec.api.devices import Device
from roamspec.contract.operations import Contract
from roamspec.session.session import LONGEST_NOTICE_LAG_S, Session
from roamspec.suite import CheckContext
from roamspec.suite.notification_waits import (
    LEAST_GRACE_S,
    MOST_GRACE_S,
    NOTIFIED_WHEN_TRUE,
    SETTLE_S,
    await_notification,
    check_notified,
    settle_time,
)
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response


@dataclass
class Announcer:
    """A device that is notified after `lag_s`; never told when that is longer than one waits."""

    clock: Clock
    lag_s: float
    told_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.told_at = self.clock.now + self.lag_s

    def wait_for(self, _conversation_id: str, timeout_s: float, *, count: int = 1) -> bool:
        assert count == 1
        self.clock.now = max(self.clock.now, min(self.told_at, self.clock.now + timeout_s))
        return self.told_at <= self.clock.now


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    session.clock = clock = Clock()
    session.sleep = clock.sleep
    return judging(session, contract.operation("clearUser"), "effect.owner-notified")


def told_after(case: CheckContext, lag_s: float) -> bool:
    device = Announcer(cast(Clock, case.session.clock), lag_s)
    return await_notification(case, cast(Device, device), "77")


def graces(case: CheckContext) -> list[float]:
    settle_time(case)
    return cast(Clock, case.session.clock).slept


def test_of_a_service_that_nobody_knows_a_fixed_time(case: CheckContext) -> None:
    assert graces(case) == [SETTLE_S]


@pytest.mark.parametrize(
    ("lag_s", "grace_s"), [(0.0, LEAST_GRACE_S), (0.002, LEAST_GRACE_S), (0.2, 0.6), (1.0, MOST_GRACE_S)]
)
def test_several_times_what_a_notice_took(case: CheckContext, lag_s: float, grace_s: float) -> None:
    assert told_after(case, lag_s)
    assert graces(case) == [pytest.approx(grace_s)]


def test_the_longest_lag_counts(case: CheckContext) -> None:
    assert told_after(case, 0.2)
    assert told_after(case, 0.0)
    assert graces(case) == [pytest.approx(0.6)]


def test_a_service_that_never_tells_stays_unknown_and_is_awaited_less_and_less(case: CheckContext) -> None:
    before = case.session.notice_patience.seconds
    assert not told_after(case, 60.0)
    assert case.session.notice_patience.seconds < before
    assert graces(case) == [SETTLE_S]


def test_the_notices_of_several_calls_are_waited_for_once(case: CheckContext) -> None:
    call_at = case.session.client.changed_at = case.session.clock()
    case.session.client.start_thread()
    assert not told_after(case, 60.0)
    assert case.session.clock() - call_at == pytest.approx(LONGEST_NOTICE_LAG_S)
    assert not told_after(case, 60.0)
    assert case.session.clock() - call_at == pytest.approx(LONGEST_NOTICE_LAG_S)


def test_an_operation_that_tells_is_waited_for_as_long_as_before(
    case: CheckContext, contract: Contract
) -> None:
    assert not told_after(case, 60.0)
    other = judging(case.session, contract.operation("clearChatBefore"))
    assert told_after(other, LONGEST_NOTICE_LAG_S - 1)


@dataclass
class Told:
    """A device of one user, told of a conversation or not."""

    events: Sequence[str]
    user: str = "owner"

    def about(self, conversation_id: str) -> Sequence[str]:
        return [each for each in self.events if each == conversation_id]

    def wait_for(self, conversation_id: str, _timeout_s: float, *, count: int = 1) -> bool:
        return len(self.about(conversation_id)) >= count


@dataclass
class Online:
    """As far as this needs a world."""

    online: list[tuple[int, Device]]
    devices: Sequence[Device] = ()


@pytest.mark.parametrize(
    ("other", "failing"),
    [
        (Told(["77"]), "notify.true-tells-every-device"),
        (Told([]), NOTIFIED_WHEN_TRUE),
        (Told(["78"]), NOTIFIED_WHEN_TRUE),
        (Told(["77"], user="another"), NOTIFIED_WHEN_TRUE),
    ],
)
def test_another_device_of_the_same_user_tells_what_fails(
    session: Session, contract: Contract, other: Told, failing: str
) -> None:
    names = (NOTIFIED_WHEN_TRUE, "notify.true-tells-every-device")
    case = judging(session, contract.operation("deleteChatMessages"), *names)
    mine = cast(Device, Told([]))
    case._worlds.append(cast(Any, Online([(0, mine), (0, cast(Device, other))])))
    answer = Response(200, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))

    assert not check_notified(case, NOTIFIED_WHEN_TRUE, answer, mine, "77")

    assert [name for name, verdict in verdicts(case).items() if verdict == "fail"] == [failing]
