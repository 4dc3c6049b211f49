"""Carries an injection out: rejects the call, or serves it over a connection that fails."""

import asyncio
import socket
import struct
from typing import Any, Final

from starlette.types import Message, Receive, Send

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.extension import Serve
from roamspec.emulator.http.errors import ROWS, ErrorTableRow
from roamspec.faults.disturbances.injection import Injection
from roamspec.faults.disturbances.rule import DisturbanceRule

_NO_LINGER: Final = struct.pack("ii", 1, 0)
_PIECES: Final = 10
_TEXTS: Final = {"500": "Internal Server Error", "502": "Bad Gateway", "503": "Service Unavailable"}
for _status, _text in _TEXTS.items():
    ROWS[f"nuisance {_status}"] = ErrorTableRow(
        int(_status), _text, _text, f"{_text.replace(' ', '')}Exception"
    )


async def apply_disturbance(injection: Injection, serve: Serve, receive: Receive, send: Send) -> None:
    """Let one call, whose body has been read, happen as the injection says."""
    if injection.delay_ms:
        await asyncio.sleep(injection.delay_ms / 1000)
    rule = injection.rule
    if rule is None:
        await serve(send, None)
    elif rule.kind in ("429", "401", *_TEXTS):
        await serve(send, _refusal(rule))
    elif rule.kind == "reset":
        await _reset(receive, send)
    else:
        await _serve_badly(rule, serve, receive, send)


def _refusal(rule: DisturbanceRule) -> ApiError:
    if rule.kind == "429":
        return ApiError("over-rate", **({} if rule.retry_after < 0 else {"retry_after": rule.retry_after}))
    return ApiError("expired-token" if rule.kind == "401" else f"nuisance {rule.kind}")


async def _serve_badly(rule: DisturbanceRule, serve: Serve, receive: Receive, send: Send) -> None:
    """The call has its effect; its response is held back, and then sent as the rule wants it."""
    sent: list[Message] = []

    async def hold(message: Message) -> None:
        sent.append(message)

    await serve(hold, None)
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    if rule.kind == "lost-answer":
        await _reset(receive, send)
    elif rule.kind == "truncated":
        await _send_part(receive, send, _with_length(start, len(body)), body[: len(body) // 2])
    elif rule.kind == "wrong-length":
        await _send_part(receive, send, _with_length(start, len(body) + rule.bytes), body)
    else:
        await _dribble(send, _with_length(start, len(body)), body, rule.ms / 1000)


def _with_length(start: Message, length: int) -> Message:
    kept = [header for header in start["headers"] if header[0] != b"content-length"]
    return {**start, "headers": [*kept, (b"content-length", b"%d" % length)]}


async def _send_part(receive: Receive, send: Send, start: Message, body: bytes) -> None:
    """Begin a response and leave: the server closes the connection over what is missing."""
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": True})
    transport = _transport(send)
    if transport is not None:
        transport.close()
        await _disconnected(receive)


async def _dribble(send: Send, start: Message, body: bytes, seconds: float) -> None:
    await send(start)
    step = max(1, -(-len(body) // _PIECES))
    pieces = [body[i : i + step] for i in range(0, len(body), step)]
    for piece in pieces:
        await asyncio.sleep(seconds / len(pieces))
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _reset(receive: Receive, send: Send) -> None:
    """Break the connection off, so that the client's next read fails."""
    transport = _transport(send)
    if transport is None:
        raise ConnectionResetError("the emulator resets the connection on purpose")
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
    await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    """Until the server knows that the connection is closed; it would complain of a missing answer before."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _transport(send: Send) -> Any:
    """The connection below uvicorn's `send`; None where a call has none, as in process."""
    return getattr(getattr(send, "__self__", None), "transport", None)
