"""The memory store, which also notes which rows its changes change."""

from collections.abc import Iterator, Sequence

from roamspec.emulator.disk import contents
from roamspec.emulator.disk.contents import Row
from roamspec.emulator.disk.recording_view import PRESENT, Changed, RecordingView, note_entry
from roamspec.emulator.domain.records import Account, ConversationKey, Group, StoredMessage
from roamspec.emulator.store.memory import MemoryAppStore, MemoryView
from roamspec.emulator.store.protocol import StoredView

_Place = tuple[str, ConversationKey]
"""Whose view, and of which conversation."""


class RecordingAppStore(MemoryAppStore):
    """`take_changes` gives the rows that changed since it was last asked, `rows` all.

    `basis` says what the changes build upon: a copy has the basis of its original. A store whose basis is
    not that of the rows on disk must be written whole.
    """

    __slots__ = ("_changed", "_foreign", "_touched", "basis")

    def __init__(self) -> None:
        super().__init__()
        self.basis = object()
        self._changed: Changed = {}
        self._touched: dict[_Place, StoredView] = {}
        # Views that faults put here note nothing: what the rows say that they hold.
        self._foreign: dict[_Place, dict[str, StoredMessage]] = {}

    @classmethod
    def of(cls, store: MemoryAppStore) -> "RecordingAppStore":
        """One with the contents of another, and with no changes noted."""
        twin = cls()
        twin._take_over(store)
        twin._changed.clear()
        return twin

    def copy(self) -> "RecordingAppStore":
        self._note_touched()
        twin = RecordingAppStore.of(self)
        twin.basis = self.basis
        twin._changed.update(self._changed)
        twin._foreign = {place: held.copy() for place, held in self._foreign.items()}
        return twin

    def _take_over(self, other: MemoryAppStore) -> None:
        super()._take_over(other)
        for owner, views in self._views.items():
            for conversation, view in views.items():
                if isinstance(view, MemoryView) and type(view) in (MemoryView, RecordingView):
                    views[conversation] = RecordingView.of(view, owner, self._changed)
                else:
                    self._foreign[owner, conversation] = {message.id: message for message in view}

    def take_changes(self) -> Changed:
        self._note_touched()
        # The views go on noting into the same mapping.
        taken = self._changed.copy()
        self._changed.clear()
        return taken

    @property
    def is_quiet(self) -> bool:
        """Whether nothing can have changed."""
        return not self._changed and not self._touched

    def rows(self) -> Iterator[Row]:
        for account in self._users.values():
            yield contents.user_row(account)
        for group in self._groups.values():
            yield contents.group_row(group)
            for name in group.members:
                yield contents.member_row(group, name)
        for owner, views in self._views.items():
            for view in views.values():
                yield contents.view_row(owner, view)
                for message in view:
                    yield contents.message_row(message)
                    yield contents.entry_key(owner, view.conversation, message.id), PRESENT
        for place, time_ms in self._imports.items():
            yield contents.import_row(place, time_ms)
        for hour, messages in self._sent.items():
            for message in messages:
                yield contents.message_row(message)
                yield contents.sent_key(hour, message.id), PRESENT

    def add_user(self, account: Account) -> None:
        super().add_user(account)
        self._note(contents.user_row(account))

    def remove_user(self, name: str) -> None:
        for view in self.views(name):
            self.drop_view(name, view.conversation)
        for group in self.groups_of(name):
            self._changed[contents.member_row(group, name)[0]] = None
        self._changed[contents.USER, contents.key_of(name)] = None
        super().remove_user(name)

    def add_group(self, group: Group) -> None:
        super().add_group(group)
        self._note(contents.group_row(group))
        for name in group.members:
            self._note(contents.member_row(group, name))

    def remove_group(self, group_id: str) -> None:
        group = self.group(group_id)
        if group is not None:
            self._changed[contents.group_row(group)[0]] = None
            for name in group.members:
                self._changed[contents.member_row(group, name)[0]] = None
        super().remove_group(group_id)

    def join(self, group: Group, name: str) -> None:
        super().join(group, name)
        self._note(contents.member_row(group, name))

    def leave(self, group: Group, name: str) -> None:
        self._changed[contents.member_row(group, name)[0]] = None
        super().leave(group, name)

    def view(self, owner: str, conversation: ConversationKey) -> StoredView | None:
        view = super().view(owner, conversation)
        if view is not None:
            self._touched[owner, conversation] = view
        return view

    def views(self, owner: str) -> Sequence[StoredView]:
        views = super().views(owner)
        for view in views:
            self._touched[owner, view.conversation] = view
        return views

    def open_view(self, owner: str, conversation: ConversationKey) -> StoredView:
        views = self._views[owner]
        if conversation not in views:
            views[conversation] = RecordingView(conversation, owner, self._changed)
        view = self._touched[owner, conversation] = views[conversation]
        return view

    def put_view(self, owner: str, view: StoredView) -> None:
        place = (owner, view.conversation)
        before = super().view(*place)
        held = {} if before is None else {message.id: message for message in before}
        super().put_view(owner, view)
        self._foreign[place] = self._foreign.get(place, held)
        self._touched[place] = view

    def drop_view(self, owner: str, conversation: ConversationKey) -> None:
        view = super().view(owner, conversation)
        if view is not None:
            gone = self._foreign.pop((owner, conversation), None)
            for message_id in gone if gone is not None else [message.id for message in view]:
                self._changed[contents.entry_key(owner, conversation, message_id)] = None
            self._changed[contents.view_row(owner, view)[0]] = None
            self._touched.pop((owner, conversation), None)
        super().drop_view(owner, conversation)

    def note_import(self, place: str, time_ms: int) -> None:
        super().note_import(place, time_ms)
        self._note(contents.import_row(place, time_ms))

    def note_sent(self, message: StoredMessage, hour: int, *, forget_before: int) -> None:
        before = self._sent
        super().note_sent(message, hour, forget_before=forget_before)
        if self._sent is not before:
            for old in before.keys() - self._sent.keys():
                for forgotten in before[old]:
                    self._changed[contents.sent_key(old, forgotten.id)] = None
        self._note(contents.message_row(message))
        self._changed[contents.sent_key(hour, message.id)] = PRESENT

    def _note(self, row: Row) -> None:
        key, value = row
        self._changed[key] = value

    def _note_touched(self) -> None:
        """Entries of lists change without a call, and views that faults put here change in ways of their
        own."""
        touched, self._touched = self._touched, {}
        for place, view in touched.items():
            owner = place[0]
            if place in self._foreign:
                self._note_foreign(place, view)
                self._note(contents.view_row(owner, view))
            elif isinstance(view, RecordingView):
                state = contents.state_of(view)
                if state != view.noted:
                    view.noted = state
                    self._note(contents.view_row(owner, view))

    def _note_foreign(self, place: _Place, view: StoredView) -> None:
        owner, conversation = place
        before, now = self._foreign[place], {message.id: message for message in view}
        for message_id in before.keys() - now.keys():
            self._changed[contents.entry_key(owner, conversation, message_id)] = None
        for message_id in now.keys() - before.keys():
            note_entry(self._changed, owner, conversation, now[message_id])
        self._foreign[place] = now
