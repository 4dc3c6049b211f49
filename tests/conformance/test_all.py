"""Clearing a user: every conversation of every kind, and the whole conversation list."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from roamspec.errors import SetupFailed
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import seed_conversation, send_deletion
from roamspec.suite.list_assertions import (
    AFTER_REJECTED,
    check_listed,
    check_listed_after_rejected,
    require_listed,
)
from roamspec.suite.list_order import ORDER, check_order
from roamspec.suite.view_assertions import check_deleted, check_unchanged
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message, MessageDraft
from roamspec.world.world import World

CHATS = 21
"""More than a page of conversations that holds twenty."""
ADMIN = "admin"
"""Who sends what is sent in nobody's name."""
LISTS = (
    "list.all-conversations-leave",
    "list.returns-with-a-new-message",
    AFTER_REJECTED,
    ORDER,
    "one-way.others-keep-the-conversation",
)


@covers(
    "all.chats-cleared",
    "all.groups-cleared",
    "all.rooms-cleared",
    "all.more-than-one-page-of-conversations",
    "effect.newest-message-gone",
    *LISTS,
    "one-way.every-member-keeps-messages",
    "one-way.room-members-keep-messages",
)
@costs(113)
def test_conversations_of_every_kind(case: CheckContext) -> None:
    """Clearing a user deletes the messages of all conversations, for this user alone."""
    world, listing = case.world(), case.has("lists")
    (owner, former), others = world.users(2), world.shared_users(CHATS - 2)
    arranged = _arrange(case, world, owner, former, others)
    before = _views_of_others(world, arranged, others[:2])
    lists = {
        owner: [arranged.newest.conversation, arranged.groups[0].conversation],
        others[0]: [arranged.newest.conversation, arranged.groups[0].conversation],
        others[1]: [arranged.groups[0].conversation],
    }
    listed = _listed(case, world, lists, arranged.in_lists) if listing else []
    if listed:
        check_listed_after_rejected(
            case, world, owner, arranged.newest.conversation, arranged.newest.messages
        )

    answer = send_deletion(world, case.subject, owner)

    everything_deleted = _check_cleared(case, world, owner, answer, arranged)
    _check_others_keep_messages(case, world, answer, before)
    if listed:
        _check_lists(case, world, answer, lists, listed, full=not everything_deleted)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A conversation of the owner, and its messages."""

    conversation: Conversation
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Arranged:
    """All conversations of the owner who is cleared."""

    chats: Sequence[Seeded]
    """More than a page of them."""
    with_nobody: Sequence[Seeded]
    """Chats with a user who was removed, and with the sender of what is sent in nobody's name."""
    groups: Sequence[Seeded]
    rooms: Sequence[Seeded]
    newest: Seeded
    """The chat that was arranged last."""

    @property
    def in_lists(self) -> list[Conversation]:
        """Those that may stand in the owner's list, but the newest."""
        return [each.conversation for each in (*self.chats, *self.with_nobody, *self.groups)]


def _arrange(case: CheckContext, world: World, owner: str, former: str, others: Sequence[str]) -> Arranged:
    live = case.has("lists")
    # A service that clears one page of conversations alone leaves chats, whichever end it begins at.
    half = CHATS // 2
    chats = _chats(world, owner, others[1:half], live=live)
    with_nobody = _chats(world, owner, [former], live=live)
    world.release_user(former)
    with suppress(SetupFailed):
        with_nobody += _chats(world, owner, [ADMIN], live=live)
    groups = [
        Seeded(*seed_conversation(world, "group", owner, others[:2], 3, live=live, hosted=False)),
        Seeded(*seed_conversation(world, "group", owner, others[2:4], 2, live=live, hosted=True)),
    ]
    rooms = []
    if case.has("chatroom"):
        room = world.room(others[0], owner, others[1])
        drafts = [MessageDraft(others[0]), MessageDraft(owner)]
        rooms.append(Seeded(room, world.seed(room, drafts, apart=False)))
    chats += _chats(world, owner, others[half:], live=live)
    # Newer than the messages of rooms, which no list shows.
    newest = Seeded(*seed_conversation(world, "chat", owner, others, 2, live=live))
    return Arranged(chats, with_nobody, groups, rooms, newest)


