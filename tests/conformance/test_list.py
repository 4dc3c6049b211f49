"""The conversation leaves the owner's list with its last message, and nobody else's."""

from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import conversation_fixture
from roamspec.suite.list_assertions import (
    AFTER_REJECTED,
    NO_DELETED_MESSAGE,
    check_listed,
    check_listed_after_rejected,
    check_no_deleted_message_shown,
    is_emptied,
    require_listed,
)
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.world.conversations import Conversation, Message
from roamspec.world.world import World


@covers(
    "list.leaves-with-the-last-message",
    "list.stays-while-a-message-is-left",
    "list.several-calls-add-up",
    "list.returns-with-a-new-message",
    "list.other-conversations-stay",
    AFTER_REJECTED,
    NO_DELETED_MESSAGE,
    "one-way.others-keep-the-conversation",
    "effect.newest-message-gone",
    "effect.only-named-messages-gone",
    "effect.other-conversations-stay",
    "effect.later-messages-stay",
    "effect.stays-deleted",
    "one-way.others-keep-what-they-received",
    "one-way.others-keep-what-they-sent",
)
@costs(60)
def test_last_message_takes_the_conversation_along(case: CheckContext) -> None:
    """A conversation without messages leaves the conversation list of the owner, and of nobody else."""
    subject, world = case.subject, case.world()
    (owner,), others = world.users(1), _members(case, world)
    # What they are notified is compared after the check.
    case.devices(world, owner, *others[:2])
    # In a chatroom nothing can be dated, so that only a time of today lies after what is said there.
    in_room = _in_a_room(world, owner, others[0]) if subject.by_time and case.has("chatroom") else None
    whole_scene = conversation_fixture(world, subject, owner, others, 2, live=True)
    # The one ends with a word of another's, the other with the owner's own.
    parts_scene = conversation_fixture(
        world, subject, owner, others[1:], 3 if subject.kind == "chat" else 4, live=True
    )
    at_once, by_and_by = whole_scene.conversation, parts_scene.conversation
    parts = parts_scene.messages
    left = parts[1:2] if subject.by_id else parts[-1:]
    further = world.conversation(subject.kind, owner, *others[2:], *others[:2])
    elsewhere = world.conversation("group" if subject.kind == "chat" else "chat", owner, *others)
    said_further = world.send(further, [owner])
    world.send(elsewhere, [owner])
    require_listed(world, owner, at_once, by_and_by, further, elsewhere)
    theirs = {user: [c for c in (at_once, by_and_by) if user in c.members] for user in others}
    theirs = {user: conversations for user, conversations in theirs.items() if conversations}
    for user, conversations in theirs.items():
        require_listed(world, user, *conversations)

    all_rejected = check_listed_after_rejected(case, world, owner, further, said_further)

    # Neither the newest nor the oldest alone keeps a conversation in the list, where IDs can say so.
    part = parts_scene.delete([message for message in parts if message not in left])
    if subject.by_id:
        check_retained(case, "effect.only-named-messages-gone", part, parts_scene.view(), left)
    # What nobody is notified of takes a conversation off the list as well.
    said = whole_scene.messages
    whole = whole_scene.delete(said, notify="false")
    after = whole_scene.view_without(said)
    if not whole.ok or after.has_all(said):
        # That isNotify=false is served and deletes at all is judged elsewhere.
        whole = whole_scene.delete(said)
        after = whole_scene.view_without(said)
    leaves = ("list.leaves-with-the-last-message", False)
    emptied = is_emptied(case, whole_scene, after, leaves[0])

    if in_room:
        room, heard = in_room
        check_retained(case, "effect.other-conversations-stay", whole, world.view(owner, room), heard)
    # These are recent, and sent: that must make no difference.
    check_deleted(case, "effect.newest-message-gone", whole, after, said)
    kept = whole_scene.seen_by(whole_scene.peer).view()
    check_retained(case, "one-way.others-keep-what-they-received", whole, kept, said[:1])
    check_retained(case, "one-way.others-keep-what-they-sent", whole, kept, said[1:])
    check_listed(
        case,
        world,
        owner,
        whole,
        {
            **({at_once: leaves} if emptied else {}),
            by_and_by: ("list.stays-while-a-message-is-left", True),
        },
        full=not after.has_none(said),
    )
    if subject.by_id:
        gone = [message for message in parts if message not in left]
        check_no_deleted_message_shown(case, world, owner, part, by_and_by, gone)
    last = parts_scene.delete(left)
    rest = parts_scene.view_without(parts)
    add_up = ("list.several-calls-add-up", False)
    emptied = is_emptied(case, parts_scene, rest, add_up[0])
    stays = ("list.other-conversations-stay", True)
    check_listed(
        case,
        world,
        owner,
        last,
        {
            **({by_and_by: add_up} if emptied else {}),
            elsewhere: stays,
            **({further: stays} if all_rejected else {}),
        },
        full=not rest.has_none(parts),
    )
    for user, conversations in theirs.items():
        there = dict.fromkeys(conversations, ("one-way.others-keep-the-conversation", True))
        check_listed(case, world, user, last, there)
    later = world.send(at_once, [others[0]])
    world.send(by_and_by, [owner])
    returned = dict.fromkeys((at_once, by_and_by), ("list.returns-with-a-new-message", True))
    check_listed(case, world, owner, whole, returned)
    final = whole_scene.view()
    check_retained(case, "effect.later-messages-stay", whole, final, later)
    check_deleted(case, "effect.stays-deleted", whole, final, said)


def _in_a_room(world: World, owner: str, host: str) -> tuple[Conversation, list[Message]]:
    """Not looked for before the call: that what is said in a room can be pulled was seen beforehand."""
    room = world.room(host, owner)
    return room, world.send(room, [host])


def _members(case: CheckContext, world: World) -> list[str]:
    """Three for each operation: a list may be read a few times a minute only."""
    place = list(case.session.contract.operations).index(case.operation.name)
    return world.shared_users(3 * (place + 1))[-3:]
