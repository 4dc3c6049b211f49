"""A deletion as a client SDK reads it: the JSON of a `Meta` of the name space NOTIFY."""

import json
from typing import Any

from roamspec.emulator.domain.context import DeviceNotice
from roamspec.wire.message import address_from
from roamspec.wire.message_body_pb2 import JID, Meta


def notice_meta(notice: DeviceNotice, meta_id: int, address: JID, now_ms: int) -> Meta:
    """`address` is the user who is notified."""
    # A client's decoder takes no byte below 0x10, so the JSON has no line breaks.
    text = json.dumps(_content(notice), separators=(",", ":"), ensure_ascii=False)
    meta = Meta(id=meta_id, to=address, timestamp=now_ms, ns=Meta.NOTIFY, payload=text.encode())
    # A client reads the name of the sender of whatever comes.
    address_from(meta).CopyFrom(address)
    return meta


def _content(notice: DeviceNotice) -> dict[str, Any]:
    body = notice.body
    conversation = body.get("conversation") or {}
    resource = notice.acting_device or ""
    in_chat = conversation.get("type") == "chat"
    if body.get("operation") == "delete_conversation":
        return {
            "type": "conv",
            "data": {
                "op": "del",
                "id": conversation.get("id", ""),
                "type": "chat" if in_chat else "groupchat",
                "from": body.get("user", ""),
                "res": resource,
                "ts": body.get("timestamp", 0),
            },
        }
    data: dict[str, Any] = {"resource": resource}
    if "id" in conversation:
        data |= {"chatType": "chat" if in_chat else "groupchat", "to": conversation["id"]}
    # A client of the fourth line ignores both, one of the fifth needs one of them.
    if "message_ids" in body:
        data["msgIdList"] = body["message_ids"]
    if "del_time" in body:
        data["deleteTime"] = body["del_time"]
    return {"type": "roaming_delete", "data": data}
