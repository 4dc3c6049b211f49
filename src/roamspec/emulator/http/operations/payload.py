"""A message as JSON that clients read: `bodies`, `ext`, `from` and `to`."""

from typing import Any, Final

from roamspec.emulator.domain.records import StoredMessage

TEXT_FIELD: Final = {"txt": "msg", "loc": "addr", "cmd": "action", "custom": "customEvent"}
"""Which field of a body a reader sees, by the type of message; `filename` for the rest."""
CHAT_TYPES: Final = {"chat": "chat", "group": "groupchat", "room": "chatroom"}


def payload_of(message: StoredMessage) -> dict[str, Any]:
    """The JSON object of a message, as lists and history files hold it."""
    extra = message.extra or {}
    text = {TEXT_FIELD.get(message.type, "filename"): message.text}
    return {
        "bodies": [{"type": message.type} | text | extra.get("body", {})],
        "from": message.sender,
        "to": message.target,
        "ext": extra.get("ext", {}),
    }
