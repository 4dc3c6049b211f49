"""Views as operations meet them: without what has expired, gone when nothing is left."""

from collections.abc import Sequence
from typing import Final

from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.store.protocol import StoredView

_DAY_MS: Final = 86_400_000


def view_of(context: Context, owner: str, conversation: ConversationKey) -> StoredView | None:
    """A user's view without what has expired; None when nothing is in it."""
    view = context.store.view(owner, conversation)
    return view if view is None or not context.settings.retention_days else _expired(context, owner, view)


def views_of(context: Context, owner: str) -> list[StoredView]:
    """All views of a user that hold anything, without what has expired."""
    views = context.store.views(owner)
    if not context.settings.retention_days:
        return list(views)
    return [left for view in views if (left := _expired(context, owner, view)) is not None]


def take_away(context: Context, owner: str, view: StoredView, messages: Sequence[StoredMessage]) -> None:
    """Remove messages from one view; with the last one the conversation leaves the owner's list."""
    view.remove(messages)
    if not len(view):
        context.store.drop_view(owner, view.conversation)
    note_change(context, owner, view.conversation)


def note_change(context: Context, owner: str, conversation: ConversationKey) -> None:
    """Let lists that lag show a change of a view later; nothing happens where lists do not lag."""
    if context.settings.list_lag_ms:
        context.lists.record(owner, conversation, context.store.view(owner, conversation), context.now)


def _expired(context: Context, owner: str, view: StoredView) -> StoredView | None:
    old = view.through(context.now - context.settings.retention_days * _DAY_MS)
    if not old:
        return view
    take_away(context, owner, view, old)
    return view if len(view) else None
