"""Clearing a user: every conversation of every kind."""

from roamspec.suite import Case, judges
from roamspec.suite.effects import judge_gone, judge_unchanged
from roamspec.suite.scene import talk
from roamspec.world.conversations import Conversation, Draft, Message

CHATS = 22


@judges(
    "all.chats-cleared",
    "all.groups-cleared",
    "all.rooms-cleared",
    "all.more-than-one-page-of-conversations",
    "one-way.every-member-keeps-messages",
    "one-way.room-members-keep-messages",
)
def test_conversations_of_every_kind(case: Case) -> None:
    world = case.world()
    owner, *others = world.users(1 + CHATS)
    chats = [(world.chat(owner, other), other) for other in others]
    messages: list[tuple[Conversation, list[Message]]] = [
        (chat, world.fill(chat, [Draft(other if i % 2 else owner, 60_000)], apart=False))
        for i, (chat, other) in enumerate(chats)
    ]
    groups = [talk(world, "group", owner, others[i : i + 2], 2) for i in (0, 2)]
    rooms = []
    if case.has("chatroom"):
        room = world.room(owner, *others[:2])
        rooms.append((room, world.fill(room, [Draft(others[0]), Draft(owner)], apart=False)))
    before = [world.view(others[0], conversation) for conversation, _ in (groups[0], *rooms)]

    answer = case.subject.call(world.app, owner)

    for name, cleared in (
        ("all.chats-cleared", messages[:3]),
        ("all.groups-cleared", groups),
        ("all.rooms-cleared", rooms),
        ("all.more-than-one-page-of-conversations", messages[3:]),
    ):
        for conversation, each in cleared:
            judge_gone(case, name, answer, world.view_without(owner, conversation, each), each)
    for seen in before:
        of_room = seen.conversation.kind == "room"
        name = f"one-way.{'room-members-keep' if of_room else 'every-member-keeps'}-messages"
        judge_unchanged(case, name, answer, seen, world.view(others[0], seen.conversation))
