"""Conversation lists, and deleting a conversation."""

from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.lists import ListEntry, entry_of
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.domain.views import note_change, take_away, view_of, views_of


def conversation_list(context: Context, owner: str) -> list[ListEntry]:
    """The owner's conversations, the latest active first, as old as the settings make the list."""
    lag = context.settings.list_lag_ms
    # Reading the views makes what has expired leave the list, also a lagging one.
    live = [entry for view in views_of(context, owner) if (entry := entry_of(view)) is not None]
    entries = context.lists.read(owner, context.now - lag) if lag else live
    return sorted(entries, key=lambda entry: entry.active, reverse=True)


def delete_conversation(
    context: Context, owner: str, conversation: ConversationKey, *, with_messages: bool
) -> None:
    """Take a conversation off the owner's list, with or without its messages."""
    view = view_of(context, owner, conversation)
    if view is None:
        return
    if with_messages:
        take_away(context, owner, view, list(view))
        return
    view.listed, view.unread, view.top_ms, view.marks = False, 0, 0, ()
    note_change(context, owner, conversation)
