"""The conversation leaves the owner's list with its last message, and nobody else's."""

from roamspec.client.messages import Answer
from roamspec.errors import SetupFailed
from roamspec.suite import Case, judges
from roamspec.suite.scene import scene_of, talk
from roamspec.world.conversations import Conversation, Draft
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

    parts_scene.delete(messages[:1])
    whole = whole_scene.delete(whole_scene.messages)

    # First what must go: a list that lags has caught up with both calls then.
    _judge_listed(case, world, "list.leaves-with-the-last-message", owner, at_once, whole, present=False)
    _judge_listed(case, world, "list.stays-while-a-message-is-left", owner, by_and_by, whole, present=True)
    last = parts_scene.delete(messages[1:])
    _judge_listed(case, world, "list.several-calls-add-up", owner, by_and_by, last, present=False)
    _judge_listed(case, world, "list.other-conversations-stay", owner, further, last, present=True)
    for user, conversation in ((others[0], at_once), (others[1], by_and_by)):
        name = "one-way.others-keep-the-conversation"
        _judge_listed(case, world, name, user, conversation, last, present=True)
    world.fill(at_once, [Draft(others[0])], live=True)
    _judge_listed(case, world, "list.returns-with-a-new-message", owner, at_once, whole, present=True)


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
    _require_listed(world, owner, *conversations)
    _require_listed(world, others[0], conversations[0], conversations[2])

    answer = subject.call(world.app, owner)

    for conversation in conversations:
        _judge_listed(case, world, "list.all-conversations-leave", owner, conversation, answer, present=False)
    for conversation in (conversations[0], conversations[2]):
        name = "one-way.others-keep-the-conversation"
        _judge_listed(case, world, name, others[0], conversation, answer, present=True)
    world.fill(conversations[0], [Draft(others[0])], live=True)
    _judge_listed(
        case, world, "list.returns-with-a-new-message", owner, conversations[0], answer, present=True
    )


def _require_listed(world: World, user: str, *conversations: Conversation) -> None:
    """A conversation can only be seen to leave when it was seen to be there."""
    for conversation in conversations:
        if not world.list_when(user, conversation, present=True):
            raise SetupFailed(f"a {conversation.kind} with messages does not appear in the list of {user}")


def _judge_listed(
    case: Case,
    world: World,
    name: str,
    user: str,
    conversation: Conversation,
    answer: Answer,
    *,
    present: bool,
) -> None:
    found = world.list_when(user, conversation, present=present)
    identifier = conversation.id_for(user)
    case.judge.that(
        name,
        answer.ok and found == present,
        answer,
        expected=f"{conversation.kind} {identifier} {'in' if present else 'not in'} the list of {user}",
        actual=f"answered {answer.summary(80)}; it is {'there' if found else 'not there'}",
    )
