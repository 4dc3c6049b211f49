"""Secrets leave no trace in what the emulator shows about requests: `<redacted:kind>` stands there."""

import re
from typing import Final

_TOKEN: Final = re.compile(r"YWMt[A-Za-z0-9_-]{20,}")
_FIELD: Final = re.compile(r'("(?:client_secret|password|access_token)"\s*:\s*)"(?:[^"\\]|\\.)*"')
_SECRET_HEADERS: Final = frozenset((b"authorization", b"cookie", b"proxy-authorization"))


def header_text(name: bytes, value: bytes) -> str:
    if name not in _SECRET_HEADERS:
        return body_text(value)
    scheme, space, rest = value.partition(b" ")
    if not rest:
        return "<redacted:token>" if value else ""
    return f"{scheme.decode('latin-1')}{space.decode()}<redacted:token>"


def body_text(body: bytes) -> str:
    """Text of a body, with token texts and the values of secret fields replaced."""
    text = _FIELD.sub(r'\1"<redacted:secret>"', body.decode("utf-8", "replace"))
    return _TOKEN.sub("<redacted:token>", text)
