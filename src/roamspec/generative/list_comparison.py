"""Conversation lists against the model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from roamspec.generative.difference import Difference, Found
from roamspec.suite.list_assertions import await_other_message
from roamspec.world.conversations import Conversation
from roamspec.world.world import World


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user's list must show: of each place whether it stands there, and the IDs of messages that are
    deleted and that it must not show, by label."""

    there: Mapping[str, bool]
    deleted: Mapping[str, Mapping[str, str]]

    @property
    def says_anything(self) -> bool:
        """Whether the list must have or lack anything."""
        return bool(self.there) or any(self.deleted.values())


def compare_lists(
    world: World,
    names: Mapping[str, str],
    wanted: Mapping[str, Wanted],
    conversation: Callable[[str], Conversation],
    step: int,
) -> None:
    """Compare the lists of all users. Raises Found for the first place for which one stays wrong.

    Lists that are known to lag are given that time once for all; what is wrong then is awaited.
    """
    if not any(each.says_anything for each in wanted.values()):
        return
    world.session.wait_for_lag(world.session.capabilities.list_lag_s)
    for user, each in wanted.items():
        expected = {conversation(place): present for place, present in each.there.items()}
        if not each.says_anything:
            continue
        if world.lists_now(names[user], expected) != expected:
            seen = world.lists_when(names[user], expected)
            for place, present in each.there.items():
                if seen[conversation(place)] != present:
                    raise Found(_difference(user, place, step, present=present))
        for place, deleted in each.deleted.items():
            if each.there.get(place) is not False:
                _compare_shown(world, names[user], conversation(place), deleted, (user, place), step)


def _compare_shown(
    world: World,
    name: str,
    conversation: Conversation,
    deleted: Mapping[str, str],
    where: tuple[str, str],
    step: int,
) -> None:
    """The message that a list shows of a conversation is not one of the `deleted`, by ID."""
    shown = world.shown_in_list(name, conversation)
    if shown not in deleted:
        return
    shown = await_other_message(world, name, conversation, deleted)
    if shown in deleted:
        user, place = where
        wanted = f"the list of {user} shows a message of {place} that is not deleted"
        actual = f"it shows {deleted[shown]}"
        raise Found(Difference("shown", step, user, place, (deleted[shown],), wanted, actual))


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
