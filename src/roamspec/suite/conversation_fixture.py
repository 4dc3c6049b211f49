"""What most checks begin with: an owner, a peer, a third user, and the messages of a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypedDict, Unpack

from roamspec.api.deletions import Query
from roamspec.api.message_bodies import TEXT
from roamspec.api.messages_api import ConversationKind
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message, MessageDraft, ids_of
from roamspec.world.variety import OLDEST_MS
from roamspec.world.world import World

OTHER_SCRIPT: Final = "\u4f60\u597d \U0001f30d"
LONG_TEXT: Final = "hello " * 100
_MANY: Final = 6
"""From so many messages on, the first of them is long."""
SPACING_MS = 20_000
MOST_SLACK_MS = 2_000
OLDER_MS = 600_000
_FEWER: Final = 0.3
"""The share of calls that are written with fewer messages, and of those in another order."""
_ANY_NOTIFY: Final = (None, None, "true", "false")


@dataclass(frozen=True, slots=True)
class ConversationFixture:
    """One conversation of the owner with others, and the messages in it, oldest first."""

    world: World
    subject: OperationUnderTest
    owner: str
    others: tuple[str, ...]
    conversation: Conversation
    messages: tuple[Message, ...]
    followed_at_ms: int | None = None
    """When the first message comes that is in the conversation after those of the fixture, if any is."""
    notify: str | None = None
    """What calls say of `isNotify` that need not say anything."""
    newest_first: bool = False
    """Whether calls list IDs from the newest message on, not as they are given."""

    @property
    def peer(self) -> str:
        """The first of the others: in a chat, the other user."""
        return self.others[0]

    def query(self, messages: Sequence[Message], *, notify: str | None = None) -> Query:
        """The query that names `messages`: by time, a moment safely after the last of them."""
        until = self.moment_after(messages)
        listed = messages[::-1] if self.newest_first else messages
        said = self.notify if notify is None else notify
        return self.subject.query(self.owner, self.conversation, listed, notify=said, until_ms=until)

    def delete(self, messages: Sequence[Message], *, notify: str | None = None) -> Response:
        """Delete `messages` from the owner's view, as the documentation describes."""
        return send_deletion(self.world, self.subject, self.owner, self.query(messages, notify=notify))

    def moment_after(self, messages: Sequence[Message]) -> int:
        """A time (Unix milliseconds) between the last of `messages` and what follows it.

        What is promised of the very boundary is judged elsewhere; here it shall not matter.
        """
        latest = max(message.time_ms for message in messages)
        following = [message.time_ms for message in self.messages if message.time_ms > latest]
        following += [self.followed_at_ms] if self.followed_at_ms else []
        end = min(following, default=self.world.session.service_now_ms())
        return latest + max(0, min((end - latest) // 2, MOST_SLACK_MS))

    def narrowed_to(self, *messages: Message) -> "ConversationFixture":
        """The same fixture, as if these were the only messages to name."""
        latest = max(message.time_ms for message in messages)
        later = [message.time_ms for message in self.messages if message.time_ms > latest]
        return replace(self, messages=messages, followed_at_ms=min(later, default=self.followed_at_ms))

    def written_otherwise(self, dice: Random) -> "ConversationFixture":
        """The same fixture, as if calls were to name fewer messages, in another order, with or without
        `isNotify`: for calls to which that must make no difference."""
        named = (
            self.messages[dice.randrange(len(self.messages)) :] if dice.random() < _FEWER else self.messages
        )
        if len(named) > 1 and dice.random() < _FEWER:
            named = named[:-1]
        return replace(
            self.narrowed_to(*named), notify=dice.choice(_ANY_NOTIFY), newest_first=dice.random() < _FEWER
        )

    def seen_by(self, user: str) -> "ConversationFixture":
        """The same fixture with another owner."""
        others = tuple(member for member in self.conversation.members if member != user)
        return replace(self, owner=user, others=others)

    def view(self) -> HistoryView:
        """What the owner pulls now."""
        return self.world.view(self.owner, self.conversation)

    def view_without(self, messages: Sequence[Message]) -> HistoryView:
        """The same, as soon as none of `messages` is there, or when patience ends."""
        return self.world.view_without(self.owner, self.conversation, messages)

    def is_only_ours(self, view: HistoryView) -> bool:
        """Whether a view has no message but those of the fixture: a service may add some of its own."""
        return view.ids <= ids_of(self.messages)


def send_deletion(world: World, subject: OperationUnderTest, owner: str, query: Query = ()) -> Response:
    """Send a deletion that the documentation describes: the success checks judge its response as well."""
    answer = subject.call(world.app, owner, query)
    world.responses.append(answer)
    return answer


def message_drafts(
    senders: Sequence[str], count: int, *, oldest_ms: int | None = None, types: Sequence[str] = ()
) -> list[MessageDraft]:
    """`count` messages by the senders in turn, evenly spaced, all in the past; every second one, from the
    second on, of the next of the `types`, as long as there are any. What the texts say differs."""
    oldest = oldest_ms if oldest_ms is not None else (count + 2) * SPACING_MS
    of_place = dict(zip(range(1, count, 2), types, strict=False))
    return [
        MessageDraft(
            senders[i % len(senders)], oldest - i * SPACING_MS, of_place.get(i, TEXT), _text(i, count)
        )
        for i in range(count)
    ]


def _text(place: int, count: int) -> str:
    """What a message at this place among `count` says: where there are many, the first says much; every
    second one is in another script."""
    if place == 0 and count >= _MANY:
        return LONG_TEXT
    return ("hello", OTHER_SCRIPT)[place % 2]


class ConversationForm(TypedDict, total=False):
    """How a conversation differs from the usual one: imported messages, of recent times, texts only."""

    live: bool
    """Messages are sent; without it they are imported, where the target can."""
    older: bool
    """Messages are older than those of other conversations, where messages can be dated."""
    hosted: bool | None
    """A group or chatroom belongs to the first of the others, and the owner is a plain member, who may join a
    group late; None leaves that to chance."""
    types: Sequence[str]
    """The types of some messages, as in `message_drafts`."""


def seed_conversation(
    world: World,
    kind: ConversationKind,
    owner: str,
    others: Sequence[str],
    count: int,
    *,
    apart: bool = False,
    **form: Unpack[ConversationForm],
) -> tuple[Conversation, list[Message]]:
    """A new conversation of `count` messages, in which all speak in turn, the owner first.

    `apart`: each message has a time of its own. Raises `SetupFailed` where the target does not let this be
    arranged.
    """
    live, hosted = form.get("live", False), form.get("hosted")
    if hosted is None:
        hosted = world.session.variety is not None and world.session.variety.one_in(2)
    creator, *joining = (others[0], owner, *others[1:]) if hosted else (owner, *others)
    variety = world.session.variety
    late = owner if hosted and kind == "group" and variety is not None and variety.one_in(2) else ""
    conversation = world.conversation(kind, creator, *joining, late=late)
    aged = world.session.variety and world.session.capabilities.keeps_old_messages
    oldest_ms = (count + 2) * SPACING_MS + ((OLDEST_MS if aged else OLDER_MS) if form.get("older") else 0)
    speakers = (owner, others[0]) if kind == "chat" else (owner, *others)
    said = message_drafts(speakers, count, oldest_ms=oldest_ms, types=form.get("types", ()))
    messages = world.seed(conversation, said, live=live, apart=apart)
    if late and world.late_member_lacks(late, conversation, messages):
        # It takes a while until a new member belongs to a group.
        world.release_group(conversation)
        conversation = world.conversation(kind, creator, *joining)
        messages = world.seed(conversation, said, live=live, apart=apart)
    return conversation, messages


def conversation_fixture(
    world: World,
    subject: OperationUnderTest,
    owner: str,
    others: Sequence[str],
    count: int,
    **form: Unpack[ConversationForm],
) -> ConversationFixture:
    """A conversation of the subject's kind among these users, with `count` messages."""
    conversation, messages = seed_conversation(
        world, subject.kind, owner, others, count, apart=subject.by_time, **form
    )
    return ConversationFixture(world, subject, owner, tuple(others), conversation, tuple(messages))


def fresh_conversation(world: World, subject: OperationUnderTest, count: int) -> ConversationFixture:
    """A fresh owner and a conversation of the subject's kind with `count` messages."""
    (owner,), others = world.users(1), world.shared_users(2)
    return conversation_fixture(world, subject, owner, others, count)
