"""Entries of conversation lists, and what a list that lags behind still shows."""

from collections import deque
from dataclasses import dataclass

from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.store.protocol import StoredView


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One conversation of a list; times are Unix milliseconds, `top_ms` is 0 when it is not pinned."""

    conversation: ConversationKey
    unread: int
    top_ms: int
    marks: tuple[str, ...]
    created_ms: int
    last: StoredMessage | None

    @property
    def active(self) -> tuple[int, str, ConversationKey]:
        """The moment of the newest message; its ID decides within one millisecond."""
        if self.last is None:
            return self.created_ms, "", self.conversation
        return self.last.time_ms, self.last.id, self.conversation


def entry_of(view: StoredView) -> ListEntry | None:
    """The view's entry as of now; None when the list does not show it."""
    if not view.listed:
        return None
    return ListEntry(
        view.conversation, view.unread, view.top_ms, view.marks, view.created_ms, view.shown_in_list()
    )


class ListHistory:
    """Changes of lists that readers do not see yet; used only while lists lag."""

    __slots__ = ("_pending", "_shown")

    def __init__(self) -> None:
        self._shown: dict[str, dict[ConversationKey, ListEntry]] = {}
        self._pending: dict[str, deque[tuple[int, ConversationKey, ListEntry | None]]] = {}

    def record(self, owner: str, conversation: ConversationKey, view: StoredView | None, now: int) -> None:
        """Note what an owner's list shows of a conversation from `now` (Unix milliseconds) on; None when it
        is gone."""
        entry = None if view is None else entry_of(view)
        self._pending.setdefault(owner, deque()).append((now, conversation, entry))

    def read(self, owner: str, until: int) -> list[ListEntry]:
        """The list as it was at a time, in Unix milliseconds."""
        shown = self._shown.setdefault(owner, {})
        pending = self._pending.get(owner, deque())
        while pending and pending[0][0] <= until:
            _, conversation, entry = pending.popleft()
            if entry is None:
                shown.pop(conversation, None)
            else:
                shown[conversation] = entry
        return list(shown.values())

    def start(self, owner: str, entries: list[ListEntry]) -> None:
        """Begin with a list that readers see already."""
        self._shown[owner] = {entry.conversation: entry for entry in entries}

    def forget(self, owner: str) -> None:
        """Forget a user who was deleted."""
        self._shown.pop(owner, None)
        self._pending.pop(owner, None)
