"""Whether a conversation would be listed if nobody had called: shown by one like it.

What makes a conversation stand in a list is the service's choice. So a conversation that is missing says
nothing by itself: one of the same messages, in which nobody calls, must be there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.world.conversations import Conversation, MessageDraft
from roamspec.world.facts import Facts, Place
from roamspec.world.world import World, listed_as

_Alike = tuple[str, bool, bool]
"""The kind of a conversation, whether all its messages have dates of ours, and whether the user sent some."""
_ROOM_FOR = 20
"""Requests that are left to other checks."""


@dataclass
class _Tried:
    """Conversations of which one was made in vain: it was not listed either."""

    unlisted: set[_Alike] = field(default_factory=set)


def is_listed_alike(
    case: CheckContext, facts: Facts, world: World, user: str, place: Place, owner: str
) -> bool:
    """Whether a conversation as at `place` is in the list of `user` if nobody calls.

    Nothing is sent unless one that is roughly like it was seen in a list. `owner` is whose place somebody
    else takes.
    """
    tried, alike = case.session.shared.get(_Tried), _alike(facts, place, user)
    said = facts.said.get(place, [])
    undated = [each for each in said if not each.dated]
    if not said or alike in tried.unlisted or (undated and case.capabilities.list_way != "send"):
        return False
    if not all(each.live for each in undated):
        # They were imported, and the copy of them would be sent, which a list may treat otherwise.
        return False
    if alike not in _seen_listed(facts):
        return False
    if not case.session.client.allowance.can_spare(len(said) + _ROOM_FOR):
        return False
    try:
        conversation = _same_again(case, facts, world, user, place, owner)
        listed = world.list_when(user, conversation, present=True)
    except TargetError:
        return False
    if not listed:
        tried.unlisted.add(alike)
    return listed


def _alike(facts: Facts, place: Place, user: str) -> _Alike:
    said = facts.said.get(place, ())
    sent = any(each.message.sender == user for each in said)
    return facts.conversations[place].kind, all(each.dated for each in said), sent


def _seen_listed(facts: Facts) -> set[_Alike]:
    """What is in the lists of those whom no call at the place was made for or with by then."""
    return {_alike(facts, place, user) for place, user in _untouched_and_listed(facts)}


def _untouched_and_listed(facts: Facts) -> Iterator[tuple[Place, str]]:
    for place, conversation in list(facts.conversations.items()):
        first = facts.first_call(place)
        for user in conversation.members if conversation.kind != "room" and facts.said.get(place) else ():
            entry = listed_as(conversation, user)
            looks = facts.list_looks.get((place.app, user), ())
            if any(entry in look.entries and (first is None or look.number < first) for look in looks):
                yield place, user


def _same_again(
    case: CheckContext, facts: Facts, world: World, user: str, place: Place, owner: str
) -> Conversation:
    """A conversation in which the same was said, with somebody new in the place of the owner, or of another
    one where the owner is the user."""
    before = facts.conversations[place]
    [new] = world.users(1)
    replaced = owner if owner != user else next(each for each in before.members if each != user)
    members = [new if each == replaced else each for each in before.members]
    conversation = world.conversation("chat" if before.kind == "chat" else "group", members[0], *members[1:])
    now_ms = case.session.service_now_ms()
    for dated in (True, False):
        drafts = [
            MessageDraft(
                new if each.message.sender == replaced else each.message.sender,
                now_ms - each.message.time_ms,
                each.message.type,
                each.text,
            )
            for each in facts.said[place]
            if each.dated == dated
        ]
        if drafts:
            world.seed(conversation, drafts, live=not dated, now_ms=now_ms, apart=False)
    return conversation
