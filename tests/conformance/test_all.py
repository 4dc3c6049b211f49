"""Clearing a user: every conversation of every kind, and the whole conversation list."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from roamspec.errors import SetupFailed
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import seed_conversation, send_deletion
from roamspec.suite.list_assertions import (
    AFTER_REJECTED,
    check_listed,
    check_listed_after_rejected,
    require_listed,
)
from roamspec.suite.view_assertions import check_deleted, check_unchanged
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, Message, MessageDraft
from roamspec.world.world import World

CHATS = 21
"""More than a page of conversations that holds twenty."""
ADMIN = "admin"
"""Who sends what is sent in nobody's name."""
LISTS = (
    "list.all-conversations-leave",
    "list.returns-with-a-new-message",
    AFTER_REJECTED,
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
    # Of a page that is cleared alone, whichever end it begins at, chats left.
    half = CHATS // 2
    chats = _chats(world, owner, others[1:half], live=listing)
    # With nobody of the app: one who has left it, and one who never was in it.
    with_nobody = _chats(world, owner, [former], live=listing)
    world.release_user(former)
    with suppress(SetupFailed):
        with_nobody += _chats(world, owner, [ADMIN], live=listing)
    groups = [
        seed_conversation(world, "group", owner, others[:2], 3, live=listing, hosted=False),
        seed_conversation(world, "group", owner, others[2:4], 2, live=listing, hosted=True),
    ]
    rooms = []
    if case.has("chatroom"):
        room = world.room(others[0], owner, others[1])
        rooms.append((room, world.seed(room, [MessageDraft(others[0]), MessageDraft(owner)], apart=False)))
    chats += _chats(world, owner, others[half:], live=listing)
    # Newer than what is said in rooms, which no list shows.
    newest = seed_conversation(world, "chat", owner, others, 2, live=listing)
    shared = [conversation for conversation, _ in (groups[0], *rooms)]
    before = [world.view(user, conversation) for user in others[:2] for conversation in shared]
    lists = {
        owner: [newest[0], groups[0][0]],
        others[0]: [newest[0], groups[0][0]],
        others[1]: [groups[0][0]],
    }
    listed = (
        _listed(case, world, lists, [each for each, _ in (*chats, *with_nobody, *groups)]) if listing else []
    )
    if listed:
        check_listed_after_rejected(case, world, owner, *newest)

    answer = send_deletion(world, case.subject, owner)

    full = False
    for names, cleared in (
        (("effect.newest-message-gone", "all.chats-cleared"), [newest]),
        (("all.chats-cleared",), with_nobody),
        (("all.groups-cleared",), groups),
        (("all.rooms-cleared",), rooms),
        (("all.more-than-one-page-of-conversations",), chats),
    ):
        for conversation, each in cleared:
            view = world.view_without(owner, conversation, each)
            full = full or not view.has_none(each)
            for name in names:
                check_deleted(case, name, answer, view, each)
    for seen in before:
        of_room = seen.conversation.kind == "room"
        name = f"one-way.{'room-members-keep' if of_room else 'every-member-keeps'}-messages"
        check_unchanged(case, name, answer, seen, world.view(seen.user, seen.conversation))
    if listed:
        _check_lists(case, world, answer, lists, listed, full=full)


def _chats(
    world: World, owner: str, others: Sequence[str], *, live: bool
) -> list[tuple[Conversation, list[Message]]]:
    """A message in a chat with each; `live` ones are not looked for: the list shows that they came."""
    found = []
    for i, other in enumerate(others):
        chat, sender = world.chat(owner, other), owner if i % 2 else other
        said = (
            world.send(chat, [sender])
            if live
            else world.seed(chat, [MessageDraft(sender, 60_000)], apart=False)
        )
        found.append((chat, said))
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
    (owner, mine), *others = lists.items()
    gone = dict.fromkeys(listed, ("list.all-conversations-leave", False))
    check_listed(case, world, owner, answer, gone, full=full)
    for user, shared in others:
        kept = dict.fromkeys(shared, ("one-way.others-keep-the-conversation", True))
        check_listed(case, world, user, answer, kept)
    chat, group = mine
    world.send(chat, [others[0][0]])
    world.send(group, [owner])
    returned = dict.fromkeys(mine, ("list.returns-with-a-new-message", True))
    check_listed(case, world, owner, answer, returned)
