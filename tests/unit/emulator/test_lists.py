"""Conversation lists: order, unread counts, lag, capacity and retention."""

from dataclasses import replace

from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.conversations import conversation_list, delete_conversation
from roamspec.emulator.domain.delivery import OutgoingMessage, send_to_user
from roamspec.emulator.domain.records import ConversationKey

from .conftest import NOW, imported

DAY_MS = 86_400_000


def names(context: Context, owner: str) -> list[str]:
    return [entry.conversation.id for entry in conversation_list(context, owner)]


def say(context: Context, sender: str, receiver: str) -> str:
    return send_to_user(context, OutgoingMessage(sender, "txt", "x", None), receiver)


def test_within_one_millisecond_the_later_message_counts(context: Context) -> None:
    say(context, "carol", "alice")
    say(context, "bob", "alice")
    assert names(context, "alice") == ["bob", "carol"]
    say(context, "alice", "carol")
    assert names(context, "alice") == ["carol", "bob"]
    unread = {e.conversation.id: e.unread for e in conversation_list(context, "alice")}
    assert unread == {"bob": 1, "carol": 1}


def test_a_list_lags_in_both_directions(context: Context) -> None:
    context.settings = replace(context.settings, list_lag_ms=100)
    say(context, "bob", "alice")
    assert names(context, "alice") == []
    context.now = NOW + 99
    assert names(context, "alice") == []
    context.now = NOW + 100
    assert names(context, "alice") == ["bob"]
    delete_conversation(context, "alice", ConversationKey("chat", "bob"), with_messages=True)
    assert names(context, "alice") == ["bob"]
    context.now = NOW + 200
    assert names(context, "alice") == []


def test_the_newest_message_that_enters_lists_is_shown(context: Context) -> None:
    shown = say(context, "bob", "alice")
    imported(context, "bob", "alice", NOW + 1)
    (entry,) = conversation_list(context, "alice")
    assert entry.last is not None
    assert entry.last.id == shown


def test_expired_messages_leave_and_take_the_conversation_along(context: Context) -> None:
    context.settings = replace(context.settings, retention_days=3)
    say(context, "bob", "alice")
    context.now = NOW + 3 * DAY_MS - 1
    assert names(context, "alice") == ["bob"]
    context.now = NOW + 3 * DAY_MS
    assert names(context, "alice") == []


def test_a_conversation_beyond_the_capacity_keeps_its_messages(context: Context) -> None:
    context.settings = replace(context.settings, conversation_capacity=1)
    say(context, "bob", "alice")
    context.now = NOW + 1
    say(context, "carol", "alice")
    assert names(context, "alice") == ["carol"]
    view = context.store.view("alice", ConversationKey("chat", "bob"))
    assert view is not None
    assert len(view) == 1
