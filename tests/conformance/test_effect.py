"""What a deletion means: the named messages go from the owner's view, and from nobody else's."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from roamspec.client.chatting import ConversationKind
from roamspec.client.contents import OTHER_TYPES, TEXT
from roamspec.client.messages import Answer
from roamspec.errors import SetupFailed
from roamspec.suite import Case, costly, judges
from roamspec.suite.answers import SUCCESS, judge_success
from roamspec.suite.effects import judge_gone, judge_kept, judge_types_gone, judge_unchanged
from roamspec.suite.long import long_scene, seen_to_go
from roamspec.suite.scene import Scene, scene_of, talk
from roamspec.world.conversations import Conversation, Message, View

OF_ANY_TYPE = (TEXT, *OTHER_TYPES)


@judges(
    *SUCCESS,
    "request.documented-url-served",
    "request.no-body-needed",
    "auth.app-token-accepted",
    "request.path-user-owns-what-goes",
    "request.query-names-the-conversation",
    "effect.several-ids-gone",
    "effect.first-in-list-gone",
    "effect.middle-in-list-gone",
    "effect.last-in-list-gone",
    "effect.only-named-messages-gone",
    "effect.messages-gone",
    "effect.sent-messages-gone",
    "effect.received-messages-gone",
    "effect.newest-message-gone",
    "effect.oldest-message-gone",
    "effect.every-type-gone",
    "effect.gone-in-both-directions",
    "effect.gone-for-the-owners-own-token",
    "effect.gone-for-a-new-login",
    "effect.other-conversations-stay",
    "effect.same-people-elsewhere-stay",
    "effect.stays-deleted",
    "effect.later-messages-stay",
    "one-way.others-keep-what-they-sent",
    "one-way.others-keep-what-they-received",
    "one-way.every-member-keeps-messages",
    "one-way.others-keep-their-other-conversations",
    "one-way.uninvolved-users-keep-messages",
    "time.later-messages-stay",
)
def test_one_call_among_other_conversations(case: Case) -> None:
    judge, subject, world = case.judge, case.subject, case.world()
    (owner,), (peer, third, stranger) = world.users(1), world.cast(3)
    # What they are told is compared after the check.
    case.devices(world, owner, peer, third)
    # First what no call names: a time that is named must not be the reason why it stays.
    spared: list[tuple[str, Conversation, list[Message]]] = []
    if subject.conversation_parameter:
        elsewhere: ConversationKind = "group" if subject.kind == "chat" else "chat"
        for name, kind, others in (
            ("effect.same-people-elsewhere-stay", elsewhere, [peer, third]),
            ("effect.other-conversations-stay", subject.kind, [third, peer]),
        ):
            spared.append((name, *talk(world, kind, owner, others, 2, older=True)))
    theirs, their_messages = talk(world, "chat", peer, [stranger], 2, older=True)
    scene = scene_of(world, subject, owner, [peer, third], 6, hosted=True, types=("img", "custom"))
    oldest, second, third_message, fourth, _, newest = scene.messages
    if subject.by_id:
        # Neither in the order of time nor without gaps, with the newest and the oldest among them.
        named = [fourth, oldest, newest, second]
    elif subject.by_time:
        named = [oldest, second, third_message, fourth]
    else:
        named = list(scene.messages)
    kept = [message for message in scene.messages if message not in named]
    views = [(user, scene.conversation) for user in scene.conversation.others(owner)]
    before = {user: world.view(user, conversation) for user, conversation in views}

    answer = scene.delete(named)

    judge.that(
        "request.documented-url-served",
        answer.ok,
        answer,
        expected="status 200",
        actual=answer.summary(),
    )
    judge.that(
        "auth.app-token-accepted",
        answer.status != 401,
        answer,
        expected="the app token is accepted",
        actual=answer.summary(),
    )
    _judge_no_body(case, scene, named, answer)
    judge_success(case, answer)
    after = scene.view_without(named)
    judge_gone(case, "request.path-user-owns-what-goes", answer, after, named)
    judge_gone(case, "request.query-names-the-conversation", answer, after, named)
    judge_gone(case, "effect.messages-gone", answer, after, named)
    judge_gone(case, "effect.several-ids-gone", answer, after, named)
    judge_gone(case, "effect.sent-messages-gone", answer, after, _sent_by(owner, named))
    judge_gone(case, "effect.received-messages-gone", answer, after, _not_sent_by(owner, named))
    judge_gone(case, "effect.oldest-message-gone", answer, after, [oldest])
    judge_types_gone(case, answer, after, named)
    if newest in named:
        judge_gone(case, "effect.newest-message-gone", answer, after, [newest])
    if subject.by_id:
        judge_gone(case, "effect.first-in-list-gone", answer, after, named[:1])
        judge_gone(case, "effect.middle-in-list-gone", answer, after, named[1:-1])
        judge_gone(case, "effect.last-in-list-gone", answer, after, named[-1:])
        judge_kept(case, "effect.only-named-messages-gone", answer, after, kept)
    if subject.by_time:
        judge_kept(case, "time.later-messages-stay", answer, after, kept)
    for name, conversation, messages in spared:
        judge_kept(case, name, answer, world.view(owner, conversation), messages)
    for user, name in (
        (peer, "one-way.others-keep-their-other-conversations"),
        (stranger, "one-way.uninvolved-users-keep-messages"),
    ):
        judge_kept(case, name, answer, world.view(user, theirs), their_messages)

    towards_newer = of_types = _towards_newer(scene, OF_ANY_TYPE)
    if not (kept and of_types.has_all(kept) and of_types.has_none(named)):
        # A target may make something else of the types, and show nothing at all.
        towards_newer = _towards_newer(scene)
        if towards_newer.has_none(named):
            _judge_pulled_otherwise(case, answer, of_types, named)
    judge_gone(case, "effect.gone-in-both-directions", answer, towards_newer, named)
    later = world.say(scene.conversation, [peer, owner])
    # In pages so small that there are two. By IDs, half of a long conversation is left for that.
    final = in_pages = _in_pages(scene, len(kept) + 1) if subject.by_time else scene.view()
    gone = [m for m in named if m.id not in after.ids]
    if not in_pages.has_none(gone) and (at_once := scene.view()).has_none(gone):
        _judge_pulled_otherwise(case, answer, in_pages, gone)
        final = at_once
    judge_gone(case, "effect.stays-deleted", answer, final, gone)
    judge_kept(case, "effect.later-messages-stay", answer, final, later)
    for user, view_before in before.items():
        view = world.view(user, scene.conversation)
        sent, received = _halves(user, scene.messages, view_before)
        sent, received = sent + _sent_by(user, later), received + _not_sent_by(user, later)
        for name, kept in (
            ("one-way.others-keep-what-they-sent", sent),
            ("one-way.others-keep-what-they-received", received),
        ):
            judge_kept(case, name, answer, view, kept, before=view_before)
        if scene.conversation.kind == "group":
            judge_unchanged(case, "one-way.every-member-keeps-messages", answer, view_before, view)
    _judge_own_token(case, scene, answer, named, later)


def _judge_no_body(case: Case, scene: Scene, named: Sequence[Message], answer: Answer) -> None:
    """A call that was not served is made once more with a body: it must not be a body that it lacked."""
    with_body = None
    if not answer.ok:
        with_body = case.subject.call(scene.world.app, scene.owner, scene.query(named), json={})
    case.judge.that(
        "request.no-body-needed",
        with_body is None or not with_body.ok,
        answer,
        with_body,
        expected="the call is served without a body",
        actual=f"{answer.summary()}, and the same call with a body is served",
    )


def _towards_newer(scene: Scene, types: Sequence[str] = ()) -> View:
    """What the owner pulls towards newer messages; of all `types` where the target lets types be named."""
    pull = partial(scene.world.view, scene.owner, scene.conversation, newer=True)
    with suppress(SetupFailed):
        return pull(types=types)
    return pull()


def _in_pages(scene: Scene, size: int) -> View:
    """What the owner pulls in pages of `size`, where the target lets pages be so small."""
    with suppress(SetupFailed):
        return scene.world.view(scene.owner, scene.conversation, page_size=size)
    return scene.view()


def _judge_pulled_otherwise(case: Case, answer: Answer, view: View, messages: Sequence[Message]) -> None:
    """Gone is gone, however it is pulled: with types named, or in more pages than one."""
    for name in ("effect.messages-gone", "effect.several-ids-gone"):
        judge_gone(case, name, answer, view, messages)


def _judge_own_token(
    case: Case, scene: Scene, answer: Answer, named: Sequence[Message], later: Sequence[Message]
) -> None:
    """What the owner pulls with a token of their own, which was issued after the deletion; where that shows
    what was said later."""
    names = ("effect.gone-for-the-owners-own-token", "effect.gone-for-a-new-login")
    if not case.judge.wants(*names):
        return
    reason = "with a token of their own, users do not pull what is there"
    try:
        view = scene.world.view(scene.owner, scene.conversation, as_user=True)
    except SetupFailed as error:
        view, reason = None, str(error)
    for name in names:
        if view and view.has_all(later):
            judge_gone(case, name, answer, view, named)
        else:
            case.judge.cannot(name, reason)


@judges(
    "effect.more-than-a-hundred-gone",
    "effect.every-type-gone",
    "effect.oldest-message-gone",
    "effect.newest-message-gone",
    "effect.stays-deleted",
    "effect.later-messages-stay",
)
@costly
def test_everything_in_a_long_conversation(case: Case) -> None:
    scene = long_scene(case, case.world())

    answer = scene.delete(scene.messages)

    after = scene.view_without(scene.messages)
    judge_gone(case, "effect.more-than-a-hundred-gone", answer, after, scene.messages)
    judge_types_gone(case, answer, after, scene.messages)
    judge_gone(case, "effect.oldest-message-gone", answer, after, scene.messages[:1])
    judge_gone(case, "effect.newest-message-gone", answer, after, scene.messages[-1:])
    if after.has_none(scene.messages):
        seen_to_go(case, scene, scene.messages, answer)
        # The first message after a conversation was emptied.
        later = scene.world.say(scene.conversation, [scene.peer])
        final = scene.view()
        judge_kept(case, "effect.later-messages-stay", answer, final, later)
        judge_gone(case, "effect.stays-deleted", answer, final, scene.messages)


def _sent_by(user: str, messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.sender == user]


def _not_sent_by(user: str, messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.sender != user]


def _halves(
    user: str, messages: tuple[Message, ...] | list[Message], seen: View
) -> tuple[list[Message], list[Message]]:
    """The messages that `user` sent and those received, as far as they could be seen before."""
    visible = [message for message in messages if message.id in seen.ids]
    return _sent_by(user, visible), _not_sent_by(user, visible)
