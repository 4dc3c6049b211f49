"""How a message reaches the views of those who may pull it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.history import note_sent
from roamspec.emulator.domain.records import ConversationKey, Group, StoredMessage
from roamspec.emulator.domain.views import note_change


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What is being said, before it is said to anybody in particular."""

    sender: str
    type: str
    text: str
    extra: dict[str, Any] | None
    ignored: Collection[str] = ()
    """Users who never see the message when they pull."""
    online_only: bool = False
    """Only receivers with an online device get it."""
    read: bool = False
    """Imported as one that its receivers have read already."""
    copy_to_sender: bool = False
    """Also handed to the sender's online devices."""
    acting_device: str | None = None
    """The device that sends it; None for a message sent over REST."""


def send_to_user(context: Context, draft: OutgoingMessage, receiver: str) -> str:
    """Returns the message's ID, also when the receiver does not exist."""
    message = _to_user(context, draft, receiver, context.now, _enters_lists(context, draft))
    if receiver != draft.sender and context.store.user(receiver) is not None:
        context.devices.carry(receiver, message, keep=not draft.online_only)
    if draft.copy_to_sender or draft.acting_device is not None:
        context.devices.carry(draft.sender, message, acting_device=draft.acting_device)
    return message.id


def send_to_group(context: Context, draft: OutgoingMessage, group_id: str, kind: str) -> str:
    """To a group or chatroom; returns the message's ID, also when there is no such group."""
    message = _to_group(context, draft, group_id, kind, context.now, _enters_lists(context, draft))
    group = context.store.group(group_id)
    if group is not None and group.kind == kind:
        for member in group.members:
            if member != draft.sender:
                keep = kind == "group" and not draft.online_only
                context.devices.carry(member, message, keep=keep)
            elif kind == "group" or draft.acting_device is not None:
                context.devices.carry(member, message, acting_device=draft.acting_device)
    return message.id


def _enters_lists(context: Context, draft: OutgoingMessage) -> bool:
    return draft.acting_device is not None or context.settings.rest_messages_create_conversations


def import_to_user(context: Context, draft: OutgoingMessage, receiver: str, time_ms: int | None) -> str:
    """Import a message into a one-to-one conversation; returns its ID. `time_ms` None takes the service's
    clock."""
    at = _import_time(context, "|".join(("chat", *sorted((draft.sender, receiver)))), None, time_ms)
    listed = context.settings.imported_messages_create_conversations
    return _to_user(context, draft, receiver, at, listed).id


def import_to_group(context: Context, draft: OutgoingMessage, group_id: str, time_ms: int | None) -> str:
    """Import a message into a group; returns its ID. `time_ms` None takes the service's clock."""
    group = context.store.group(group_id)
    at = _import_time(context, f"group|{group_id}", group, time_ms)
    listed = context.settings.imported_messages_create_conversations
    return _to_group(context, draft, group_id, "group", at, listed).id


def seed(
    context: Context,
    draft: OutgoingMessage,
    target: ConversationKey,
    time_ms: int,
    listed: bool | None = None,
) -> str:
    """Like a message of that time, sent over REST; `listed` decides whether it enters the lists."""
    if listed is None:
        listed = context.settings.rest_messages_create_conversations
    if target.type == "chat":
        return _to_user(context, draft, target.id, time_ms, listed).id
    group = context.store.group(target.id)
    kind = "group" if group is None else group.kind
    return _to_group(context, draft, target.id, kind, time_ms, listed).id


def _to_user(
    context: Context, draft: OutgoingMessage, receiver: str, time_ms: int, listed: bool
) -> StoredMessage:
    message = _message(context, draft, receiver, "chat", time_ms, listed)
    deliver(context, message, draft.sender, ConversationKey("chat", receiver))
    if receiver != draft.sender and _may_pull(context, draft, receiver):
        deliver(context, message, receiver, ConversationKey("chat", draft.sender), read=draft.read)
    return message


def _to_group(
    context: Context, draft: OutgoingMessage, group_id: str, kind: str, time_ms: int, listed: bool
) -> StoredMessage:
    message = _message(context, draft, group_id, kind, time_ms, listed)
    group = context.store.group(group_id)
    if group is not None and group.kind == kind and (kind == "group" or context.settings.chatroom_roaming):
        conversation = ConversationKey("group", group_id)
        for member in _receivers(context, draft, group):
            deliver(context, message, member, conversation, read=draft.read)
    return message


def _receivers(context: Context, draft: OutgoingMessage, group: Group) -> Iterable[str]:
    return (name for name in group.members if name == draft.sender or _may_pull(context, draft, name))


def _may_pull(context: Context, draft: OutgoingMessage, name: str) -> bool:
    return name not in draft.ignored and (not draft.online_only or bool(context.devices.online(name)))


def _message(
    context: Context, draft: OutgoingMessage, target: str, kind: str, time_ms: int, listed: bool
) -> StoredMessage:
    message_id = context.ids.message(context.now, growing=context.settings.message_ids == "growing")
    enters = listed and (kind != "room" or context.settings.rooms_in_lists)
    # One name object per user rather than one per message.
    sender = context.store.user(draft.sender)
    name = draft.sender if sender is None else sender.name
    message = StoredMessage(
        message_id, name, target, kind, time_ms, draft.type, draft.text, draft.extra, enters
    )
    note_sent(context, message)
    return message


def deliver(
    context: Context, message: StoredMessage, owner: str, conversation: ConversationKey, *, read: bool = False
) -> None:
    """Put a message into one user's view; nothing happens for a user who does not exist."""
    store = context.store
    if store.user(owner) is None:
        return
    view = store.open_view(owner, conversation)
    view.add(message)
    if message.enters_lists:
        if not view.listed:
            view.listed, view.created_ms = True, context.now
            _evict(context, owner)
        if owner != message.sender and not read:
            view.unread += 1
    note_change(context, owner, conversation)


def _evict(context: Context, owner: str) -> None:
    """Keep the list within its capacity: the longest inactive conversation leaves it."""
    capacity = context.settings.conversation_capacity
    if context.store.count_views(owner) <= capacity:
        return
    listed = [view for view in context.store.views(owner) if view.listed]
    if len(listed) > capacity:
        newest = {view.conversation: view.newest() for view in listed}
        oldest = min(listed, key=lambda view: getattr(newest[view.conversation], "time_ms", 0))
        oldest.listed = False
        note_change(context, owner, oldest.conversation)


def _import_time(context: Context, place: str, group: Group | None, time_ms: int | None) -> int:
    """When the message is dated; `place` names the conversation, the same for both of its sides."""
    at = _checked_time(context, place, group, time_ms)
    context.store.note_import(place, at)
    return at


def _checked_time(context: Context, place: str, group: Group | None, time_ms: int | None) -> int:
    settings = context.settings
    if settings.imports == "refused":
        raise ApiError("import-refused")
    strict = settings.import_timestamps == "increasing"
    if time_ms is None or (time_ms == 0 and not strict):
        return context.now
    if strict:
        if time_ms < 1000 or time_ms > context.now:
            raise ApiError("import-timestamp", text="msg_timestamp must lie between 1000 and now")
        if group is not None and time_ms < group.created_ms:
            raise ApiError("import-timestamp", text="msg_timestamp is before the group was created")
        if time_ms <= context.store.last_import(place):
            raise ApiError("import-timestamp", text="msg_timestamp must grow within a conversation")
    elif time_ms < 0:
        raise ApiError("import-timestamp", text="msg_timestamp must not be negative")
    return time_ms
