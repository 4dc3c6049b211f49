"""The specified messages are deleted for the owner, and for nobody else."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from roamspec.api.message_bodies import OTHER_TYPES, TEXT
from roamspec.api.messages_api import ConversationKind
from roamspec.errors import SetupFailed
from roamspec.suite import CheckContext, costs, covers, expensive
from roamspec.suite.conversation_fixture import ConversationFixture, conversation_fixture, seed_conversation
from roamspec.suite.error_assertions import check_status
from roamspec.suite.long_conversation import long_conversation, seen_deleted
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.suite.scripted_comparison import answers
from roamspec.suite.success_assertions import SUCCESS, check_success
from roamspec.suite.view_assertions import check_deleted, check_retained, check_types_deleted, check_unchanged
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.world import World

OF_ANY_TYPE = (TEXT, *OTHER_TYPES)


@covers(
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
@costs(45)
def test_one_call_among_other_conversations(case: CheckContext) -> None:
    """A call deletes the specified messages for the owner, and nothing else for anybody."""
    world, subject = case.world(), case.subject
    (owner,), (peer, third, uninvolved) = world.users(1), world.shared_users(3)
    # The notifications are compared after the check.
    case.devices(world, owner, peer, third)
    # These come first: a time in the call must not be the reason why they are retained.
    elsewhere = _conversations_elsewhere(world, subject, owner, peer, third)
    theirs = seed_conversation(world, "chat", peer, [uninvolved], 2, older=True)
    fixture = conversation_fixture(
        world, subject, owner, [peer, third], 6, hosted=True, types=("img", "custom")
    )
    named = _specified(fixture)
    before = {user: world.view(user, fixture.conversation) for user in fixture.conversation.others(owner)}

    answer = fixture.delete(named)

    _check_acceptance(case, fixture, named, answer)
    after = fixture.view_without(named)
    _check_deleted(case, fixture, named, answer, after)
    _check_retained(case, fixture, named, answer, after)
    for name, conversation, messages in elsewhere:
        check_retained(case, name, answer, world.view(owner, conversation), messages)
    for name, user in (
        ("one-way.others-keep-their-other-conversations", peer),
        ("one-way.uninvolved-users-keep-messages", uninvolved),
    ):
        check_retained(case, name, answer, world.view(user, theirs[0]), theirs[1])
    _check_other_direction(case, fixture, named, answer)
    later = world.send(fixture.conversation, [peer, owner])
    _check_stays_deleted(case, fixture, named, after, later, answer)
    for user, seen in before.items():
        _check_other_member(case, fixture, user, seen, later, answer)
    _check_own_token(case, fixture, answer, named, later)


Elsewhere = list[tuple[str, Conversation, list[Message]]]


def _conversations_elsewhere(
    world: World, subject: OperationUnderTest, owner: str, peer: str, third: str
) -> Elsewhere:
    """The owner's other conversations, each with the requirement that its messages are retained; none for a
    call that clears them all."""
    if not subject.conversation_parameter:
        return []
    other_kind: ConversationKind = "group" if subject.kind == "chat" else "chat"
    return [
        (name, *seed_conversation(world, kind, owner, others, 2, older=True))
        for name, kind, others in (
            ("effect.same-people-elsewhere-stay", other_kind, [peer, third]),
            ("effect.other-conversations-stay", subject.kind, [third, peer]),
        )
    ]


def _specified(fixture: ConversationFixture) -> list[Message]:
    oldest, second, third, fourth, _, newest = fixture.messages
    if fixture.subject.by_id:
        # Neither in the order of time nor without gaps, with the newest and the oldest among them.
        return [fourth, oldest, newest, second]
    return [oldest, second, third, fourth] if fixture.subject.by_time else list(fixture.messages)


def _check_acceptance(
    case: CheckContext, fixture: ConversationFixture, named: Sequence[Message], answer: Response
) -> None:
    check_status(case, "request.documented-url-served", answer, 200)
    case.verdicts.check(
        "auth.app-token-accepted",
        answer.status != 401,
        answer,
        expected="the app token is accepted",
        actual=answer.summary(),
        compares=answers(".status != 401"),
    )
    _check_no_body(case, fixture, named, answer)
    check_success(case, answer)


def _check_deleted(
    case: CheckContext,
    fixture: ConversationFixture,
    named: list[Message],
    answer: Response,
    after: HistoryView,
) -> None:
    """The owner's history has none of the specified messages."""
    oldest, newest = fixture.messages[0], fixture.messages[-1]
    for name in (
        "request.path-user-owns-what-goes",
        "request.query-names-the-conversation",
        "effect.messages-gone",
        "effect.several-ids-gone",
    ):
        check_deleted(case, name, answer, after, named)
    check_deleted(case, "effect.sent-messages-gone", answer, after, _sent_by(fixture.owner, named))
    check_deleted(case, "effect.received-messages-gone", answer, after, _not_sent_by(fixture.owner, named))
    check_deleted(case, "effect.oldest-message-gone", answer, after, [oldest])
    check_types_deleted(case, answer, after, named)
    if newest in named:
        check_deleted(case, "effect.newest-message-gone", answer, after, [newest])
    if fixture.subject.by_id:
        check_deleted(case, "effect.first-in-list-gone", answer, after, named[:1])
        check_deleted(case, "effect.middle-in-list-gone", answer, after, named[1:-1])
        check_deleted(case, "effect.last-in-list-gone", answer, after, named[-1:])


