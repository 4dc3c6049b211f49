"""A view of the memory store, which also notes which rows its changes change."""

from collections.abc import Sequence

from roamspec.emulator.disk.contents import ViewState, entry_key, message_row
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.store.memory import MemoryView

Changed = dict[tuple[str, str], str | None]
"""By kind and key the new value of a row, or None for one that goes."""

PRESENT = "1"
"""The value of a row whose key says all."""


class RecordingView(MemoryView):
    """One user's messages of one conversation. Its entry in the list changes without a call: `noted` is the
    state that the rows have."""

    __slots__ = ("_changed", "noted", "owner")

    def __init__(self, conversation: ConversationKey, owner: str, changed: Changed) -> None:
        super().__init__(conversation)
        self.owner = owner
        self.noted: ViewState | None = None
        self._changed = changed

    @classmethod
    def of(cls, view: MemoryView, owner: str, changed: Changed) -> "RecordingView":
        """One with the contents of another, which notes into `changed`."""
        twin = cls(view.conversation, owner, changed)
        twin._take_over(view)
        twin.noted = view.noted if isinstance(view, RecordingView) else None
        return twin

    def add(self, message: StoredMessage) -> None:
        super().add(message)
        note_entry(self._changed, self.owner, self.conversation, message)

    def remove(self, messages: Sequence[StoredMessage]) -> None:
        for message in messages:
            self._changed[entry_key(self.owner, self.conversation, message.id)] = None
        super().remove(messages)

    def copy(self) -> "RecordingView":
        # Until a store takes the copy, nobody asks for its changes.
        return RecordingView.of(self, self.owner, {})


def note_entry(changed: Changed, owner: str, conversation: ConversationKey, message: StoredMessage) -> None:
    """A view holds a message."""
    row, value = message_row(message)
    changed[row] = value
    changed[entry_key(owner, conversation, message.id)] = PRESENT
