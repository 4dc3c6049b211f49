"""Whose turn it is, and how a value is written in other characters."""

from typing import Any
from urllib.parse import unquote

import pytest

from roamspec.generative.metamorphic import UP_TO, Twin, encoded, in_turn, refuted_up_to
from roamspec.suite import JointCheckContext
from roamspec.suite.exploration_limits import ExplorationEffort
from roamspec.world.conversations import Conversation, Message


def test_each_seed_begins_with_another_operation() -> None:
    every: Any = {"one": 1, "two": 2, "three": 3}
    session: Any = None

    turns: list[Any] = [
        in_turn(JointCheckContext(session, ExplorationEffort(seed), every)) for seed in range(3)
    ]

    assert turns == [[1, 2, 3], [2, 3, 1], [3, 1, 2]]


def test_an_encoded_value_is_the_same_value_in_other_characters() -> None:
    query = [("userId", "ab-c"), ("msgIdList", "12,34")]

    written = encoded(query, 2)

    assert [(name, unquote(value)) for name, value in written] == query
    assert all("%" in value and "," not in value for _, value in written)


def twin(*times_ms: int) -> Twin:
    messages = tuple(Message(str(place), "a", time_ms) for place, time_ms in enumerate(times_ms))
    return Twin(Conversation("chat", ("a", "b")), messages)


@pytest.mark.parametrize(
    ("by_id", "kept", "lost", "refuted"),
    [
        (True, {0}, {}, ["effect.several-ids-gone"]),
        (True, {}, {2}, ["effect.only-named-messages-gone"]),
        (False, {1}, {}, ["time.at-del-time-gone"]),
        (False, {0, 1}, {}, ["time.at-del-time-gone"]),
        (False, {0}, {}, ["time.one-second-earlier-gone"]),
        (False, {}, {2, 3}, ["time.one-millisecond-later-stays"]),
        (False, {}, {3}, ["time.later-messages-stay"]),
        (False, {1}, {3}, ["time.at-del-time-gone", "time.later-messages-stay"]),
    ],
)
def test_what_is_wrong_up_to_a_message_is_reported_by_its_sentence(
    by_id: bool, kept: set[int], lost: set[int], refuted: list[str]
) -> None:
    given = twin(4000, 5000, 5001, 60_000)

    assert refuted_up_to(by_id, given, 1, kept, lost) == refuted
    assert set(refuted) <= set(UP_TO[by_id])
