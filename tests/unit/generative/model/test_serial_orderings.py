"""Overlapping calls: explained by some order, or by none."""

import pytest

from roamspec.generative.model import (
    DeletionCall,
    ModelConversation,
    ModelMessage,
    ModelService,
    add_message,
    open_conversation,
    register,
)
from roamspec.generative.model.serial_orderings import Arrival, Event, explanation

CHAT = ModelConversation("chat", ("ann", "ben"))
APP = "parlor"


def service() -> ModelService:
    made = open_conversation(register(ModelService({}), APP, CHAT.members), APP, CHAT)
    for number in (1, 2):
        made = add_message(
            made, APP, CHAT, ModelMessage(str(number), "ben", number * 10), seen_by=CHAT.members
        )
    return made


def explained(events: list[Event], seen: str) -> bool:
    return explanation(service(), events, frozenset(seen), app=APP, user="ann", place=CHAT) is not None


ARRIVAL = Arrival(APP, CHAT, ModelMessage("3", "ben", 30), CHAT.members)
CLEARING = DeletionCall(APP, "ann")


def test_what_overlaps_may_have_come_first_or_last() -> None:
    events = [Event(CLEARING, 0.0, 1.0), Event(ARRIVAL, 0.5, 1.5)]

    assert explained(events, "3")
    assert explained(events, "")
    assert not explained(events, "1")


def test_what_was_answered_before_another_was_sent_comes_first() -> None:
    assert not explained([Event(CLEARING, 0.0, 1.0), Event(ARRIVAL, 2.0, 3.0)], "")
    assert not explained([Event(ARRIVAL, 0.0, 1.0), Event(CLEARING, 2.0, 3.0)], "3")


def test_every_acknowledged_call_counts() -> None:
    events = [Event(DeletionCall(APP, "ann", CHAT, ids=frozenset(i)), 0.0, 1.0) for i in "12"]

    assert explained(events, "")
    assert not explained(events, "2")


def test_too_many_orders_are_not_searched() -> None:
    with pytest.raises(ValueError, match="at most 6"):
        explained([Event(CLEARING, 0.0, 1.0)] * 7, "")
