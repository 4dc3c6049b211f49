"""One pulled message: base64 around `Meta`, which carries a `MessageBody`."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from google.protobuf.message import DecodeError

from roamspec.wire.message_body_pb2 import JID, MessageBody, Meta

ChatType = Literal["chat", "group", "room"]
Kind = Literal["txt", "img", "video", "loc", "audio", "file", "cmd", "custom"]

_CHAT_NUMBER: Final[dict[ChatType, MessageBody.Type]] = {
    "chat": MessageBody.CHAT,
    "group": MessageBody.GROUPCHAT,
    "room": MessageBody.CHATROOM,
}
_CHAT_NAME: Final = {number: name for name, number in _CHAT_NUMBER.items()}
_KINDS: Final = get_args(Kind)
"""In the order of the protocol's content types, from 0."""
# What a reader sees as the message's text lives in another field for these kinds.
_TEXT_FIELD: Final[dict[str, str]] = {
    "txt": "text",
    "loc": "address",
    "cmd": "action",
    "custom": "customEvent",
}
USER_DOMAIN: Final = "easemob.com"
GROUP_DOMAIN: Final = "conference.easemob.com"
_LARGEST_ID: Final = 2**64


@dataclass(frozen=True, slots=True)
class PulledMessage:
    """What a pull tells about one message; `time_ms` is Unix milliseconds, `id` a decimal string.

    `text` is the text of a `txt` message, the action of a `cmd`, the event of a `custom`, the address
    of a `loc`, and the display name of a file of any other kind.
    """

    id: str
    sender: str
    receiver: str
    chat_type: ChatType
    time_ms: int
    text: str
    kind: Kind = "txt"


def encode_message(message: PulledMessage, app_key: str) -> str:
    """The text that stands in `data.msgs[].msg`; `app_key` is `org#app`.

    ValueError when the id is no decimal number below 2**64 or the text is no valid Unicode.
    """
    return b64encode(message_meta(message, app_key).SerializeToString()).decode("ascii")


def message_meta(message: PulledMessage, app_key: str) -> Meta:
    """The protobuf around which `encode_message` puts base64; the same errors."""
    if not (message.id.isascii() and message.id.isdigit() and int(message.id) < _LARGEST_ID):
        raise ValueError(f"message id {message.id!r} does not fit the wire format")
    domain = USER_DOMAIN if message.chat_type == "chat" else GROUP_DOMAIN
    sender = JID(appKey=app_key, name=message.sender, domain=USER_DOMAIN)
    receiver = JID(appKey=app_key, name=message.receiver, domain=domain)
    content = MessageBody.Content(type=_KINDS.index(message.kind))  # type: ignore[arg-type]  # enums are open
    setattr(content, _TEXT_FIELD.get(message.kind, "displayName"), message.text)
    body = MessageBody(type=_CHAT_NUMBER[message.chat_type], to=receiver, contents=[content])
    meta = Meta(id=int(message.id), to=receiver, timestamp=message.time_ms, ns=Meta.CHAT)
    # Clients read the people from the body, so both carry them.
    for part in (meta, body):
        address_from(part).CopyFrom(sender)
    meta.payload = body.SerializeToString()
    return meta


def address_from(part: Meta | MessageBody) -> JID:
    """The field `from`, whose name is a keyword."""
    return cast(JID, getattr(part, "from"))


def decode_message(text: str) -> PulledMessage:
    """Read what `encode_message` or a service wrote.

    ValueError for anything that is not base64, not the protobuf, or lacks what a message must have.
    """
    try:
        meta = Meta.FromString(b64decode(text, validate=True))
        body = MessageBody.FromString(meta.payload)
    except (binascii.Error, DecodeError) as error:
        raise ValueError(f"not a message: {error}") from error
    if not meta.HasField("id") or not meta.HasField("timestamp") or meta.ns != Meta.CHAT:
        raise ValueError("not a message: the envelope lacks an id, a timestamp or the chat namespace")
    if body.type not in _CHAT_NAME or not body.contents:
        raise ValueError("not a message: the body lacks a known type or its content")
    content = body.contents[0]
    if content.type not in range(len(_KINDS)):
        raise ValueError(f"not a message: content type {content.type} is not known")
    kind = cast(Kind, _KINDS[content.type])
    return PulledMessage(
        id=str(meta.id),
        sender=address_from(body).name,
        receiver=body.to.name,
        chat_type=_CHAT_NAME[body.type],
        time_ms=meta.timestamp,
        text=getattr(content, _TEXT_FIELD.get(kind, "displayName")),
        kind=kind,
    )
