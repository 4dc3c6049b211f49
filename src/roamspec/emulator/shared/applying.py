"""Takes over into a live app what rows say: changes of other workers, and what stands in place of its own."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.disk import contents
from roamspec.emulator.disk.contents import ENTRY, GROUP, IMPORT, MEMBER, MESSAGE, SENT, USER, VIEW
from roamspec.emulator.disk.kept_app import APP, COUNTERS, SNAPSHOT, KeptApp
from roamspec.emulator.disk.recorded_parts import TOKEN, WAITING
from roamspec.emulator.disk.recording_view import RecordingView
from roamspec.emulator.domain.records import Account, ConversationKey, Group, StoredMessage
from roamspec.emulator.shared.hub import DEVICE, SharedHub
from roamspec.emulator.shared.limits import LIMIT, RecordingLimits
from roamspec.emulator.shared.rows import Row, split
from roamspec.emulator.store.memory import MemoryAppStore
from roamspec.emulator.tokens import Token


@dataclass
class Applied:
    """`lists` are the conversations whose entries in lists may have changed, `behaviour` what the app's own
    row says now, `is_stale` that the rest must be read anew."""

    lists: dict[tuple[str, ConversationKey], None] = field(default_factory=dict)
    behaviour: Any = None
    is_stale: bool = False


class Applier:
    """Of one app; `limits` and `hub` are the app's own."""

    def __init__(self, kept: KeptApp, limits: RecordingLimits, hub: SharedHub) -> None:
        self._kept = kept
        self._limits = limits
        self._hub = hub
        self._messages: dict[str, StoredMessage] = {}
        self._found = Applied()

    @property
    def _app(self) -> App:
        return self._kept.app

    @property
    def _store(self) -> MemoryAppStore:
        store = self._app.store
        assert isinstance(store, MemoryAppStore)
        return store

    def apply(self, rows: Iterable[Row]) -> Applied:
        """Rows of messages stand before those that name them. Nothing of it counts as a change of this
        worker's."""
        self._messages, self._found = {}, Applied()
        for name, value in rows:
            kind, key = split(name)
            _BY_KIND[kind](self, json.loads(key) if key else [], None if value is None else json.loads(value))
        return self._found

    def _user(self, key: list[Any], value: Any) -> None:
        (name,) = key
        if value is None:
            self._store.remove_user(name)
        elif self._store.user(name) is None:
            self._store.add_user(Account(name, *value))

    def _group(self, key: list[Any], value: Any) -> None:
        (group_id,) = key
        if value is None:
            self._store.remove_group(group_id)
            return
        kind, owner, attributes, created_ms = value
        group = self._store.group(group_id)
        if group is None:
            self._store.add_group(Group(group_id, kind, owner, {}, attributes, created_ms))
        else:
            group.owner, group.attributes = owner, attributes

    def _member(self, key: list[Any], value: Any) -> None:
        group_id, name = key
        group = self._store.group(group_id)
        if group is None:
            return
        if value is None:
            self._store.leave(group, name)
            return
        self._store.join(group, name)
        if not value:
            group.joined.discard(name)

    def _message(self, key: list[Any], value: Any) -> None:
        (message_id,) = key
        if value is not None:
            self._messages[message_id] = StoredMessage(message_id, *value)

    def _view(self, key: list[Any], value: Any) -> None:
        owner, kind, target = key
        conversation = ConversationKey(kind, target)
        self._found.lists[owner, conversation] = None
        if value is None:
            self._store.drop_view(owner, conversation)
        elif self._store.user(owner) is not None:
            view = self._store.open_view(owner, conversation)
            view.listed, view.created_ms, view.unread, view.top_ms, marks = value
            view.marks = tuple(marks)
            if isinstance(view, RecordingView):
                view.noted = contents.state_of(view)

    def _entry(self, key: list[Any], value: Any) -> None:
        owner, kind, target, message_id = key
        conversation = ConversationKey(kind, target)
        self._found.lists[owner, conversation] = None
        if value is not None and self._store.user(owner) is not None:
            self._store.open_view(owner, conversation).add(self._messages[message_id])
        elif value is None:
            view = self._store.view(owner, conversation)
            message = None if view is None else view.get(message_id)
            if view is not None and message is not None:
                view.remove([message])

    def _import(self, key: list[Any], value: Any) -> None:
        (place,) = key
        self._store.note_import(place, value or 0)

    def _sent(self, key: list[Any], value: Any) -> None:
        hour, message_id = key
        if value is None:
            self._store.forget_sent(message_id, hour)
        else:
            self._store.note_sent(self._messages[message_id], hour, forget_before=0)

    def _token(self, key: list[Any], value: Any) -> None:
        (text,) = key
        if value is None:
            self._app.tokens.drop(text)
        else:
            self._app.tokens.put(text, Token(*value))

    def _waiting(self, key: list[Any], value: Any) -> None:
        user, number = key
        if value is None:
            self._kept.offline.drop(user, number)
        else:
            self._kept.offline.put(user, number, self._messages[value])

    def _counters(self, key: list[Any], value: Any) -> None:  # noqa: ARG002
        message_second, group_second, next_waiting = value
        before = self._app.ids.seconds
        self._app.ids.resume((max(message_second, before[0]), max(group_second, before[1])))
        self._kept.offline.go_to(next_waiting)

    def _app_row(self, key: list[Any], value: Any) -> None:  # noqa: ARG002
        self._found.behaviour = value

    def _snapshot(self, key: list[Any], value: Any) -> None:  # noqa: ARG002
        self._found.is_stale = True

    def _device(self, key: list[Any], value: Any) -> None:
        (name,) = key
        self._hub.put(name, value)

    def _limit(self, key: list[Any], value: Any) -> None:
        bucket, most, number = key
        self._limits.put(bucket, most, number, value)


_BY_KIND: Final[dict[str, Callable[[Applier, list[Any], Any], None]]] = {
    USER: Applier._user,
    GROUP: Applier._group,
    MEMBER: Applier._member,
    MESSAGE: Applier._message,
    VIEW: Applier._view,
    ENTRY: Applier._entry,
    IMPORT: Applier._import,
    SENT: Applier._sent,
    TOKEN: Applier._token,
    WAITING: Applier._waiting,
    COUNTERS: Applier._counters,
    APP: Applier._app_row,
    SNAPSHOT: Applier._snapshot,
    DEVICE: Applier._device,
    LIMIT: Applier._limit,
}
