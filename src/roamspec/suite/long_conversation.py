"""Long conversations, which take a hundred calls to arrange: each is made once for several checks.

Every check uses the view of a user of its own in it, so that none meets what another one deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from roamspec.api.message_bodies import OTHER_TYPES, TEXT
from roamspec.api.messages_api import ConversationKind
from roamspec.contract.limits import most_message_ids
from roamspec.errors import SetupFailed
from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import LONG_TEXT, ConversationFixture
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Message, MessageDraft, ids_of
from roamspec.world.world import World

LENGTH = 2 * most_message_ids() + 1
"""Twice as many messages as one call may list, and one more."""
SPACING_MS = 2_000
OLD, OLD_MS = 1, 2 * 3_600_000
"""The first few are hours old, where messages can be dated."""
# Whose view each operation uses: 0 is who made the conversation.
_SEATS = {
    "clearChatBefore": ("chat", 0),
    "deleteChatMessages": ("chat", 1),
    "clearGroupBefore": ("group", 0),
    "deleteGroupMessages": ("group", 1),
    "clearUser": ("group", 2),
}


@dataclass
class _LongConversations:
    fixtures: dict[str, ConversationFixture] = field(default_factory=dict)
    """By kind: `chat` or `group`."""
    deleted: dict[str, tuple[ConversationFixture, Response]] = field(default_factory=dict)
    """What a call of each operation was seen to delete, and its response."""


def _shared(case: CheckContext) -> _LongConversations:
    return case.session.shared.get(_LongConversations)


def long_conversation(case: CheckContext, world: World) -> ConversationFixture:
    """A conversation of more than a hundred messages, seen by a user whom only this operation uses."""
    mine = _seat(case, world)
    if not _is_whole(mine):
        # An operation that had its turn reached views that are not its own, which is judged elsewhere.
        with case.session.lock:
            _shared(case).fixtures.pop(_SEATS[case.operation.name][0], None)
        mine = _seat(case, world)
        if not _is_whole(mine):
            raise SetupFailed(f"not all of the {LENGTH} messages are in the history of {mine.owner}.")
    return mine


def _is_whole(mine: ConversationFixture) -> bool:
    wanted = ids_of(mine.messages)
    view = mine.world.view_when_there(mine.owner, mine.conversation, lambda view: wanted <= view.ids)
    return wanted <= view.ids


def rest_of_long_conversation(case: CheckContext, world: World) -> ConversationFixture:
    """The same with the messages that earlier checks of the operation left; what they saw go is not named
    again, so that a later look can tell whether it has come back."""
    mine, earlier = _seat(case, world), deleted_from_long_conversation(case)
    there = mine.view().ids - (ids_of(earlier[0].messages) if earlier else frozenset())
    return replace(mine, messages=tuple(message for message in mine.messages if message.id in there))


def seen_deleted(
    case: CheckContext, fixture: ConversationFixture, messages: Sequence[Message], answer: Response
) -> None:
    """Keep for a later look what a call deleted from the long conversation."""
    _shared(case).deleted[case.operation.name] = (replace(fixture, messages=tuple(messages)), answer)


def deleted_from_long_conversation(case: CheckContext) -> tuple[ConversationFixture, Response] | None:
    """The messages that were seen to disappear, and the response to the call; None for nothing."""
    return _shared(case).deleted.get(case.operation.name)


def _seat(case: CheckContext, world: World) -> ConversationFixture:
    kind, seat = _SEATS[case.operation.name]
    fixtures = _shared(case).fixtures
    with case.session.lock:
        if kind not in fixtures:
            fixtures[kind] = _arrange(case, kind)
    fixture = replace(fixtures[kind], world=world, subject=case.subject)
    return fixture.seen_by(fixture.conversation.members[seat])


def _arrange(case: CheckContext, kind: str) -> ConversationFixture:
    # Not a world of the check's own: it would be cleaned up with the check.
    world = World(case.session, operation=case.operation.name)
    users = world.users(3 if kind == "group" else 2)
    of_kind: ConversationKind = "group" if kind == "group" else "chat"
    conversation = world.conversation(of_kind, users[0], *users[1:])
    # The first of the messages are of all types: every operation names those.
    types = dict(zip(range(1, LENGTH, 3), OTHER_TYPES, strict=False))
    ago = [(LENGTH - i) * SPACING_MS + 10_000 + (OLD_MS if i < OLD else 0) for i in range(LENGTH)]
    drafts = [MessageDraft(users[i % 2], ago[i], types.get(i, TEXT)) for i in range(LENGTH)]
    drafts[0] = replace(drafts[0], text=LONG_TEXT)
    messages = world.seed(conversation, drafts, apart=False)
    return ConversationFixture(world, case.subject, users[0], tuple(users[1:]), conversation, tuple(messages))
