"""Conversations and messages as the checks speak of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from roamspec.api.message_bodies import TEXT
from roamspec.api.messages_api import ConversationKind
from roamspec.transport.exchange import Exchange
from roamspec.wire import PulledMessage


@dataclass(frozen=True, slots=True)
class Conversation:
    """A one-to-one conversation, a group or a chatroom; `group_id` is empty for a one-to-one one."""

    kind: ConversationKind
    members: tuple[str, ...]
    group_id: str = ""

    def id_for(self, user: str) -> str:
        """The ID under which `user` finds it: the other one's name, or the group's ID."""
        if self.kind != "chat":
            return self.group_id
        first, second = self.members
        return second if user == first else first

    def others(self, user: str) -> tuple[str, ...]:
        """The members but `user`, in their order."""
        return tuple(member for member in self.members if member != user)


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message to be: who sends it, how long before the service's now it shall be dated
    (milliseconds, positive is earlier; None leaves the time to the service), of which type it shall be
    where the target takes that type, and what a text says."""

    sender: str
    before_now_ms: int | None = None
    type: str = TEXT
    text: str = "hello"


@dataclass(frozen=True, slots=True)
class Message:
    """A message that exists: ID and time as the service gives them (Unix milliseconds)."""

    id: str
    sender: str
    time_ms: int
    type: str = TEXT


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What one user pulls from one conversation, in the order in which it came."""

    user: str
    conversation: Conversation
    messages: tuple[PulledMessage, ...]
    exchange: Exchange | None = field(default=None, compare=False)
    look: Callable[[], "HistoryView"] | None = field(default=None, compare=False)
    """Looks again."""

    @property
    def ids(self) -> frozenset[str]:
        """The IDs of the messages."""
        return frozenset(message.id for message in self.messages)

    def has_all(self, messages: Iterable[Message]) -> bool:
        """Whether all of `messages` are in it."""
        return ids_of(messages) <= self.ids

    def has_none(self, messages: Iterable[Message]) -> bool:
        """Whether none of `messages` is in it."""
        return not ids_of(messages) & self.ids


def ids_of(messages: Iterable[Message]) -> frozenset[str]:
    """The IDs of messages, without their order."""
    return frozenset(message.id for message in messages)
