"""What the domain asks of a store.

A store keeps; it decides nothing. All calls are synchronous, and calls made within one request are
not interleaved with those of another.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from roamspec.emulator.domain.records import Account, ConversationKey, Group, StoredMessage


class StoredView(Protocol):
    """One user's messages of one conversation, ordered by (time, ID), and its entry in the user's list.

    `listed` says whether the list shows it; `created_ms` is when it entered the list.
    """

    conversation: ConversationKey
    listed: bool
    created_ms: int
    unread: int
    top_ms: int
    marks: tuple[str, ...]

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[StoredMessage]:
        """From the oldest to the newest."""

    def get(self, message_id: str) -> StoredMessage | None:
        """The message of this ID; None when the view does not have it."""

    def named(self, message_ids: Iterable[str]) -> Sequence[StoredMessage]:
        """Those of these IDs that it holds."""

    def add(self, message: StoredMessage) -> None:
        """Put a message in at its time; one that is there already stays as it is."""

    def remove(self, messages: Sequence[StoredMessage]) -> None:
        """Forget these messages; those it does not hold are passed over."""

    def through(self, time_ms: int) -> Sequence[StoredMessage]:
        """The messages at and before a time."""

    def walk(self, position: tuple[int, str] | None, *, newer: bool) -> Iterator[StoredMessage]:
        """Messages beyond a (time, ID), nearest first; without one from the oldest or the newest."""

    def newest(self) -> StoredMessage | None:
        """The latest message; None when the view is empty."""

    def shown_in_list(self) -> StoredMessage | None:
        """The newest message that enters lists, else the newest of all."""

    def copy(self) -> "StoredView":
        """An independent view with the same contents."""


class AppStore(Protocol):
    """One app's users, groups, chatrooms and views."""

    def user(self, name: str) -> Account | None:
        """The account of this name; None when there is none."""

    def users(self) -> Iterable[Account]:
        """All accounts, in the order in which they were registered."""

    def count_users(self) -> int:
        """How many accounts there are."""

    def add_user(self, account: Account) -> None:
        """Register an account, which has no views yet."""

    def remove_user(self, name: str) -> None:
        """Forget the user and all of the user's views."""

    def group(self, group_id: str) -> Group | None:
        """The group or chatroom of this ID; None when there is none."""

    def groups(self) -> Iterable[Group]:
        """All groups and chatrooms, in the order in which they were made."""

    def add_group(self, group: Group) -> None:
        """Add a group or chatroom with its members."""

    def remove_group(self, group_id: str) -> None:
        """Remove a group or chatroom; the views that members have of it stay."""

    def groups_of(self, name: str) -> Sequence[Group]:
        """Groups and chatrooms that the user is a member of."""

    def join(self, group: Group, name: str) -> None:
        """Make a user a member."""

    def leave(self, group: Group, name: str) -> None:
        """End a membership; nothing happens when there is none."""

    def view(self, owner: str, conversation: ConversationKey) -> StoredView | None:
        """A user's view of a conversation; None when there is none."""

    def views(self, owner: str) -> Sequence[StoredView]:
        """All views of a user."""

    def count_views(self, owner: str) -> int:
        """How many views a user has."""

    def open_view(self, owner: str, conversation: ConversationKey) -> StoredView:
        """The view, made if there is none."""

    def put_view(self, owner: str, view: StoredView) -> None:
        """Let this view stand for its conversation, for a user who exists."""

    def last_import(self, place: str) -> int:
        """Time of the conversation's last imported message, in Unix milliseconds; 0 when there is none."""

    def note_import(self, place: str, time_ms: int) -> None:
        """Keep when the last message was imported at a place, in Unix milliseconds."""

    def note_sent(self, message: StoredMessage, hour: int, *, forget_before: int) -> None:
        """Keep what was sent in an hour, counted since 1970; earlier hours than `forget_before` go."""

    def sent_in_hour(self, hour: int) -> Sequence[StoredMessage]:
        """In the order in which they were sent."""

    def drop_view(self, owner: str, conversation: ConversationKey) -> None:
        """Remove a user's view; nothing happens when there is none."""

    def copy(self) -> "AppStore":
        """An independent store with the same contents; messages, which nobody changes, are shared."""
