"""The conversation leaves the owner's list with its last message, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import ConversationFixture, conversation_fixture
from roamspec.suite.list_assertions import (
    AFTER_REJECTED,
    NO_DELETED_MESSAGE,
    check_listed,
    check_listed_after_rejected,
    check_no_deleted_message_shown,
    is_emptied,
    require_listed,
)
from roamspec.suite.list_order import ORDER, check_order
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.world import World


@dataclass(frozen=True, slots=True)
class ListedConversations:
    """Conversations of one owner, all of which stand in the lists of their members."""

    emptied: ConversationFixture
    """One call deletes all its messages. It ends with a message of another user."""
    in_parts: ConversationFixture
    """Several calls delete its messages. It ends with a message of the owner."""
    oldest: Sequence[Message]
    """What is deleted of it first; the newest message is left."""
    first_part: Sequence[Message]
    """What is deleted then; a message is left, which is not the newest where IDs can say so."""
    second_part: Sequence[Message]
    further: Conversation
    """Another one of the same kind, which nothing is deleted from."""
    in_further: Sequence[Message]
    elsewhere: Conversation
    """One of the other kind, which nothing is deleted from."""
    in_room: tuple[Conversation, Sequence[Message]] | None
    """A chatroom and its messages, for calls by time; None where the target has none."""

    @property
    def of_others(self) -> Mapping[str, list[Conversation]]:
        """The other members, each with those of their conversations that messages are deleted from."""
        deleted_from = self.emptied.conversation, self.in_parts.conversation
        found = {user: [c for c in deleted_from if user in c.members] for user in self.emptied.others}
        return {user: conversations for user, conversations in found.items() if conversations}

    @property
    def owner(self) -> str:
        return self.emptied.owner


@covers(
    "list.leaves-with-the-last-message",
    "list.stays-while-a-message-is-left",
    "list.several-calls-add-up",
    "list.returns-with-a-new-message",
    "list.other-conversations-stay",
    AFTER_REJECTED,
    NO_DELETED_MESSAGE,
    ORDER,
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
    world = case.world()
    (owner,), others = world.users(1), _members(case, world)
    # What they are notified of is compared after the check.
    case.devices(world, owner, *others[:2])
    listed = _arrange(case, world, owner, others)
    all_rejected = check_listed_after_rejected(case, world, owner, listed.further, listed.in_further)

    listed.in_parts.delete(listed.oldest)
    emptied, view = _empty(listed)
    _check_emptied(case, listed, emptied, view)
    _check_listed_when_one_is_empty(case, listed, emptied, view)
    _check_first_part(case, listed)

    second_part = listed.in_parts.delete(listed.second_part)
    rest = listed.in_parts.view_without(listed.in_parts.messages)
    for user, conversations in listed.of_others.items():
        there = dict.fromkeys(conversations, ("one-way.others-keep-the-conversation", True))
        check_listed(case, world, user, second_part, there)
    _check_new_message(case, listed, others[0], emptied)
    _check_listed_at_the_end(case, listed, second_part, rest, further_stays=all_rejected)


def _arrange(case: CheckContext, world: World, owner: str, others: Sequence[str]) -> ListedConversations:
    subject = case.subject
    # In a chatroom nothing can be dated, so that only a time of today lies after its messages.
    in_room = _in_a_room(world, owner, others[0]) if subject.by_time and case.has("chatroom") else None
    emptied = conversation_fixture(world, subject, owner, others, 2, live=True)
    count = 3 if subject.kind == "chat" else 4
    in_parts = conversation_fixture(world, subject, owner, others[1:], count, live=True)
    # Neither the newest nor the oldest alone keeps a conversation in the list, where IDs can say so.
    second = in_parts.messages[1:2] if subject.by_id else in_parts.messages[-1:]
    oldest = in_parts.messages[:1]
    further = world.conversation(subject.kind, owner, *others[2:], *others[:2])
    elsewhere = world.conversation("group" if subject.kind == "chat" else "chat", owner, *others)
    in_further = world.send(further, [owner])
    world.send(elsewhere, [owner])
    listed = ListedConversations(
        emptied,
        in_parts,
        oldest,
        [message for message in in_parts.messages[1:] if message not in second],
        second,
        further,
        in_further,
        elsewhere,
        in_room,
    )
    require_listed(world, owner, emptied.conversation, in_parts.conversation, further, elsewhere)
    for user, conversations in listed.of_others.items():
        require_listed(world, user, *conversations)
    return listed


def _in_a_room(world: World, owner: str, host: str) -> tuple[Conversation, list[Message]]:
    """Not looked for before the call: that messages of a room can be pulled was seen beforehand."""
    room = world.room(host, owner)
    return room, world.send(room, [host])


def _members(case: CheckContext, world: World) -> list[str]:
    """Three for each operation: a list may be read a few times a minute only."""
    place = list(case.session.contract.operations).index(case.operation.name)
    return world.shared_users(3 * (place + 1))[-3:]


def _check_first_part(case: CheckContext, listed: ListedConversations) -> None:
    """A call by IDs retains the messages that it does not name, wherever they stand. The list shows none that
    is deleted; after a call by time it shows the newest message, which is left."""
    answer = listed.in_parts.delete(listed.first_part)
    left = listed.in_parts.view_without(listed.first_part) if case.subject.by_id else None
    if left:
        check_retained(case, "effect.only-named-messages-gone", answer, left, listed.second_part)
    stays = {listed.in_parts.conversation: ("list.stays-while-a-message-is-left", True)}
    check_listed(case, listed.emptied.world, listed.owner, answer, stays)
    if left:
        check_no_deleted_message_shown(case, listed.emptied.world, answer, listed.first_part, left)


def _empty(listed: ListedConversations) -> tuple[Response, HistoryView]:
    """Delete all messages of one conversation, with a call that notifies nobody; what the owner has then.

    That `isNotify=false` is accepted and deletes at all is judged elsewhere, so a call without it follows.
    """
    fixture = listed.emptied
    answer = fixture.delete(fixture.messages, notify="false")
    view = fixture.view_without(fixture.messages)
    if not answer.ok or view.has_all(fixture.messages):
        answer = fixture.delete(fixture.messages)
        view = fixture.view_without(fixture.messages)
    return answer, view


def _check_emptied(
    case: CheckContext, listed: ListedConversations, answer: Response, view: HistoryView
) -> None:
    """Recent messages that were sent are deleted like imported ones, for the owner alone."""
    fixture, messages = listed.emptied, listed.emptied.messages
    if listed.in_room:
        room, in_room = listed.in_room
        seen = fixture.world.view(listed.owner, room)
        check_retained(case, "effect.other-conversations-stay", answer, seen, in_room)
    check_deleted(case, "effect.newest-message-gone", answer, view, messages)
    peers = fixture.seen_by(fixture.peer).view()
    check_retained(case, "one-way.others-keep-what-they-received", answer, peers, messages[:1])
    check_retained(case, "one-way.others-keep-what-they-sent", answer, peers, messages[1:])


def _check_listed_when_one_is_empty(
    case: CheckContext, listed: ListedConversations, emptied: Response, view: HistoryView
) -> None:
    """The list has the conversation that has messages left, and not the empty one."""
    world, in_parts = listed.emptied.world, listed.in_parts.conversation
    expected = {in_parts: ("list.stays-while-a-message-is-left", True)}
    leaves = "list.leaves-with-the-last-message"
    if is_emptied(case, listed.emptied, view, leaves):
        expected[listed.emptied.conversation] = (leaves, False)
    full = not view.has_none(listed.emptied.messages)
    check_listed(case, world, listed.owner, emptied, expected, full=full)
    check_order(case, world, listed.owner)


def _check_listed_at_the_end(
    case: CheckContext,
    listed: ListedConversations,
    answer: Response,
    rest: HistoryView,
    *,
    further_stays: bool,
) -> None:
    """Several calls add up, and the other conversations stay in the list; the further one only where no call
    that must be rejected was accepted for it (`further_stays`). A new message brought one back."""
    stays, add_up = ("list.other-conversations-stay", True), "list.several-calls-add-up"
    expected = {listed.elsewhere: stays, **({listed.further: stays} if further_stays else {})}
    expected[listed.emptied.conversation] = ("list.returns-with-a-new-message", True)
    if is_emptied(case, listed.in_parts, rest, add_up):
        expected[listed.in_parts.conversation] = (add_up, False)
    full = not rest.has_none(listed.in_parts.messages)
    check_listed(case, listed.emptied.world, listed.owner, answer, expected, full=full)


def _check_new_message(
    case: CheckContext, listed: ListedConversations, sender: str, answer: Response
) -> None:
    """A new message is there, and brings no deleted message back."""
    fixture = listed.emptied
    later = fixture.world.send(fixture.conversation, [sender])
    view = fixture.view()
    check_retained(case, "effect.later-messages-stay", answer, view, later)
    check_deleted(case, "effect.stays-deleted", answer, view, fixture.messages)
