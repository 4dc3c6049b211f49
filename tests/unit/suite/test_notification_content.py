"""What notifications name: all that went and nothing else, in as many notifications as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.api.devices import DeletionNotification, Device
from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.notification_content import (
    NOTIFIED_CONTENT,
    all_notified,
    check_notified_ids,
    check_notified_time,
)
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Message

NAMED = [Message(str(number), "peer", number) for number in range(3)]
ANSWER = Response(200, {}, b"{}", 0.0, Exchange("DELETE", "http://h/", status=200))


def notice(*ids: str | None, del_time: int | None = None) -> DeletionNotification:
    named = frozenset(each for each in ids if each) if ids else None
    return DeletionNotification("delete_messages", "owner", "group", "77", named, del_time, 0.0)


@dataclass
class Teller:
    """A device that is notified one more thing whenever somebody waits, until there is not a more."""

    events: list[DeletionNotification]
    heard: int = 1
    waits: list[int] = field(default_factory=list)

    def about(self, _conversation_id: str) -> list[DeletionNotification]:
        return self.events[: self.heard]

    def wait_for(self, _conversation_id: str, _timeout_s: float, *, count: int) -> bool:
        self.waits.append(count)
        self.heard = min(count, len(self.events))
        return self.heard == count


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    return judging(session, contract.operation("deleteGroupMessages"), NOTIFIED_CONTENT)


def told(case: CheckContext, teller: Teller, before: int = 0) -> Sequence[DeletionNotification]:
    return all_notified(case, cast(Device, teller), "77", NAMED, before)


def test_each_message_by_itself(case: CheckContext) -> None:
    teller = Teller([notice("0"), notice("1"), notice("2"), notice("9")])
    assert told(case, teller) == teller.events[:3]


def test_what_came_before_the_call_does_not_count(case: CheckContext) -> None:
    teller = Teller([notice("0", "1", "2"), notice("0", "1", "2")], heard=2)
    assert told(case, teller, before=1) == teller.events[1:]
    assert teller.waits == []


@pytest.mark.parametrize("events", [[notice("0")], [notice("0"), notice("1")]])
def test_what_does_not_come_is_waited_for_once(
    case: CheckContext, events: list[DeletionNotification]
) -> None:
    teller = Teller(events)
    assert told(case, teller) == events
    assert teller.waits[-1] == len(events) + 1


def test_one_who_repeats_the_same_is_not_heard_for_ever(case: CheckContext) -> None:
    assert len(told(case, Teller([notice("0")] * 99))) == len(NAMED) + 1


def test_a_notice_that_names_no_messages_is_not_waited_for(case: CheckContext) -> None:
    teller = Teller([notice()])
    assert told(case, teller) == teller.events
    assert teller.waits == []


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ([notice("0", "1", "2")], "pass"),
        ([notice("2"), notice("0", "1")], "pass"),
        ([notice("0", "1")], "fail"),
        ([notice("0", "1", "2", "3")], "fail"),
        ([notice(None)], "fail"),
        ([notice()], "inconclusive"),
        ([], "inconclusive"),
    ],
)
def test_the_ids_of_the_call(case: CheckContext, events: list[DeletionNotification], verdict: str) -> None:
    check_notified_ids(case, ANSWER, events, NAMED)
    assert verdicts(case) == {NOTIFIED_CONTENT: verdict}


@pytest.mark.parametrize(
    ("times", "verdict"), [([5], "pass"), ([5, 6], "fail"), ([6], "fail"), ([None], "inconclusive")]
)
def test_the_time_of_the_call(case: CheckContext, times: list[int | None], verdict: str) -> None:
    check_notified_time(case, ANSWER, [notice(del_time=time) for time in times], 5)
    assert verdicts(case) == {NOTIFIED_CONTENT: verdict}
