"""What a device sends: messages, and acknowledgements of those that it received."""

import json
from collections.abc import Iterable
from typing import Any, Final, Literal

from roamspec.emulator.apps import App
from roamspec.emulator.domain import delivery
from roamspec.emulator.domain.delivery import OutgoingMessage
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.domain.views import view_of
from roamspec.emulator.websocket import frames
from roamspec.wire.message import address_from
from roamspec.wire.message_body_pb2 import KeyValue, MessageBody, Meta
from roamspec.wire.msync_pb2 import Status

_KINDS: Final = ("txt", "img", "video", "loc", "audio", "file", "cmd", "custom")
_TEXTS: Final = {"txt": "text", "loc": "address", "cmd": "action", "custom": "customEvent"}
_MESSAGES: Final = {
    MessageBody.NORMAL: "chat",
    MessageBody.CHAT: "chat",
    MessageBody.GROUPCHAT: "group",
    MessageBody.CHATROOM: "room",
}
_ACKS: Final = (MessageBody.READ_ACK, MessageBody.DELIVER_ACK)
# What of a content the REST form of a body has, under its name there.
_FIELDS: Final = (
    ("url", "remotePath"), ("secret", "secretKey"), ("file_length", "fileLength"), ("length", "duration"),
    ("lat", "latitude"), ("lng", "longitude"), ("thumb", "thumbnailRemotePath"),
    ("thumb_secret", "thumbnailSecretKey"),
)  # fmt: skip


class NotSent(Exception):  # noqa: N818 - no fault, an answer
    """A status and its reason."""

    def __init__(self, code: Status.ErrorCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def send(app: App, user: str, device: str, meta: Meta) -> int:
    """Hand on what the device sent; returns the service's ID of it.

    NotSent for what cannot be sent, DecodeError for a body that is none.
    """
    body = MessageBody.FromString(meta.payload)
    if len(meta.payload) > app.settings.message_bytes_max:
        raise NotSent(Status.FAIL, "message is too large")
    if body.type in _MESSAGES:
        return _message(app, user, device, meta, body)
    context = app.context(app.clock.now())
    peer = meta.to.name.lower()
    if body.type == MessageBody.CHANNEL_ACK:
        kind: Literal["chat", "group"] = "group" if meta.to.domain.startswith("conference.") else "chat"
        view = view_of(context, user, ConversationKey(kind, meta.to.name if kind == "group" else peer))
        if view is not None:
            view.unread = 0
    elif body.type not in _ACKS:
        raise NotSent(Status.UNKNOWN_COMMAND, "this type of message is not known here")
    server_id = int(context.ids.message(context.now))
    if body.type in _ACKS:
        _hand_on(app, user, meta, body, peer, server_id)
    return server_id


def _message(app: App, user: str, device: str, meta: Meta, body: MessageBody) -> int:
    draft = _draft(user, device, meta, body)
    context = app.context(app.clock.now())
    kind = _MESSAGES[body.type]
    if kind == "chat":
        return int(delivery.send_to_user(context, draft, meta.to.name.lower()))
    group = context.store.group(meta.to.name)
    if group is None or group.kind != kind:
        raise NotSent(Status.FAIL, "group or chatroom does not exist")
    if user not in group.members:
        raise NotSent(Status.PERMISSION_DENIED, "not a member")
    return int(delivery.send_to_group(context, draft, group.id, kind))


def _draft(user: str, device: str, meta: Meta, body: MessageBody) -> OutgoingMessage:
    if not meta.to.name or not body.contents:
        raise NotSent(Status.MISSING_PARAMETER, "a message needs a receiver and a content")
    content = body.contents[0]
    if content.type not in range(len(_KINDS)):
        raise NotSent(Status.WRONG_PARAMETER, "this type of content is not known here")
    kind = _KINDS[content.type]
    rest = {key: getattr(content, name) for key, name in _FIELDS if content.HasField(name)}
    if content.customExts:
        rest["v2:customExts"] = _plain(content.customExts)
    ext = _plain(body.ext)
    extra = {"body": rest, "ext": ext} if rest or ext else None
    text = str(getattr(content, _TEXTS.get(kind, "displayName")))
    online_only = meta.routetype == Meta.ROUTE_ONLINE
    return OutgoingMessage(user, kind, text, extra, online_only=online_only, acting_device=device)


def _hand_on(app: App, user: str, meta: Meta, body: MessageBody, peer: str, server_id: int) -> None:
    """An acknowledgement goes to the sender of what it acknowledges, and is kept nowhere."""
    now = app.clock.now()
    sender = frames.jid(str(app.key), ConversationKey("chat", user))
    sent = Meta(id=server_id, to=meta.to, timestamp=now, ns=Meta.CHAT)
    for part in (sent, body):
        address_from(part).CopyFrom(sender)
    sent.payload = body.SerializeToString()
    app.devices.forward(peer, frames.synced([sent], sender, now))


def _plain(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    """Typed pairs as JSON."""
    found: dict[str, Any] = {}
    for pair in pairs:
        if pair.type == KeyValue.BOOL:
            found[pair.key] = bool(pair.varintValue)
        elif pair.type in (KeyValue.INT, KeyValue.UINT, KeyValue.LLINT):
            found[pair.key] = pair.varintValue
        elif pair.type in (KeyValue.FLOAT, KeyValue.DOUBLE):
            found[pair.key] = pair.floatValue if pair.type == KeyValue.FLOAT else pair.doubleValue
        elif pair.type == KeyValue.JSON_STRING:
            found[pair.key] = _parsed(pair.stringValue)
        else:
            found[pair.key] = pair.stringValue
    return found


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
