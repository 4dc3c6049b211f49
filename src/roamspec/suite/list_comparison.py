"""What stood in conversation lists, compared with what is left of the conversations."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Expected, Window, expected
from roamspec.suite.list_assertions import await_other_message
from roamspec.suite.list_order import ORDER, compare_order
from roamspec.suite.listed_alike import is_listed_alike
from roamspec.world.conversations import Conversation
from roamspec.world.facts import Call, Facts, ListLook, Place
from roamspec.world.world import World, listed_as

NAMED: Final = "list.stays-while-a-message-is-left"
SPARED: Final = "list.other-conversations-stay"
OTHERS: Final = "one-way.others-keep-the-conversation"
LEAVES: Final = "list.leaves-with-the-last-message"
ALL_LEAVE: Final = "list.all-conversations-leave"
SHOWS_DELETED: Final = "list.shows-no-deleted-message"
COMPARED: Final = (NAMED, SPARED, OTHERS, LEAVES, ALL_LEAVE, SHOWS_DELETED, ORDER)


_MUST: Final = {
    LEAVES: ("no longer in", "it is in the list, although no message is left"),
    ALL_LEAVE: ("no longer in", "it is in the list, although no message is left"),
    SHOWS_DELETED: ("with a message that is left in", "the list shows a deleted message of it"),
}


@dataclass(frozen=True, slots=True)
class _Compared:
    """One conversation as one user's list showed it in the readings of a check, oldest first."""

    case: CheckContext
    facts: Facts
    window: Window
    world: World
    user: str
    place: Place
    looks: Sequence[ListLook]

    @property
    def conversation(self) -> Conversation:
        return self.facts.conversations[self.place]

    def compare(self) -> None:
        """TargetError where a list cannot be read again."""
        entry = listed_as(self.conversation, self.user)
        shown = self.looks[-1].newest_of(entry)
        known = expected(self.facts, self.place, self.user)
        if shown is None:
            if _any_there(known):
                self._check_missing()
            return
        by = self._emptied_by(known)
        one = known.get(shown)
        if by is not None and by in self.window.calls:
            there = self.world.list_when(self.user, self.conversation, present=False)
            self._judge(LEAVES if by.place else ALL_LEAVE, by, holds=not there)
        elif one is not None and one.by is not None and one.by in self.window.calls and one.seen_deleted:
            deleted = {each.identifier for each in known.values() if each.state == "gone"}
            shown = await_other_message(
                self.world, self.user, self.conversation, deleted, operation=self.case.operation.name
            )
            self._judge(SHOWS_DELETED, one.by, holds=shown not in deleted)

    def _emptied_by(self, known: Mapping[str, Expected]) -> Call | None:
        """The last call that deleted something, where the user was seen to have nothing at all after it, and
        nothing was said between that and the reading of the list."""
        calls = [one.by for one in known.values() if one.by is not None]
        looks = self.facts.looks.get((self.place, self.user))
        if self.conversation.kind == "room" or not calls or not looks or _any_there(known):
            return None
        by, look = max(calls, key=lambda call: call.number), looks[-1]
        said = self.facts.said.get(self.place, [])
        later = bool(said) and said[-1].number > min(by.number, look.number)
        in_order = by.number < look.number and by.number < self.looks[-1].number
        return by if in_order and not later and not look.view.messages else None

    def _check_missing(self) -> None:
        """A conversation with messages that the last reading lacks, if an earlier one had it, or if one like
        it is listed."""
        seen_at = self._last_seen_at()
        since = self._stood_at() if seen_at is None else seen_at
        if since is None:
            return
        call = self.window.responsible_call(self.facts, since, self.looks[-1].number, self.place, self.user)
        if call is None or call.owner not in self.conversation.members:
            return
        if seen_at is None:
            if call.owner == self.user and call.concerns(self.place):
                return  # what is left may be what the service does not list
            if not is_listed_alike(self.case, self.facts, self.world, self.user, self.place, call.owner):
                return
        there = self.world.list_when(self.user, self.conversation, present=True)
        name = OTHERS if call.owner != self.user else NAMED if call.place == self.place else SPARED
        self._judge(name, call, holds=there)

    def _last_seen_at(self) -> int | None:
        """The number of the last earlier reading that had the conversation."""
        entry = listed_as(self.conversation, self.user)
        return next((look.number for look in reversed(self.looks[:-1]) if entry in look.entries), None)

    def _stood_at(self) -> int | None:
        """Since when it should be listed, if it ever is: nobody had called there before the check began, or
        something was said there since."""
        said, began = self.facts.said.get(self.place), self.window.began
        if not said:
            return None
        latest, first_call = said[-1].number, self.facts.first_call(self.place) or 0
        return max(latest, began + 1) if max(latest, first_call) > began else None

    def _judge(self, name: str, call: Call, *, holds: bool) -> None:
        must, actual = _MUST.get(name, ("still in", "it is not in the list, although messages are left"))
        conversation, user = self.conversation, self.user
        if self.case.verdicts.knows(name):
            self.case.verdicts.check(
                name,
                holds,
                call.answer,
                self.world.last_listing,
                expected=f"the {conversation.kind} {conversation.id_for(user)} {must} the conversation list "
                f"of {user}",
                actual=f"answered {call.answer.summary(80)}; {actual}",
            )


def compare_lists(case: CheckContext, facts: Facts, window: Window) -> None:
    """Whatever was listed, or is listed where nobody calls, is listed still while it has messages; what has
    none is not, and nobody's list shows a deleted message; what keeps its newest message keeps its place. The
    last reading of each list counts."""
    for world, user, looks in _read(case, facts, window):
        with suppress(TargetError):
            compare_order(case, facts, window, world, user, looks)
        for place, conversation in list(facts.conversations.items()):
            if place.app == world.app.key and user in conversation.members and place not in facts.unknown:
                try:
                    _Compared(case, facts, window, world, user, place, looks).compare()
                except TargetError:
                    # A list that cannot be read now says nothing.
                    continue


def _any_there(known: Mapping[str, Expected]) -> bool:
    return any(one.state == "there" for one in known.values())


def _read(
    case: CheckContext, facts: Facts, window: Window
) -> Iterator[tuple[World, str, Sequence[ListLook]]]:
    """Every list that this check has read, with its readings."""
    for world in case.worlds:
        for (app, user), every in list(facts.list_looks.items()):
            looks = [
                each for each in every if each.number > window.began and each.operation == case.operation.name
            ]
            if app == world.app.key and looks:
                yield world, user, looks
