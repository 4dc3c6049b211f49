"""Percent escapes, queries and JSON bodies of callers who may send anything."""

import json
import re
from typing import Any, Final, NoReturn
from urllib.parse import unquote_to_bytes

from roamspec.emulator.domain.api_error import ApiError

_BROKEN_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def decoded(raw: str) -> str:
    """One path segment or query part, percent-decoded once; rejected when it is no UTF-8."""
    if "%" not in raw:
        if raw.isascii():
            return raw
        raise ApiError("bad-encoding")
    if _BROKEN_ESCAPE.search(raw):
        raise ApiError("bad-encoding")
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ApiError("bad-encoding") from error


def parse_query(raw: bytes) -> dict[str, str]:
    """First value of each key; empty pairs, as `&&` and `?&` make them, are passed over."""
    parsed: dict[str, str] = {}
    text = raw.decode("latin-1")
    plain = "%" not in text and "+" not in text and text.isascii()
    for pair in text.split("&"):
        if pair:
            key, _, value = pair.partition("=")
            if not plain:
                key, value = decoded(key.replace("+", " ")), decoded(value.replace("+", " "))
            parsed.setdefault(key, value)
    return parsed


def parse_json(body: bytes) -> Any:
    """A JSON value that can be written again as UTF-8; everything else is rejected."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
        if b"\\u" in body:
            # A lone surrogate parses, and would fail when the message is pulled.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise ApiError("bad-json") from error
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
