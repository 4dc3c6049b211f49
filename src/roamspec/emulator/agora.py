"""Tokens of the sister brand, version `007`, which are exchanged for tokens of the app.

Layout, little-endian: `007`, then Base64 of a zlib stream that holds the signature, made with the app's
certificate, and the content: App ID, time of issue, seconds of life, salt, services with their privileges.
"""

import hmac
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from struct import Struct, error
from typing import Final

VERSION: Final = "007"
_CHAT: Final = 5
_FOR_USER, _FOR_APP = 1, 2
# Texts behind the privileges, by the kind of service.
_TEXTS: Final = {1: 2, 2: 1, 3: 2, _CHAT: 1}
_UNPACKED_MAX: Final = 1 << 16
_SHORT, _LONG = Struct("<H"), Struct("<I")


@dataclass(frozen=True, slots=True)
class ChatGrant:
    """What a token allows; `user` is None for an app. Times are seconds since 1970."""

    app_id: str
    user: str | None
    issued_s: int
    expires_s: int


def build(app_id: str, certificate: str, *, user: str | None, issued_s: int, life_s: int, salt: int) -> str:
    """The token that the brand's own libraries build."""
    privilege = _FOR_APP if user is None else _FOR_USER
    content = b"".join(
        (
            _text(app_id.encode()), _LONG.pack(issued_s), _LONG.pack(life_s), _LONG.pack(salt),
            _SHORT.pack(1), _SHORT.pack(_CHAT),
            _SHORT.pack(1), _SHORT.pack(privilege), _LONG.pack(life_s),
            _text((user or "").encode()),
        )
    )  # fmt: skip
    signature = _signature(certificate, issued_s, salt, content)
    return VERSION + b64encode(zlib.compress(_text(signature) + content)).decode()


def read(token: str, certificate: str) -> tuple[ChatGrant, bool]:
    """What the token says, and whether this certificate signed it; ValueError for what is no such token."""
    if not token.startswith(VERSION):
        raise ValueError("no token of version 007")
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(b64decode(token[len(VERSION) :], validate=True), _UNPACKED_MAX)
        return _read(data, certificate)
    except (NotBase64, zlib.error, error, UnicodeDecodeError, KeyError) as why:
        raise ValueError("no token of version 007") from why


def _read(data: bytes, certificate: str) -> tuple[ChatGrant, bool]:
    reader = _Reader(data)
    signature = reader.text()
    content = data[reader.position :]
    app_id = reader.text().decode()
    issued_s, life_s, salt = reader.long(), reader.long(), reader.long()
    lives: dict[int, int] = {}
    user = ""
    for _ in range(reader.short()):
        kind = reader.short()
        privileges = {reader.short(): reader.long() for _ in range(reader.short())}
        texts = [reader.text() for _ in range(_TEXTS[kind])]
        if kind == _CHAT:
            lives, user = privileges, texts[0].decode()
    privilege = _FOR_USER if user else _FOR_APP
    if privilege not in lives:
        raise ValueError("a token without the privilege to chat")
    expires_s = issued_s + min(life_s, lives[privilege])
    signed = hmac.compare_digest(signature, _signature(certificate, issued_s, salt, content))
    return ChatGrant(app_id, user.lower() or None, issued_s, expires_s), signed


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def _take(self, layout: Struct) -> int:
        (value,) = layout.unpack_from(self._data, self.position)
        self.position += layout.size
        return int(value)

    def short(self) -> int:
        return self._take(_SHORT)

    def long(self) -> int:
        return self._take(_LONG)

    def text(self) -> bytes:
        size = self.short()
        value = self._data[self.position : self.position + size]
        if len(value) < size:
            raise ValueError("a token that was cut")
        self.position += size
        return value


def _text(value: bytes) -> bytes:
    return _SHORT.pack(len(value)) + value


def _signature(certificate: str, issued_s: int, salt: int, content: bytes) -> bytes:
    key = hmac.digest(_LONG.pack(issued_s), certificate.encode(), "sha256")
    return hmac.digest(hmac.digest(_LONG.pack(salt), key, "sha256"), content, "sha256")
