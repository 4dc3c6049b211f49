"""Conversation lists against the model."""

from collections.abc import Callable, Mapping

from roamspec.generative.difference import Difference, Found
from roamspec.world.conversations import Conversation
from roamspec.world.world import World, listed_as


def compare_list(
    world: World,
    name: str,
    user: str,
    wanted: Mapping[str, bool],
    conversation: Callable[[str], Conversation],
    step: int,
) -> None:
    """Compare the list of `user` (really called `name`) with whether each place should stand in it.

    A list that is behind is awaited. Raises Found for the first place for which it stays wrong.
    """
    if not wanted:
        return
    if not world.session.capabilities.list_lag_s:
        there = world.listed(name)
        wanted = {p: w for p, w in wanted.items() if (listed_as(conversation(p), name) in there) != w}
    for place, present in wanted.items():
        if world.list_when(name, conversation(place), present=present) != present:
            word = "" if present else "not "
            raise Found(
                Difference(
                    "unlisted" if present else "listed",
                    step,
                    user,
                    place,
                    (),
                    f"{place} {word}in the conversation list of {user}",
                    f"it is {'not there' if present else 'there'}",
                )
            )
