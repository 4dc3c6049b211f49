"""Conditions on conversations: of which kind they are, who takes part, and what else the owner has."""

from collections.abc import Iterable

from roamspec.emulator.domain.records import ConversationKey
from roamspec.faults.conditions.situation import Situation
from roamspec.faults.conditions.vocabulary import (
    EVERY,
    IN_GROUPS,
    ONE_CONVERSATION,
    amount,
    choice,
    flag,
)


def _kind_of(situation: Situation, conversation: ConversationKey) -> str:
    if conversation.type == "chat":
        return "chat"
    group = situation.app.store.group(conversation.id)
    return "room" if group is not None and group.kind == "room" else "group"


@choice(
    "kind",
    {
        "chat": ("clearUser",),
        "group": ("clearUser", "clearGroupBefore"),
        "room": ("clearUser", "clearGroupBefore"),
    },
    "The kind of a conversation that the call is about.",
)
def _kind(situation: Situation, value: str) -> bool:
    return any(_kind_of(situation, view.conversation) == value for view in situation.views)


@flag("owner-is-creator", IN_GROUPS, "The group or chatroom belongs to the owner of the messages.")
def _creator(situation: Situation) -> bool:
    return situation.group is not None and situation.group.owner == situation.owner


@flag("owner-is-member", IN_GROUPS, "The owner of the messages is a plain member.")
def _member(situation: Situation) -> bool:
    group = situation.group
    return group is not None and situation.owner in group.members and group.owner != situation.owner


@flag("owner-joined-late", IN_GROUPS, "The owner of the messages joined when the group existed already.")
def _late(situation: Situation) -> bool:
    return situation.group is not None and situation.owner in situation.group.joined


@amount("members", IN_GROUPS, "How many members the group or chatroom has.", ("=2", ">2"))
def _members(situation: Situation) -> Iterable[int]:
    return (len(situation.group.members),) if situation.group else ()


@amount("conversations", EVERY, "How many conversations the owner has.", ("=1", ">1", ">3"))
def _conversations(situation: Situation) -> Iterable[int]:
    return (len(situation.all_views),)


@flag("same-people-elsewhere", EVERY, "The owner has a further conversation with a participant.")
def _elsewhere(situation: Situation) -> bool:
    if len(situation.all_views) < 2:
        return False
    met: list[set[str]] = []
    for view in situation.all_views:
        if view.conversation.type == "chat":
            met.append({view.conversation.id})
        else:
            group = situation.app.store.group(view.conversation.id)
            met.append(set(group.members) - {situation.owner} if group else set())
    counted = [name for names in met for name in names if name in situation.participants]
    return len(set(counted)) < len(counted)


def _newest_ms(situation: Situation) -> list[tuple[int, bool]]:
    return [
        (newest.time_ms, view is situation.view)
        for view in situation.all_views
        if (newest := view.newest()) is not None
    ]


@flag("newest-conversation", ONE_CONVERSATION, "The conversation has the owner's newest message of all.")
def _newest(situation: Situation) -> bool:
    latest = _newest_ms(situation)
    return len(latest) > 1 and max(latest)[1]


@flag("older-conversation", ONE_CONVERSATION, "Another conversation of the owner has a newer message.")
def _older(situation: Situation) -> bool:
    latest = _newest_ms(situation)
    return any(own for _, own in latest) and not max(latest)[1]


@flag("listed", EVERY, "The owner's conversation list shows a conversation that the call is about.")
def _listed(situation: Situation) -> bool:
    return any(view.listed for view in situation.views)


@flag("unlisted", EVERY, "The owner's conversation list does not show a conversation that the call is about.")
def _unlisted(situation: Situation) -> bool:
    return any(not view.listed for view in situation.views)


@amount("devices", EVERY, "How many devices of the owner are online.", ("=0", "=1", ">1", ">2"))
def _devices(situation: Situation) -> Iterable[int]:
    return (len(situation.app.devices.online(situation.owner)),)


@flag("peer-online", EVERY, "A device of another participant is online.")
def _peer_online(situation: Situation) -> bool:
    return any(situation.app.devices.online(name) for name in situation.participants)
