"""Conversation lists against the model."""

from collections.abc import Callable, Mapping

from roamspec.generative.difference import Difference, Found
from roamspec.world.conversations import Conversation
from roamspec.world.world import World, listed_as

Wanted = Mapping[str, Mapping[str, bool]]
"""For each user, whether places stand in the user's list."""


def compare_lists(
    world: World,
    names: Mapping[str, str],
    wanted: Wanted,
    conversation: Callable[[str], Conversation],
    step: int,
) -> None:
    """Compare the lists of all users. Raises Found for the first place for which one stays wrong.

    Lists that are known to lag are given that time once for all; what is wrong then is awaited.
    """
    if not any(wanted.values()):
        return
    world.session.wait_for_lag(world.session.capabilities.list_lag_s)
    for user, places in wanted.items():
        expected = {conversation(place): present for place, present in places.items()}
        if expected and _read(world, names[user], expected) != expected:
            seen = world.lists_when(names[user], expected)
            for place, present in places.items():
                if seen[conversation(place)] != present:
                    raise Found(_difference(user, place, step, present=present))


def _read(world: World, name: str, expected: Mapping[Conversation, bool]) -> dict[Conversation, bool]:
    there = world.listed(name)
    return {conversation: listed_as(conversation, name) in there for conversation in expected}


def _difference(user: str, place: str, step: int, *, present: bool) -> Difference:
    return Difference(
        "unlisted" if present else "listed",
        step,
        user,
        place,
        (),
        f"{place} {'' if present else 'not '}in the conversation list of {user}",
        f"it is {'not there' if present else 'there'}",
    )
