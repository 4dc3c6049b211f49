"""The five one-way deletions, as a short sequence of named steps.

    authenticate  admit  parse | limits  resolve  select  apply  notify | answer

The five in the middle are here. Each takes the deletion on its way and does one thing to it; a fault
replaces one step, for the operations it breaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from roamspec.contract.limits import most_message_ids
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context, DeviceNotice
from roamspec.emulator.domain.records import ConversationKey, ConversationType, StoredMessage
from roamspec.emulator.domain.views import take_away, view_of, views_of
from roamspec.emulator.store.protocol import StoredView


@dataclass(frozen=True, slots=True)
class DeletionKind:
    """One of the five: what it names, and by what it chooses the messages."""

    operation: str
    slug: str
    by: Literal["ids", "time", "all"]
    conversation: ConversationType | None = None
    target_parameter: str = ""
    """The query parameter that names the conversation."""


KINDS: Final = {
    kind.operation: kind
    for kind in (
        DeletionKind("deleteChatMessages", "delete-chat-messages", "ids", "chat", "userId"),
        DeletionKind("deleteGroupMessages", "delete-group-messages", "ids", "group", "groupId"),
        DeletionKind("clearUser", "clear-user", "all"),
        DeletionKind("clearChatBefore", "clear-chat-before", "time", "chat", "userId"),
        DeletionKind("clearGroupBefore", "clear-group-before", "time", "group", "groupId"),
    )
}


@dataclass(slots=True)
class Deletion:
    """One deletion on its way through the steps.

    `time_ms` is inclusive. `views` is what the call speaks of (set by `resolve`); `chosen` pairs views
    with the messages that go (set by `select`).
    """

    context: Context
    kind: DeletionKind
    owner: str
    target: str = ""
    ids: Sequence[str] = ()
    time_ms: int = 0
    notify: bool = True
    acting_device: str | None = None
    views: Sequence[StoredView] = ()
    chosen: Sequence[tuple[StoredView, Sequence[StoredMessage]]] = ()

    @property
    def conversation(self) -> ConversationKey | None:
        """The conversation that the call names; None for the call that clears everything."""
        return (
            None if self.kind.conversation is None else ConversationKey(self.kind.conversation, self.target)
        )


def limits(deletion: Deletion) -> None:
    """No more IDs in one call than the contract allows."""
    ids, most = deletion.ids, most_message_ids()
    if len(ids) > most:
        counted = ids if deletion.context.settings.duplicate_ids_count else set(ids)
        if len(counted) > most:
            raise ApiError("too-many-ids")


def resolve(deletion: Deletion) -> None:
    """Find the owner's view of the conversation; others' views are never touched."""
    context = deletion.context
    if context.store.user(deletion.owner) is None:
        if context.settings.unknown_owner == 404:
            raise ApiError("unknown-owner")
        return
    conversation = deletion.conversation
    if conversation is None:
        deletion.views = views_of(context, deletion.owner)
        return
    if deletion.kind.by == "ids" and not context.settings.rooms_by_message_id and _is_room(deletion):
        return
    view = view_of(context, deletion.owner, conversation)
    if view is not None:
        deletion.views = [view]


def select(deletion: Deletion) -> None:
    """Choose the messages that go: those named, or those at and before the time."""
    if deletion.kind.by == "ids":
        deletion.chosen = [(view, view.named(deletion.ids)) for view in deletion.views]
    else:
        deletion.chosen = [(view, view.through(deletion.time_ms)) for view in deletion.views]


def apply(deletion: Deletion) -> None:
    """Remove them from the owner's views."""
    for view, messages in deletion.chosen:
        if messages:
            take_away(deletion.context, deletion.owner, view, messages)


def notify(deletion: Deletion) -> None:
    """Tell the owner's online devices."""
    devices = deletion.context.devices
    if not deletion.notify or not devices.online(deletion.owner):
        return
    settings = deletion.context.settings
    if settings.notify_without_effect or any(deleted for _, deleted in deletion.chosen):
        devices.notify(deletion.owner, DeviceNotice(notice_body(deletion), deletion.acting_device))
    if settings.conversation_deletion_notifies:
        for view, deleted in deletion.chosen:
            if deleted and not len(view):
                tell_of_conversation(
                    deletion.context, deletion.owner, view.conversation, deletion.acting_device
                )


def tell_of_conversation(
    context: Context, owner: str, conversation: ConversationKey, acting_device: str | None
) -> None:
    """Tell the owner's online devices that a conversation is deleted."""
    body = {
        "operation": "delete_conversation",
        "user": owner,
        "conversation": {"type": conversation.type, "id": conversation.id},
        "timestamp": context.now,
    }
    context.devices.notify(owner, DeviceNotice(body, acting_device))


def notice_body(deletion: Deletion) -> dict[str, Any]:
    """The deletion as JSON for devices: operation, user, conversation, IDs or time, and the call's
    timestamp."""
    kind, now = deletion.kind, deletion.context.now
    if kind.by == "all":
        return {"operation": "clear_user", "user": deletion.owner, "timestamp": now}
    body: dict[str, Any] = {
        "operation": "delete_messages" if kind.by == "ids" else "clear_before",
        "user": deletion.owner,
        "conversation": {"type": kind.conversation, "id": deletion.target},
        "timestamp": now,
    }
    if kind.by == "ids":
        body["message_ids"] = list(deletion.ids)
    else:
        body["del_time"] = deletion.time_ms
    return body


def _is_room(deletion: Deletion) -> bool:
    group = deletion.context.store.group(deletion.target)
    return group is not None and group.kind == "room"
