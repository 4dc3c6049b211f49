"""What many faults have in common: what happens that should not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from roamspec.emulator.domain import deletion as sound
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.domain.records import ConversationKey, ConversationType, StoredMessage
from roamspec.emulator.domain.views import take_away, view_of, views_of
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView

Choice = Callable[[Deletion, StoredView, Sequence[StoredMessage]], Iterable[StoredMessage]]
Effect = Callable[[Deletion], None]
Body = dict[str, Any]


def carry_out(deletion: Deletion) -> None:
    """Delete as a conforming emulator does, whatever was wrong with the call."""
    sound.resolve(deletion)
    sound.select(deletion)
    sound.apply(deletion)


def take_effect(request: IncomingRequest) -> None:
    """Read the call and delete, without having looked at who calls."""
    carry_out(request.app.steps[request.deletion].parse(request))


def notify_everyone(request: IncomingRequest) -> None:
    """Read the call and tell the owner's devices, without having looked at who calls."""
    announce(request.app.steps[request.deletion].parse(request))


def announce(deletion: Deletion) -> None:
    """Tell the owner's online devices, whatever came of the call."""
    sound.notify(replace(deletion, notify=True))


def notify(deletion: Deletion, user: str, *, only: Sequence[str] | None = None, **changes: Any) -> None:
    """Tell a user's devices what the owner's are notified, with some of it changed."""
    body = sound.notice_body(deletion) | changes
    deletion.context.devices.notify(user, DeviceNotice(body, deletion.acting_device), only=only)


def loosely_parsed(request: IncomingRequest) -> Deletion:
    """The call as it stands, with nothing required of it: no IDs, any conversation, everything until now."""
    kind, query = KINDS[request.deletion], request.query
    deletion = Deletion(request.context(), kind, request.user())
    deletion.target = query.get(kind.target_parameter, "").lower()
    deletion.ids = [item for item in query.get("msgIdList", "").split(",") if item]
    text = query.get("delTime", "")
    deletion.time_ms = int(text) if text.isdecimal() and len(text) < 19 else request.now
    deletion.notify = query.get("isNotify") != "false"
    return deletion


def without_effect(request: IncomingRequest) -> Deletion:
    """A deletion that names nothing."""
    return replace(loosely_parsed(request), ids=(), time_ms=-1, notify=False)


def everywhere(deletion: Deletion) -> None:
    """Delete what the call names from all of the owner's conversations, or all that is old enough."""
    for view in own_views(deletion):
        by_ids = deletion.kind.by == "ids"
        found = view.named(deletion.ids) if by_ids else view.through(deletion.time_ms)
        take_away(deletion.context, deletion.owner, view, list(found))


def in_the_conversation(deletion: Deletion) -> None:
    """Delete all messages of the conversation that the call names."""
    conversation = deletion.conversation
    view = view_of(deletion.context, deletion.owner, conversation) if conversation else None
    if view is not None:
        take_away(deletion.context, deletion.owner, view, list(view))


def own_views(deletion: Deletion, kind: ConversationType | None = None) -> list[StoredView]:
    """The owner's views, of chats or of groups and rooms, or all."""
    views = views_of(deletion.context, deletion.owner)
    return [view for view in views if kind is None or view.conversation.type == kind]


def is_room(deletion: Deletion, conversation: ConversationKey) -> bool:
    """Whether a conversation is a chatroom."""
    group = deletion.context.store.group(conversation.id)
    return group is not None and group.kind == "room"


def others_in(deletion: Deletion, conversation: ConversationKey) -> list[tuple[str, ConversationKey]]:
    """The other participants, each with the conversation as that one names it."""
    if conversation.type == "chat":
        return [(conversation.id, ConversationKey("chat", deletion.owner))]
    group = deletion.context.store.group(conversation.id)
    members = () if group is None else group.members
    return [(name, conversation) for name in members if name != deletion.owner]


def notify_others(deletion: Deletion, conversation: ConversationKey) -> None:
    """Tell the other participants' devices, each of the conversation as that one names it."""
    for name, theirs in others_in(deletion, conversation):
        notify(deletion, name, conversation={"type": theirs.type, "id": theirs.id})


def remove_from(
    deletion: Deletion, user: str, conversation: ConversationKey, messages: Iterable[StoredMessage]
) -> None:
    """Delete messages from another user's view; nothing happens where that one does not hold them."""
    view = view_of(deletion.context, user, conversation)
    if view is not None:
        held = [message for message in messages if view.get(message.id) is not None]
        if held:
            take_away(deletion.context, user, view, held)
