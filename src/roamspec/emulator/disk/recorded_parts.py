"""What stands beside an app's store, and also notes which rows its changes change: tokens, and the messages
that wait for devices."""

from collections import deque
from collections.abc import Iterator
from typing import Final

from roamspec.emulator.devices.offline import OfflineMessages
from roamspec.emulator.disk.contents import Messages, Read, encoded, key_of, message_row, read_rows
from roamspec.emulator.disk.counting import Counting
from roamspec.emulator.disk.recording_view import Changed
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.tokens import Token, TokenBook

TOKEN: Final = "token"  # noqa: S105 - a kind of row
WAITING: Final = "waiting"


class RecordingTokens(TokenBook):
    """The tokens that one app issued."""

    __slots__ = ("_changed",)

    def __init__(self, changed: Changed) -> None:
        super().__init__()
        self._changed = changed

    def read(self, read: Read) -> None:
        """Take what the rows say."""
        super().restore({text: Token(*value) for (text,), value in read_rows(read, TOKEN)})

    def issue(self, user: str | None, ttl_s: int, now: int) -> str:
        before = self._tokens
        text = super().issue(user, ttl_s, now)
        self._note(before, self.find(text), text)
        return text

    def revoke_user(self, user: str) -> None:
        before = self._tokens
        super().revoke_user(user)
        self._note(before)

    def restore(self, tokens: dict[str, Token]) -> None:
        before = self._tokens
        super().restore(tokens)
        self._note(before)
        for text, token in tokens.items():
            self._note(self._tokens, token, text)

    def _note(self, before: dict[bytes, Token], new: Token | None = None, text: str = "") -> None:
        if self._tokens is not before:
            for header in before.keys() - self._tokens.keys():
                self._changed[TOKEN, key_of(header.decode().partition(" ")[2])] = None
        if new is not None:
            self._changed[TOKEN, key_of(text)] = encoded((new.user, new.expires_ms))


class RecordingOffline(OfflineMessages):
    """Messages that wait for users without a device; `next_key` is the next that is given."""

    __slots__ = ("_changed", "_counting")

    def __init__(self, changed: Changed) -> None:
        super().__init__()
        self._changed = changed
        self._keys = self._counting = Counting(1)

    @property
    def next_key(self) -> int:
        return self._counting.next

    def go_to(self, next_key: int) -> None:
        self._counting.next = next_key

    def read(self, read: Read, messages: Messages, next_key: int) -> None:
        """Take what the rows say."""
        for (user, key), message_id in read_rows(read, WAITING):
            self._counting.next = key
            super().add(user, messages.use(message_id))
        self._counting.next = next_key

    def add(self, user: str, message: StoredMessage) -> None:
        # A full queue loses its oldest message.
        oldest = self._oldest(user)
        super().add(user, message)
        for key in oldest - self._oldest(user):
            self._changed[WAITING, key_of(user, key)] = None
        row, value = message_row(message)
        self._changed[row] = value
        self._changed[WAITING, key_of(user, self.next_key - 1)] = encoded(message.id)

    def acknowledge(self, user: str, conversation: ConversationKey, through: int) -> None:
        before = self._held(user)
        super().acknowledge(user, conversation, through)
        self._note_gone(user, before)

    def forget(self, user: str | None = None) -> None:
        before = {name: self._held(name) for name in (self._waiting if user is None else (user,))}
        super().forget(user)
        for name, held in before.items():
            self._note_gone(name, held)

    def _oldest(self, user: str) -> set[int]:
        return {queue[0][0] for queue in self._waiting.get(user, {}).values() if queue}

    def _held(self, user: str) -> set[int]:
        queues: Iterator[deque[tuple[int, StoredMessage]]] = iter(self._waiting.get(user, {}).values())
        return {key for queue in queues for key, _ in queue}

    def _note_gone(self, user: str, before: set[int]) -> None:
        for key in before - self._held(user):
            self._changed[WAITING, key_of(user, key)] = None
