"""Judging what stands in conversation lists: one reading of a list tells of several conversations."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from roamspec.errors import SetupFailed
from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.suite.scripted_comparison import in_list
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message, ids_of
from roamspec.world.waiting import wait_until
from roamspec.world.world import World

AFTER_REJECTED: Final = "list.stays-after-a-rejected-request"
NO_DELETED_MESSAGE: Final = "list.shows-no-deleted-message"


def require_listed(world: World, user: str, *conversations: Conversation) -> None:
    """A conversation can only be seen to leave when it was seen to be there: SetupFailed otherwise."""
    found = world.lists_when(user, dict.fromkeys(conversations, True))
    for conversation, there in found.items():
        if not there:
            raise SetupFailed(
                f"a {conversation.kind} with messages does not appear in the conversation list of {user}"
            )


def check_listed(
    case: CheckContext,
    world: World,
    user: str,
    answer: Response,
    expected: Mapping[Conversation, tuple[str, bool]],
    *,
    full: bool = False,
) -> None:
    """Judge one reading of a list: each conversation under its name, there or not.

    A call that was no success is not what took a conversation away, and is not the cause when one stays
    where it shall stay: that it is no success is judged elsewhere. `full` says that a conversation which
    should leave the list was seen to have messages left: then it is not waited for.
    """
    wanted = {each: present for each, (_, present) in expected.items()}
    found = world.lists_when(user, wanted, waits=answer.ok and not full)
    for conversation, (name, present) in expected.items():
        there = found[conversation]
        identifier = conversation.id_for(user)
        case.verdicts.check(
            name,
            there == present and (answer.ok or present),
            answer,
            world.last_listing,
            expected=f"{conversation.kind} {identifier} {'in' if present else 'not in'} the list of {user}",
            actual=f"answered {answer.summary(80)}; it is {'there' if there else 'not there'}",
            compares=in_list(conversation.kind, identifier, present=present),
        )


def is_emptied(case: CheckContext, fixture: ConversationFixture, view: HistoryView, name: str) -> bool:
    """Whether the owner has nothing in a conversation but messages of the run; else `name` is inconclusive.

    A service may put messages of its own into a conversation, such as the notice that a new group begins
    with. The run names no message in a deletion that it did not send, and as long as one is there, the
    conversation may be in the list.
    """
    if fixture.is_only_ours(view):
        return True
    case.verdicts.inconclusive(name, "the conversation has messages that the run did not send")
    return False


def check_listed_after_rejected(
    case: CheckContext, world: World, user: str, conversation: Conversation, messages: Sequence[Message]
) -> bool:
    """A request without a token, and one without a required parameter, take nothing off the list.

    Returns whether both were rejected: else the conversation may have left the list rightly.
    """
    query = case.subject.query(user, conversation, messages)
    answers = [case.subject.call(world.app, user, query, anonymous=True)]
    if query:
        answers.append(case.subject.call(world.app, user, query[:1]))
    if not all(answer.rejected for answer in answers):
        reason = "a request without a token, or without a required parameter, was not rejected"
        case.verdicts.inconclusive(AFTER_REJECTED, reason)
        return False
    # One machine of a service may be behind another: what was there a moment ago is looked for again.
    there = world.list_when(user, conversation, present=True)
    identifier = conversation.id_for(user)
    case.verdicts.check(
        AFTER_REJECTED,
        there,
        *answers,
        world.last_listing,
        expected=f"{conversation.kind} {identifier} still in the list of {user} after rejected requests",
        actual="it is there" if there else "it is not there",
        compares=in_list(conversation.kind, identifier, present=True),
    )
    return True


def check_no_deleted_message_shown(
    case: CheckContext, world: World, answer: Response, named: Sequence[Message], view: HistoryView
) -> None:
    """What the owner's list shows of a conversation that stays is none of the messages that were deleted: of
    those that the call `named`, all that the owner's `view` of the conversation lacks.

    The last reading of the list counts; a list that lags is read again.
    """
    user, conversation = view.user, view.conversation
    shown = world.shown_in_list(user, conversation)
    ids = ids_of(named) - view.ids
    if not answer.ok or not ids or not shown:
        deleted = answer.ok and ids
        reason = "the list shows no message of the conversation" if deleted else "nothing was deleted"
        case.verdicts.inconclusive(NO_DELETED_MESSAGE, reason)
        return

    if shown in ids:
        shown = await_other_message(world, user, conversation, ids, operation=case.operation.name)
    case.verdicts.check(
        NO_DELETED_MESSAGE,
        shown not in ids,
        answer,
        world.last_listing,
        expected=f"the list of {user} shows a message of the {conversation.kind} that is not deleted",
        actual=f"it shows the message {shown}",
    )


def await_other_message(
    world: World, user: str, conversation: Conversation, deleted: Collection[str], *, operation: str = ""
) -> str:
    """The ID of the message that a list shows of a conversation, once it is none of the `deleted` or a list
    that lags has had its time."""
    session = world.session
    lag = max(session.capabilities.list_lag_s, session.list_patience.lag_s)

    def again() -> str:
        world.lists_now(user, [conversation])
        return world.shown_in_list(user, conversation)

    return wait_until(
        again,
        lambda now: now not in deleted,
        session,
        pause_s=max(lag / 2, 0.25),
        at_least_s=4 * lag,
        patience=session.list_patience,
        operation=operation,
    )