def _views_of_others(world: World, arranged: Arranged, users: Sequence[str]) -> list[HistoryView]:
    """What these users see of the first group and of the rooms."""
    shared = arranged.groups[0], *arranged.rooms
    return [world.view(user, each.conversation) for user in users for each in shared]


def _check_cleared(
    case: CheckContext, world: World, owner: str, answer: Response, arranged: Arranged
) -> bool:
    """No conversation of any kind has messages of the owner any more. Returns whether that is so."""
    none_left = True
    for names, cleared in (
        (("effect.newest-message-gone", "all.chats-cleared"), [arranged.newest]),
        (("all.chats-cleared",), arranged.with_nobody),
        (("all.groups-cleared",), arranged.groups),
        (("all.rooms-cleared",), arranged.rooms),
        (("all.more-than-one-page-of-conversations",), arranged.chats),
    ):
        for each in cleared:
            view = world.view_without(owner, each.conversation, each.messages)
            none_left = none_left and view.has_none(each.messages)
            for name in names:
                check_deleted(case, name, answer, view, each.messages)
    return none_left


def _check_others_keep_messages(
    case: CheckContext, world: World, answer: Response, before: Sequence[HistoryView]
) -> None:
    """The other members see what they saw before."""
    for seen in before:
        of_room = seen.conversation.kind == "room"
        name = f"one-way.{'room-members-keep' if of_room else 'every-member-keeps'}-messages"
        check_unchanged(case, name, answer, seen, world.view(seen.user, seen.conversation))


def _chats(world: World, owner: str, others: Sequence[str], *, live: bool) -> list[Seeded]:
    """A message in a chat with each; `live` ones are not looked for: the list shows that they came."""
    found = []
    for i, other in enumerate(others):
        chat, sender = world.chat(owner, other), owner if i % 2 else other
        messages = (
            world.send(chat, [sender])
            if live
            else world.seed(chat, [MessageDraft(sender, 60_000)], apart=False)
        )
        found.append(Seeded(chat, messages))
    return found


def _listed(
    case: CheckContext,
    world: World,
    lists: Mapping[str, Sequence[Conversation]],
    more: Sequence[Conversation],
) -> list[Conversation]:
    """What stands in the owner's list, of which a service may show the latest only; nothing when lists do
    not show what they must, so that nothing can be seen to leave them."""
    try:
        for user, conversations in lists.items():
            require_listed(world, user, *conversations)
    except SetupFailed as error:
        for name in LISTS:
            case.verdicts.inconclusive(name, str(error))
        return []
    owner = next(iter(lists))
    found = world.lists_now(owner, [*lists[owner], *more])
    return [conversation for conversation, there in found.items() if there]


def _check_lists(
    case: CheckContext,
    world: World,
    answer: Response,
    lists: Mapping[str, Sequence[Conversation]],
    listed: Sequence[Conversation],
    *,
    full: bool,
) -> None:
    """The owner's list is empty, those of the others are not; a new message brings a conversation back."""
    (owner, mine), *others = lists.items()
    absent = dict.fromkeys(listed, ("list.all-conversations-leave", False))
    check_listed(case, world, owner, answer, absent, full=full)
    for user, shared in others:
        kept = dict.fromkeys(shared, ("one-way.others-keep-the-conversation", True))
        check_listed(case, world, user, answer, kept)
        check_order(case, world, user)
    chat, group = mine
    world.send(chat, [others[0][0]])
    world.send(group, [owner])
    returned = dict.fromkeys(mine, ("list.returns-with-a-new-message", True))
    check_listed(case, world, owner, answer, returned)