def _check_retained(
    case: CheckContext,
    fixture: ConversationFixture,
    named: Sequence[Message],
    answer: Response,
    after: HistoryView,
) -> None:
    """The owner's history has the other messages of the conversation."""
    kept = _others(fixture, named)
    if fixture.subject.by_id:
        check_retained(case, "effect.only-named-messages-gone", answer, after, kept)
    if fixture.subject.by_time:
        check_retained(case, "time.later-messages-stay", answer, after, kept)


def _others(fixture: ConversationFixture, named: Sequence[Message]) -> list[Message]:
    return [message for message in fixture.messages if message not in named]


def _check_other_direction(
    case: CheckContext, fixture: ConversationFixture, named: Sequence[Message], answer: Response
) -> None:
    """A history query from old to new has none of them either, with message types or without."""
    kept = _others(fixture, named)
    view = of_types = _towards_newer(fixture, OF_ANY_TYPE)
    if not (kept and of_types.has_all(kept) and of_types.has_none(named)):
        # A target may read the types in another way, and return nothing at all.
        view = _towards_newer(fixture)
        if view.has_none(named):
            _check_pulled_otherwise(case, answer, of_types, named)
    check_deleted(case, "effect.gone-in-both-directions", answer, view, named)


def _check_stays_deleted(
    case: CheckContext,
    fixture: ConversationFixture,
    named: Sequence[Message],
    after: HistoryView,
    later: Sequence[Message],
    answer: Response,
) -> None:
    """What was deleted `after` the call is still deleted once there are `later` messages, which are there."""
    deleted = [message for message in named if message.id not in after.ids]
    # In pages so small that there are two. By IDs, half of a long conversation is left for that.
    size = len(_others(fixture, named)) + 1
    final = in_pages = _in_pages(fixture, size) if fixture.subject.by_time else fixture.view()
    if not in_pages.has_none(deleted) and (at_once := fixture.view()).has_none(deleted):
        _check_pulled_otherwise(case, answer, in_pages, deleted)
        final = at_once
    check_deleted(case, "effect.stays-deleted", answer, final, deleted)
    check_retained(case, "effect.later-messages-stay", answer, final, later)


def _check_other_member(
    case: CheckContext,
    fixture: ConversationFixture,
    user: str,
    before: HistoryView,
    later: Sequence[Message],
    answer: Response,
) -> None:
    """The history of another member is unchanged."""
    view = fixture.world.view(user, fixture.conversation)
    sent, received = _halves(user, fixture.messages, before)
    for name, kept in (
        ("one-way.others-keep-what-they-sent", sent + _sent_by(user, later)),
        ("one-way.others-keep-what-they-received", received + _not_sent_by(user, later)),
    ):
        check_retained(case, name, answer, view, kept, before=before)
    if fixture.conversation.kind == "group":
        check_unchanged(case, "one-way.every-member-keeps-messages", answer, before, view)


