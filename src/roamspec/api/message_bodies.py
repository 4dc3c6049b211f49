"""What a message says, by its documented type: the body that a send or an import carries."""

from collections.abc import Mapping
from typing import Any, Final

TEXT: Final = "txt"
OTHER_TYPES: Final = ("img", "custom", "loc", "file", "audio", "video", "cmd")
"""The documented types beside text."""
# Files that nobody has restricted need no secret.
_FILE: Final = {"url": "https://example.com/chatfiles/1"}
_EXTENDED: Final = ("img", "file")
_BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "img": {**_FILE, "filename": "hello.jpg", "size": {"width": 480, "height": 720}},
    "custom": {"customEvent": "hello", "customExts": {"to": "all"}},
    "loc": {"lat": "39.966", "lng": "116.322", "addr": "hello"},
    "file": {**_FILE, "filename": "hello.txt"},
    "audio": {**_FILE, "filename": "hello.amr", "length": 10},
    "video": {
        **_FILE,
        "filename": "hello.mp4",
        "length": 10,
        "file_length": 58103,
        "thumb": "https://example.com/chatfiles/2",
    },
    "cmd": {"action": "hello"},
}


def content(kind: str, text: str) -> dict[str, Any]:
    """The fields `type` and `body` of a message, and of some an `ext`; `text` is what one of type `txt`
    says."""
    if kind == TEXT:
        return {"type": kind, "body": {"msg": text}}
    ext = {"ext": {"note": text}} if kind in _EXTENDED else {}
    return {"type": kind, "body": dict(_BODIES[kind]), **ext}
