"""Lists that lag behind: what a call records in them counts once the call has happened."""

from collections import deque

from roamspec.emulator.domain.lists import ListEntry, ListHistory, entry_of
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.store.protocol import StoredView


class StagedLists(ListHistory):
    """The list history of an app while a call is computed: what it records can be undone."""

    __slots__ = ("_staged",)

    def __init__(self, before: ListHistory) -> None:
        super().__init__()
        self._shown, self._pending = before._shown, before._pending
        self._staged: list[tuple[str, tuple[int, ConversationKey, ListEntry | None]]] = []

    def record(self, owner: str, conversation: ConversationKey, view: StoredView | None, now: int) -> None:
        """Note an entry; it counts once `settle` is called."""
        self._staged.append((owner, (now, conversation, None if view is None else entry_of(view))))

    def settle(self) -> None:
        """It has happened."""
        for owner, change in self._staged:
            self._pending.setdefault(owner, deque()).append(change)
        self._staged.clear()

    def undo(self) -> None:
        """Forget what was noted since `settle` was called last."""
        self._staged.clear()
