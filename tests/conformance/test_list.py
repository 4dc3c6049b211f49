"""The conversation leaves the owner's list with its last message, and nobody else's."""

from collections.abc import Mapping

from roamspec.client.messages import Answer
from roamspec.errors import SetupFailed
from roamspec.suite import Case, judges
from roamspec.suite.scene import scene_of, talk
from roamspec.world.conversations import Conversation
from roamspec.world.world import World


@judges(
    "list.leaves-with-the-last-message",
    "list.stays-while-a-message-is-left",
    "list.several-calls-add-up",
    "list.returns-with-a-new-message",
    "list.other-conversations-stay",
    "one-way.others-keep-the-conversation",
)
def test_last_message_takes_the_conversation_along(case: Case) -> None:
    subject, world = case.subject, case.world()
    owner, *others = world.users(4)
    whole_scene = scene_of(world, subject, owner, others, 2, live=True)
    parts_scene = scene_of(world, subject, owner, others[1:], 3, live=True)
    at_once, by_and_by, messages = whole_scene.conversation, parts_scene.conversation, parts_scene.messages
    further, _ = talk(world, subject.kind, owner, others[2:] + others[:2], 1, live=True)
    _require_listed(world, owner, at_once, by_and_by, further)
    _require_listed(world, others[0], at_once)
    _require_listed(world, others[1], by_and_by)

    parts_scene.delete(messages[:2])
    whole = whole_scene.delete(whole_scene.messages)

    _judge_listed(
        case,
        world,
        owner,
        whole,
        {
            at_once: ("list.leaves-with-the-last-message", False),
            by_and_by: ("list.stays-while-a-message-is-left", True),
        },
    )
    last = parts_scene.delete(messages[2:])
    _judge_listed(
        case,
        world,
        owner,
        last,
        {by_and_by: ("list.several-calls-add-up", False), further: ("list.other-conversations-stay", True)},
    )
    for user, conversation in ((others[0], at_once), (others[1], by_and_by)):
        _judge_listed(case, world, user, last, {conversation: ("one-way.others-keep-the-conversation", True)})
    world.say(at_once, [others[0]])
    _judge_listed(case, world, owner, whole, {at_once: ("list.returns-with-a-new-message", True)})


@judges(
    "list.all-conversations-leave",
    "list.returns-with-a-new-message",
    "one-way.others-keep-the-conversation",
)
def test_clearing_takes_all_conversations_along(case: Case) -> None:
    subject, world = case.subject, case.world()
    owner, *others = world.users(3)
    conversations = [
        talk(world, "chat", owner, others, 2, live=True)[0],
        talk(world, "chat", owner, others[::-1], 1, live=True)[0],
        talk(world, "group", owner, others, 2, live=True)[0],
    ]
    shared = (conversations[0], conversations[2])
    _require_listed(world, owner, *conversations)
    _require_listed(world, others[0], *shared)

    answer = subject.call(world.app, owner)

    gone = dict.fromkeys(conversations, ("list.all-conversations-leave", False))
    _judge_listed(case, world, owner, answer, gone)
    kept = dict.fromkeys(shared, ("one-way.others-keep-the-conversation", True))
    _judge_listed(case, world, others[0], answer, kept)
    world.say(conversations[0], [others[0]])
    returned = {conversations[0]: ("list.returns-with-a-new-message", True)}
    _judge_listed(case, world, owner, answer, returned)


def _require_listed(world: World, user: str, *conversations: Conversation) -> None:
    """A conversation can only be seen to leave when it was seen to be there."""
    found = world.lists_when(user, dict.fromkeys(conversations, True))
    for conversation, there in found.items():
        if not there:
            raise SetupFailed(f"a {conversation.kind} with messages does not appear in the list of {user}")


def _judge_listed(
    case: Case,
    world: World,
    user: str,
    answer: Answer,
    expected: Mapping[Conversation, tuple[str, bool]],
) -> None:
    """Judge one reading of a list: each conversation under its name, there or not."""
    wanted = {each: present for each, (_, present) in expected.items()}
    found = world.lists_when(user, wanted, waits=answer.ok)
    for conversation, (name, present) in expected.items():
        there = found[conversation]
        identifier = conversation.id_for(user)
        case.judge.that(
            name,
            answer.ok and there == present,
            answer,
            expected=f"{conversation.kind} {identifier} {'in' if present else 'not in'} the list of {user}",
            actual=f"answered {answer.summary(80)}; it is {'there' if there else 'not there'}",
        )
