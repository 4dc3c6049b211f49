"""Whose turn it is, and how a value is written in other characters."""

from typing import Any
from urllib.parse import unquote

from roamspec.generative.relations import encoded, in_turn
from roamspec.suite import Cases
from roamspec.suite.effort import Effort


def test_each_seed_begins_with_another_operation() -> None:
    every: Any = {"one": 1, "two": 2, "three": 3}
    session: Any = None

    turns: list[Any] = [in_turn(Cases(session, Effort(seed), every)) for seed in range(3)]

    assert turns == [[1, 2, 3], [2, 3, 1], [3, 1, 2]]


def test_an_encoded_value_is_the_same_value_in_other_characters() -> None:
    query = [("userId", "ab-c"), ("msgIdList", "12,34")]

    written = encoded(query, 2)

    assert [(name, unquote(value)) for name, value in written] == query
    assert all("%" in value and "," not in value for _, value in written)
