"""What stood in conversation lists, compared with what is left of the conversations."""

from collections.abc import Iterator, Sequence
from typing import Final

from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Expected, Window, expected
from roamspec.suite.list_assertions import await_other_message
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
COMPARED: Final = (NAMED, SPARED, OTHERS, LEAVES, ALL_LEAVE, SHOWS_DELETED)


def compare_lists(case: CheckContext, facts: Facts, window: Window) -> None:
    """Whatever was listed, or is listed where nobody calls, is listed still while it has messages; what has
    none is not, and nobody's list shows a deleted message. The last reading of each list counts."""
    for world, user, looks in _read(case, facts, window):
        for place, conversation in list(facts.conversations.items()):
            if place.app == world.app.key and user in conversation.members and place not in facts.unknown:
                try:
                    _compare(case, facts, window, world, (user, place), looks)
                except TargetError:
                    continue


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


def _compare(
    case: CheckContext,
    facts: Facts,
    window: Window,
    world: World,
    where: tuple[str, Place],
    looks: Sequence[ListLook],
) -> None:
    user, place = where
    conversation, last = facts.conversations[place], looks[-1]
    entry = listed_as(conversation, user)
    shown = next((each.last_id for each in last.entries if each == entry), None)
    known = expected(facts, place, user)
    if shown is None:
        if any(one.state == "there" for one in known.values()):
            _check_missing(case, facts, window, world, where, looks)
        return
    by = _emptied_by(facts, place, user, known, last)
    one = known.get(shown)
    if by is not None and by in window.calls:
        there = world.list_when(user, conversation, present=False)
        _judge(case, LEAVES if by.place else ALL_LEAVE, world, by, conversation, user, holds=not there)
    elif one is not None and one.by is not None and one.by in window.calls and one.seen_deleted:
        deleted = {each.identifier for each in known.values() if each.state == "gone"}
        shown = await_other_message(world, user, conversation, deleted, operation=case.operation.name)
        _judge(case, SHOWS_DELETED, world, one.by, conversation, user, holds=shown not in deleted)


def _emptied_by(
    facts: Facts, place: Place, user: str, known: dict[str, Expected], listed: ListLook
) -> Call | None:
    """The last call that deleted something, where the user was seen to have nothing at all after it, and
    nothing was said between that and the reading of the list."""
    calls = [one.by for one in known.values() if one.by is not None]
    looks = facts.looks.get((place, user))
    in_room = facts.conversations[place].kind == "room"
    if in_room or not calls or not looks or any(one.state == "there" for one in known.values()):
        return None
    by, look = max(calls, key=lambda call: call.number), looks[-1]
    said = facts.said.get(place, [])
    later = bool(said) and said[-1].number > min(by.number, look.number)
    in_order = by.number < look.number and by.number < listed.number
    return by if in_order and not later and not look.view.messages else None


def _check_missing(
    case: CheckContext,
    facts: Facts,
    window: Window,
    world: World,
    where: tuple[str, Place],
    looks: Sequence[ListLook],
) -> None:
    """A conversation with messages that the last reading lacks, if an earlier one had it, or if one like it
    is listed."""
    user, place = where
    conversation, last = facts.conversations[place], looks[-1]
    entry = listed_as(conversation, user)
    since = [look.number for look in looks[:-1] if entry in look.entries]
    said = [each.number for each in facts.said.get(place, ())]
    seen_before = bool(since)
    if not since and said:
        # Nobody has called there before the check began, or something was said there since.
        first = facts.first_call(place) or 0
        since = [max(said[-1], window.began + 1)] if max(said[-1], first) > window.began else []
    call = window.responsible_call(facts, since[-1], last.number, place, user) if since else None
    if call is None or call.owner not in conversation.members:
        return
    if not seen_before and call.owner == user and call.concerns(place):
        return  # what is left may be what the service does not list
    if not (seen_before or is_listed_alike(case, facts, world, user, place, call.owner)):
        return
    there = world.list_when(user, conversation, present=True)
    name = OTHERS if call.owner != user else NAMED if call.place == place else SPARED
    _judge(case, name, world, call, conversation, user, holds=there)


_MUST: Final = {
    LEAVES: ("no longer in", "it is in the list, although no message is left"),
    ALL_LEAVE: ("no longer in", "it is in the list, although no message is left"),
    SHOWS_DELETED: ("with a message that is left in", "the list shows a deleted message of it"),
}


def _judge(
    case: CheckContext,
    name: str,
    world: World,
    call: Call,
    conversation: Conversation,
    user: str,
    *,
    holds: bool,
) -> None:
    must, actual = _MUST.get(name, ("still in", "it is not in the list, although messages are left"))
    if case.verdicts.knows(name):
        case.verdicts.check(
            name,
            holds,
            call.answer,
            world.last_listing,
            expected=f"the {conversation.kind} {conversation.id_for(user)} {must} the conversation list of "
            f"{user}",
            actual=f"answered {call.answer.summary(80)}; {actual}",
        )
