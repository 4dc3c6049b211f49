"""What notices name: all that went and nothing else, in as many notices as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.client.exchange import Exchange
from roamspec.client.messages import Answer
from roamspec.contract.operations import Contract
from roamspec.suite import Case
from roamspec.suite.notices import WHAT_WENT, all_told, judge_ids_told, judge_time_told
from roamspec.target.session import Session
from roamspec.world.conversations import Message
from roamspec.world.devices import Device, Sync

NAMED = [Message(str(number), "peer", number) for number in range(3)]
ANSWER = Answer(200, {}, b"{}", 0.0, Exchange("DELETE", "http://h/", status=200))


def notice(*ids: str | None, del_time: int | None = None) -> Sync:
    named = frozenset(each for each in ids if each) if ids else None
    return Sync("delete_messages", "owner", "group", "77", named, del_time, 0.0)


@dataclass
class Teller:
    """A device that is told one more thing whenever somebody waits, until there is no more."""

    events: list[Sync]
    heard: int = 1
    waits: list[int] = field(default_factory=list)

    def about(self, _conversation_id: str) -> list[Sync]:
        return self.events[: self.heard]

    def wait_for(self, _conversation_id: str, _timeout_s: float, *, count: int) -> bool:
        self.waits.append(count)
        self.heard = min(count, len(self.events))
        return self.heard == count


@pytest.fixture
def case(session: Session, contract: Contract) -> Case:
    return judging(session, contract.operation("deleteGroupMessages"), WHAT_WENT)


def told(case: Case, teller: Teller, before: int = 0) -> Sequence[Sync]:
    return all_told(case, cast(Device, teller), "77", NAMED, before)


def test_each_message_by_itself(case: Case) -> None:
    teller = Teller([notice("0"), notice("1"), notice("2"), notice("9")])
    assert told(case, teller) == teller.events[:3]


def test_what_came_before_the_call_does_not_count(case: Case) -> None:
    teller = Teller([notice("0", "1", "2"), notice("0", "1", "2")], heard=2)
    assert told(case, teller, before=1) == teller.events[1:]
    assert teller.waits == []


@pytest.mark.parametrize("events", [[notice("0")], [notice("0"), notice("1")]])
def test_what_does_not_come_is_waited_for_once(case: Case, events: list[Sync]) -> None:
    teller = Teller(events)
    assert told(case, teller) == events
    assert teller.waits[-1] == len(events) + 1


def test_one_who_repeats_the_same_is_not_heard_for_ever(case: Case) -> None:
    assert len(told(case, Teller([notice("0")] * 99))) == len(NAMED) + 1


def test_a_notice_that_names_no_messages_is_not_waited_for(case: Case) -> None:
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
def test_the_ids_of_the_call(case: Case, events: list[Sync], verdict: str) -> None:
    judge_ids_told(case, ANSWER, events, NAMED)
    assert verdicts(case) == {WHAT_WENT: verdict}


@pytest.mark.parametrize(
    ("times", "verdict"), [([5], "pass"), ([5, 6], "fail"), ([6], "fail"), ([None], "inconclusive")]
)
def test_the_time_of_the_call(case: Case, times: list[int | None], verdict: str) -> None:
    judge_time_told(case, ANSWER, [notice(del_time=time) for time in times], 5)
    assert verdicts(case) == {WHAT_WENT: verdict}
