"""Conversations, messages, and what one user has of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

PlaceKind = Literal["chat", "group", "room"]


@dataclass(frozen=True, slots=True, order=True)
class ModelConversation:
    """A conversation as all its members share it; two of the same kind and members differ by `name`."""

    kind: PlaceKind
    members: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class ModelMessage:
    """`time_ms` is the service's time of the message, in milliseconds on any scale that keeps order and
    distance."""

    id: str
    sender: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class ModelView:
    """What one user has of one place.

    `listing` are the messages that put the place into the user's conversation list. `ever` are the IDs
    of all messages that were in the view at some time.
    """

    messages: tuple[ModelMessage, ...] = ()
    listing: frozenset[str] = frozenset()
    ever: frozenset[str] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """The IDs of the messages that are there."""
        return frozenset(message.id for message in self.messages)

    @property
    def listed(self) -> bool | None:
        """Whether the user's list shows the place; None where the documentation leaves it open.

        It leaves open what a list shows when some of the messages enter lists and others do not.
        """
        if not self.ever:
            return None
        if not self.messages:
            return False
        return True if self.ids <= self.listing else None

    def with_message(self, message: ModelMessage, *, enters_list: bool) -> Self:
        """The view with one more message, at its time."""
        messages = sorted((*self.messages, message), key=lambda m: (m.time_ms, m.id))
        listing = self.listing | {message.id} if enters_list else self.listing
        return type(self)(tuple(messages), listing, self.ever | {message.id})

    def without(self, deleted: Iterable[str]) -> Self:
        """The view without the messages of these IDs."""
        named = frozenset(deleted)
        kept = tuple(message for message in self.messages if message.id not in named)
        return type(self)(kept, self.listing, self.ever)

    def through(self, time_ms: int) -> frozenset[str]:
        """The IDs of the messages at and before a time."""
        return frozenset(message.id for message in self.messages if message.time_ms <= time_ms)
