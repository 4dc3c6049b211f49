"""Messages that came while a user had no device to take them."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import count, islice
from operator import itemgetter
from typing import Final

from roamspec.emulator.domain.records import ConversationKey, StoredMessage

CHAT_MAX: Final = 500
GROUP_MAX: Final = 200
"""Messages that wait for one user at most; the oldest go. The numbers stand on a page of the vendor."""


def conversation_of(message: StoredMessage, user: str) -> ConversationKey:
    """As this user names it."""
    if message.conversation_kind != "chat":
        return ConversationKey("group", message.target)
    return ConversationKey("chat", message.target if message.sender == user else message.sender)


class OfflineMessages:
    """By user, in the order in which they came; each has a key that only ever grows."""

    __slots__ = ("_keys", "_waiting")

    def __init__(self) -> None:
        self._keys: Iterator[int] = count(1)
        self._waiting: dict[str, dict[str, deque[tuple[int, StoredMessage]]]] = {}

    def add(self, user: str, message: StoredMessage) -> None:
        """Keep a message for a user; a full queue loses its oldest one."""
        kind = "chat" if message.conversation_kind == "chat" else "group"
        self._queue(user, kind).append((next(self._keys), message))

    def put(self, user: str, key: int, message: StoredMessage) -> None:
        """Let a message wait at the place that its key gives it."""
        kind = "chat" if message.conversation_kind == "chat" else "group"
        queue = self._queue(user, kind)
        if not queue or queue[-1][0] < key:
            queue.append((key, message))
            return
        others = [held for held in queue if held[0] != key]
        queue.clear()
        queue.extend(sorted((*others, (key, message)), key=itemgetter(0)))

    def drop(self, user: str, key: int) -> None:
        """Forget one message, by its key."""
        for queue in self._waiting.get(user, {}).values():
            for held in queue:
                if held[0] == key:
                    queue.remove(held)
                    return

    def _queue(self, user: str, kind: str) -> deque[tuple[int, StoredMessage]]:
        of_user = self._waiting.setdefault(user, {})
        if kind not in of_user:
            of_user[kind] = deque(maxlen=CHAT_MAX if kind == "chat" else GROUP_MAX)
        return of_user[kind]

    def counts(self, user: str) -> dict[ConversationKey, int]:
        """How many messages wait in each conversation."""
        found: dict[ConversationKey, int] = {}
        for queue in self._waiting.get(user, {}).values():
            for _, message in queue:
                conversation = conversation_of(message, user)
                found[conversation] = found.get(conversation, 0) + 1
        return found

    def page(
        self, user: str, conversation: ConversationKey, after: int, most: int
    ) -> Sequence[tuple[int, StoredMessage]]:
        """The next messages of a conversation behind a key, with their keys."""
        queue = self._waiting.get(user, {}).get(conversation.type, ())
        fitting = (
            (key, message)
            for key, message in queue
            if key > after and conversation_of(message, user) == conversation
        )
        return list(islice(fitting, most))

    def acknowledge(self, user: str, conversation: ConversationKey, through: int) -> None:
        """Forget what a device has: the messages of a conversation up to a key."""
        queue = self._waiting.get(user, {}).get(conversation.type)
        if queue:
            kept = [
                (key, message)
                for key, message in queue
                if key > through or conversation_of(message, user) != conversation
            ]
            queue.clear()
            queue.extend(kept)

    def forget(self, user: str | None = None) -> None:
        """Forget what waits for one user, or for all."""
        if user is None:
            self._waiting.clear()
        else:
            self._waiting.pop(user, None)