def _check_no_body(
    case: CheckContext, fixture: ConversationFixture, named: Sequence[Message], answer: Response
) -> None:
    """A call that was not served is made once more with a body: it must not be a body that it lacked."""
    with_body = None
    if not answer.ok:
        with_body = case.subject.call(fixture.world.app, fixture.owner, fixture.query(named), json={})
    case.verdicts.check(
        "request.no-body-needed",
        with_body is None or not with_body.ok,
        answer,
        with_body,
        expected="the call is accepted without a body",
        actual=f"{answer.summary()}, and the same call with a body is accepted",
    )


def _towards_newer(fixture: ConversationFixture, types: Sequence[str] = ()) -> HistoryView:
    """What the owner pulls towards newer messages; of all `types` where the target lets types be named."""
    pull = partial(fixture.world.view, fixture.owner, fixture.conversation, newer=True)
    with suppress(SetupFailed):
        return pull(types=types)
    return pull()


def _in_pages(fixture: ConversationFixture, size: int) -> HistoryView:
    """What the owner pulls in pages of `size`, where the target lets pages be so small."""
    with suppress(SetupFailed):
        return fixture.world.view(fixture.owner, fixture.conversation, page_size=size)
    return fixture.view()


def _check_pulled_otherwise(
    case: CheckContext, answer: Response, view: HistoryView, messages: Sequence[Message]
) -> None:
    """No form of history query returns a deleted message: neither with types given, nor over several
    pages."""
    for name in ("effect.messages-gone", "effect.several-ids-gone"):
        check_deleted(case, name, answer, view, messages)


def _check_own_token(
    case: CheckContext,
    fixture: ConversationFixture,
    answer: Response,
    named: Sequence[Message],
    later: Sequence[Message],
) -> None:
    """What the owner pulls with a token of their own, which was issued after the deletion; where that shows
    what was said later."""
    names = ("effect.gone-for-the-owners-own-token", "effect.gone-for-a-new-login")
    if not case.verdicts.wants(*names):
        return
    reason = "history queries with a user's own token do not return the messages that are there"
    try:
        view = fixture.world.view(fixture.owner, fixture.conversation, as_user=True)
    except SetupFailed as error:
        view, reason = None, str(error)
    for name in names:
        if view and view.has_all(later):
            check_deleted(case, name, answer, view, named)
        else:
            case.verdicts.inconclusive(name, reason)


@covers(
    "effect.more-than-a-hundred-gone",
    "effect.every-type-gone",
    "effect.oldest-message-gone",
    "effect.newest-message-gone",
    "effect.stays-deleted",
    "effect.later-messages-stay",
)
@expensive
@costs(145)
def test_everything_in_a_long_conversation(case: CheckContext) -> None:
    """A clearing has no limit: it also deletes more than a hundred messages."""
    fixture = long_conversation(case, case.world())

    answer = fixture.delete(fixture.messages)

    after = fixture.view_without(fixture.messages)
    check_deleted(case, "effect.more-than-a-hundred-gone", answer, after, fixture.messages)
    check_types_deleted(case, answer, after, fixture.messages)
    check_deleted(case, "effect.oldest-message-gone", answer, after, fixture.messages[:1])
    check_deleted(case, "effect.newest-message-gone", answer, after, fixture.messages[-1:])
    if after.has_none(fixture.messages):
        seen_deleted(case, fixture, fixture.messages, answer)
        # The first message after a conversation was emptied.
        later = fixture.world.send(fixture.conversation, [fixture.peer])
        final = fixture.view()
        check_retained(case, "effect.later-messages-stay", answer, final, later)
        check_deleted(case, "effect.stays-deleted", answer, final, fixture.messages)


def _sent_by(user: str, messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.sender == user]


def _not_sent_by(user: str, messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if message.sender != user]


def _halves(
    user: str, messages: tuple[Message, ...] | list[Message], seen: HistoryView
) -> tuple[list[Message], list[Message]]:
    """The messages that `user` sent and those received, as far as they could be seen before."""
    visible = [message for message in messages if message.id in seen.ids]
    return _sent_by(user, visible), _not_sent_by(user, visible)
