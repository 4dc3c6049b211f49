"""The store of a single process: dictionaries and sorted lists."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from roamspec.emulator.domain.records import Account, ConversationKey, Group, StoredMessage
from roamspec.emulator.store.protocol import StoredView

_SLACK: Final = 32
"""Removed messages that may linger in the order before it is renewed, besides an eighth of all."""


def _position(message: StoredMessage) -> tuple[int, str]:
    return message.time_ms, message.id


def _time(message: StoredMessage) -> int:
    return message.time_ms


class MemoryView:
    """A dictionary by ID beside a list in order; removal from the list is put off and done in bulk."""

    __slots__ = ("_by_id", "_order", "conversation", "created_ms", "listed", "marks", "top_ms", "unread")

    def __init__(self, conversation: ConversationKey) -> None:
        self.conversation = conversation
        self.listed = False
        self.created_ms = 0
        self.unread = 0
        self.top_ms = 0
        self.marks: tuple[str, ...] = ()
        self._by_id: dict[str, StoredMessage] = {}
        self._order: list[StoredMessage] = []

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[StoredMessage]:
        return self.walk(None, newer=True)

    def get(self, message_id: str) -> StoredMessage | None:
        return self._by_id.get(message_id)

    def named(self, message_ids: Iterable[str]) -> Sequence[StoredMessage]:
        by_id = self._by_id
        return [by_id[message_id] for message_id in message_ids if message_id in by_id]

    def add(self, message: StoredMessage) -> None:
        by_id, order = self._by_id, self._order
        if message.id in by_id:
            return
        if not order or _position(order[-1]) < _position(message):
            order.append(message)
        else:
            if len(order) != len(by_id):
                # The message may be one that was removed and lingers: it must not stand there twice.
                order = self._order = [old for old in order if old.id in by_id]
            insort(order, message, key=_position)
        by_id[message.id] = message

    def remove(self, messages: Sequence[StoredMessage]) -> None:
        by_id, order, count = self._by_id, self._order, len(messages)
        if len(order) == len(by_id) and order[:count] == messages:
            # All of the oldest, as clearing up to a time removes them: nothing needs to linger.
            self._remove_oldest(count)
            return
        for message in messages:
            by_id.pop(message.id, None)
        lingering = len(order) - len(by_id)
        if lingering > _SLACK + len(by_id) // 8:
            self._order = [message for message in order if message.id in by_id] if by_id else []

    def _remove_oldest(self, count: int) -> None:
        oldest = self._order[:count]
        del self._order[:count]
        if count > len(self._order):
            self._by_id = {message.id: message for message in self._order}
        else:
            for message in oldest:
                del self._by_id[message.id]

    def through(self, time_ms: int) -> Sequence[StoredMessage]:
        older = self._order[: bisect_right(self._order, time_ms, key=_time)]
        if len(self._order) == len(self._by_id):
            return older
        return [message for message in older if message.id in self._by_id]

    def walk(self, position: tuple[int, str] | None, *, newer: bool) -> Iterator[StoredMessage]:
        order, by_id = self._order, self._by_id
        if newer:
            start = 0 if position is None else bisect_right(order, position, key=_position)
            indices = range(start, len(order))
        else:
            start = len(order) if position is None else bisect_left(order, position, key=_position)
            indices = range(start - 1, -1, -1)
        for index in indices:
            if order[index].id in by_id:
                yield order[index]

    def newest(self) -> StoredMessage | None:
        return next(self.walk(None, newer=False), None)

    def shown_in_list(self) -> StoredMessage | None:
        entering = (message for message in self.walk(None, newer=False) if message.enters_lists)
        return next(entering, None) or self.newest()

    def copy(self) -> "MemoryView":
        twin = MemoryView(self.conversation)
        twin._take_over(self)
        return twin

    def _take_over(self, other: "MemoryView") -> None:
        """Hold what the other one holds, in copies."""
        self.listed, self.created_ms, self.unread = other.listed, other.created_ms, other.unread
        self.top_ms, self.marks = other.top_ms, other.marks
        self._by_id, self._order = other._by_id.copy(), other._order.copy()


class MemoryAppStore:
    """One app's things; the cost of a call does not grow with other users or conversations."""

    __slots__ = ("_groups", "_imports", "_memberships", "_sent", "_users", "_views")

    def __init__(self) -> None:
        self._users: dict[str, Account] = {}
        self._groups: dict[str, Group] = {}
        self._imports: dict[str, int] = {}
        self._memberships: dict[str, dict[str, Group]] = {}
        self._sent: dict[int, list[StoredMessage]] = {}
        self._views: dict[str, dict[ConversationKey, StoredView]] = {}

    def user(self, name: str) -> Account | None:
        return self._users.get(name)

    def users(self) -> Iterable[Account]:
        return self._users.values()

    def count_users(self) -> int:
        return len(self._users)

    def add_user(self, account: Account) -> None:
        self._users[account.name] = account
        self._views[account.name] = {}

    def remove_user(self, name: str) -> None:
        self._users.pop(name, None)
        self._views.pop(name, None)
        for group in self._memberships.pop(name, {}).values():
            group.members.pop(name, None)

    def group(self, group_id: str) -> Group | None:
        return self._groups.get(group_id)

    def groups(self) -> Iterable[Group]:
        return self._groups.values()

    def add_group(self, group: Group) -> None:
        self._groups[group.id] = group
        for name in group.members:
            self._memberships.setdefault(name, {})[group.id] = group

    def remove_group(self, group_id: str) -> None:
        group = self._groups.pop(group_id, None)
        if group is not None:
            for name in group.members:
                self._memberships[name].pop(group_id, None)

    def groups_of(self, name: str) -> Sequence[Group]:
        return tuple(self._memberships.get(name, {}).values())

    def join(self, group: Group, name: str) -> None:
        group.members[name] = None
        group.joined.add(name)
        self._memberships.setdefault(name, {})[group.id] = group

    def leave(self, group: Group, name: str) -> None:
        group.members.pop(name, None)
        group.joined.discard(name)
        self._memberships.get(name, {}).pop(group.id, None)

    def view(self, owner: str, conversation: ConversationKey) -> StoredView | None:
        views = self._views.get(owner)
        return None if views is None else views.get(conversation)

    def views(self, owner: str) -> Sequence[StoredView]:
        return tuple(self._views.get(owner, {}).values())

    def count_views(self, owner: str) -> int:
        return len(self._views.get(owner, ()))

    def open_view(self, owner: str, conversation: ConversationKey) -> StoredView:
        views = self._views[owner]
        view = views.get(conversation)
        if view is None:
            view = views[conversation] = MemoryView(conversation)
        return view

    def put_view(self, owner: str, view: StoredView) -> None:
        self._views[owner][view.conversation] = view

    def last_import(self, place: str) -> int:
        return self._imports.get(place, 0)

    def note_import(self, place: str, time_ms: int) -> None:
        self._imports[place] = time_ms

    def note_sent(self, message: StoredMessage, hour: int, *, forget_before: int) -> None:
        messages = self._sent.get(hour)
        if messages is None:
            self._sent = {kept: value for kept, value in self._sent.items() if kept >= forget_before}
            messages = self._sent[hour] = []
        messages.append(message)

    def sent_in_hour(self, hour: int) -> Sequence[StoredMessage]:
        return tuple(self._sent.get(hour, ()))

    def forget_sent(self, message_id: str, hour: int) -> None:
        """As if it had not been sent."""
        messages = self._sent.get(hour, [])
        # It is one of the latest, unless the whole hour goes.
        for index in range(len(messages) - 1, -1, -1):
            if messages[index].id == message_id:
                del messages[index]
                break
        if not messages:
            self._sent.pop(hour, None)

    def drop_view(self, owner: str, conversation: ConversationKey) -> None:
        self._views.get(owner, {}).pop(conversation, None)

    def copy(self) -> "MemoryAppStore":
        twin = MemoryAppStore()
        twin._take_over(self)
        return twin

    def _take_over(self, other: "MemoryAppStore") -> None:
        """Hold what the other one holds, in copies."""
        self._users, self._imports = other._users.copy(), other._imports.copy()
        self._sent = {hour: messages.copy() for hour, messages in other._sent.items()}
        for group in other._groups.values():
            self.add_group(replace(group, members=group.members.copy(), joined=set(group.joined)))
        for owner, views in other._views.items():
            self._views[owner] = {conversation: view.copy() for conversation, view in views.items()}
