"""A message as clients read it, pulled or handed to a device: its `Meta`, with the sender's `ext`."""

import json
from typing import Any

from roamspec.emulator.domain.records import StoredMessage
from roamspec.wire import PulledMessage
from roamspec.wire.message import message_meta
from roamspec.wire.message_body_pb2 import KeyValue, MessageBody, Meta


def message_as_meta(message: StoredMessage, app_key: str) -> Meta:
    """A message as the protobuf that clients decode; `app_key` stands in its names."""
    # The records keep plain texts; the wire's types list the same values.
    values: dict[str, Any] = {"chat_type": message.conversation_kind, "kind": message.type}
    pulled = PulledMessage(
        message.id, message.sender, message.target, time_ms=message.time_ms, text=message.text, **values
    )
    meta = message_meta(pulled, app_key)
    ext = (message.extra or {}).get("ext")
    if ext:
        body = MessageBody.FromString(meta.payload)
        body.ext.extend(_pair(key, value) for key, value in ext.items())
        meta.payload = body.SerializeToString()
    return meta


def _pair(key: str, value: Any) -> KeyValue:
    if isinstance(value, bool):
        return KeyValue(key=key, type=KeyValue.BOOL, varintValue=int(value))
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return KeyValue(key=key, type=KeyValue.LLINT, varintValue=value)
    if isinstance(value, float):
        return KeyValue(key=key, type=KeyValue.DOUBLE, doubleValue=value)
    if isinstance(value, str):
        return KeyValue(key=key, type=KeyValue.STRING, stringValue=value)
    return KeyValue(key=key, type=KeyValue.JSON_STRING, stringValue=json.dumps(value, ensure_ascii=False))
