"""What stood in conversation lists before anything was deleted, where the model does not say what must.

Whether an imported message puts a conversation into a list is the service's choice. A conversation that was
seen there stays as long as the user deletes nothing of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from roamspec.generative.call_sequence import NEIGHBOUR, PLACES
from roamspec.generative.planned_state import PlannedState
from roamspec.world.conversations import Conversation
from roamspec.world.world import World

_TRIES = 2
"""In so many sequences it is tried whether this target lists what the model says nothing of."""


@dataclass
class _Known:
    """Of how many sequences the lists were read, and whether one had what the model says nothing of."""

    sequences: int = 0
    listed: bool = False


class StoodBefore:
    """The places that were seen in users' lists, in one sequence."""

    def __init__(
        self, world: World, names: Mapping[str, str], conversation: Callable[[str], Conversation]
    ) -> None:
        self._world = world
        self._names = names
        self._conversation = conversation
        self._known = world.session.shared.get(_Known)
        self._was_read = False
        self._stood: set[tuple[str, str]] = set()

    def read(self, planned: PlannedState, users: Sequence[str]) -> None:
        """Read the lists of the users, once in a sequence; none where this target lists no such thing."""
        if self._was_read:
            return
        self._was_read = True
        open_ones = {user: _left_open(planned, user) for user in users}
        if not any(open_ones.values()) or not (self._known.listed or self._known.sequences < _TRIES):
            return
        self._known.sequences += 1
        for user, places in open_ones.items():
            if not places:
                continue
            conversations = {place: self._conversation(place) for place in places}
            found = self._world.lists_now(self._names[user], conversations.values())
            self._stood |= {(user, place) for place, each in conversations.items() if found[each]}
        self._known.listed = self._known.listed or bool(self._stood)

    def forget_deleted(self, planned: PlannedState) -> None:
        """What a user has deleted may have been all that the service lists of a place."""
        views = {(user, place): planned.view(user, place) for user, place in self._stood}
        self._stood = {where for where, view in views.items() if view.ids == view.ever}

    def of(self, user: str) -> dict[str, bool]:
        """The places that must be in a user's list."""
        return {place: True for name, place in sorted(self._stood) if name == user}


def places_of(planned: PlannedState, user: str) -> list[str]:
    """Where something was said that the user's list may show."""
    return [place for place in planned.touched if place != NEIGHBOUR and user in PLACES[place].members]


def _left_open(planned: PlannedState, user: str) -> list[str]:
    views = {place: planned.view(user, place) for place in places_of(planned, user)}
    return [place for place, view in views.items() if view.ids and view.listed is None]
