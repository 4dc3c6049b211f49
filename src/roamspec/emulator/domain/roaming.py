"""Pulling a conversation's messages, page by page, in either direction."""

from collections.abc import Collection
from dataclasses import dataclass

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.ids import time_of_message
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.domain.views import view_of
from roamspec.emulator.store.protocol import StoredView


@dataclass(frozen=True, slots=True)
class PullQuery:
    """`cursor` is what an earlier page gave, or a message ID; times are Unix milliseconds, inclusive."""

    conversation: ConversationKey
    cursor: str = ""
    newer: bool = False
    size: int = 20
    start_ms: int | None = None
    end_ms: int | None = None
    senders: Collection[str] = ()
    types: Collection[str] = ()

    def accepts(self, message: StoredMessage) -> bool:
        """Whether a message is of the senders and types that the query asks for."""
        return (not self.senders or message.sender in self.senders) and (
            not self.types or message.type in self.types
        )


@dataclass(frozen=True, slots=True)
class Page:
    """`cursor` is empty on the last page."""

    messages: list[StoredMessage]
    cursor: str


def pull(context: Context, owner: str, query: PullQuery) -> Page:
    """One page of an owner's view; ApiError when roaming is not open or the page is too large."""
    settings = context.settings
    if not settings.message_roaming:
        raise ApiError("pull-not-open")
    if query.size > settings.pull_page_max:
        raise ApiError("page-too-large", most=settings.pull_page_max)
    view = view_of(context, owner, query.conversation)
    if view is None:
        return Page([], "")
    size = min(query.size, settings.pull_page_cap or query.size)
    found: list[StoredMessage] = []
    for message in view.walk(_start(view, query), newer=query.newer):
        if query.newer:
            if query.end_ms is not None and message.time_ms > query.end_ms:
                break
        elif query.start_ms is not None and message.time_ms < query.start_ms:
            break
        if not query.accepts(message):
            continue
        if len(found) == size:
            return Page(found, f"{found[-1].time_ms}_{found[-1].id}")
        found.append(message)
    return Page(found, "")


def _start(view: StoredView, query: PullQuery) -> tuple[int, str] | None:
    """Where to walk from: the cursor, or the near end of the time range, whichever is farther on."""
    cursor = _position(view, query.cursor) if query.cursor else None
    if query.newer and query.start_ms is not None:
        edge = (query.start_ms, "")
        return edge if cursor is None else max(edge, cursor)
    if not query.newer and query.end_ms is not None:
        edge = (query.end_ms + 1, "")
        return edge if cursor is None else min(edge, cursor)
    return cursor


def _position(view: StoredView, cursor: str) -> tuple[int, str]:
    time_text, underscore, message_id = cursor.partition("_")
    if not underscore:
        message = view.get(cursor)
        if message is not None:
            return message.time_ms, message.id
        # The message does not exist any more; its ID still tells the second it was sent in.
        time_text, message_id = "", cursor
    if not (message_id.isascii() and message_id.isdigit() and len(message_id) < 21):
        raise ApiError("bad-cursor")
    if not underscore:
        return time_of_message(int(message_id)), message_id
    if not (
        time_text.removeprefix("-").isascii()
        and time_text.removeprefix("-").isdigit()
        and len(time_text) < 20
    ):
        raise ApiError("bad-cursor")
    return int(time_text), message_id
