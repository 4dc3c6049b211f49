"""Reading a request's body: bounded in bytes and in time."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.types import Receive

from roamspec.emulator.domain.api_error import ApiError

TIMEOUT_S: Final = 20
PASSED_OVER_S: Final = 3
_PASSED_OVER_MAX: Final = 64 << 20
"""Bytes of a body that is too large which are read all the same, for so many seconds: who is still sending
when the connection closes does not get to see the response."""


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the headers announce a body."""
    return b"content-length" in headers or b"transfer-encoding" in headers


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, most: int) -> bytes | None:
    """The whole body, at most `most` bytes; None when the caller went away.

    Rejected when it is too large, does not arrive in time, or the server ends. A caller who asks before
    sending, or announces far too much, is rejected at once.
    """
    length = headers.get(b"content-length", b"0")
    announced = int(length) if len(length) <= 18 else most + _PASSED_OVER_MAX + 1
    if announced > most and (announced > most + _PASSED_OVER_MAX or b"expect" in headers):
        raise ApiError("body-too-large")
    chunks: list[bytes] = []
    total = 0
    try:
        async with asyncio.timeout(TIMEOUT_S if announced <= most else PASSED_OVER_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                chunk: bytes = message.get("body", b"")
                total += len(chunk)
                if total <= most:
                    chunks.append(chunk)
                ended = not message.get("more_body", False)
                if total > most and (ended or total > most + _PASSED_OVER_MAX):
                    raise ApiError("body-too-large")
                if ended:
                    return b"".join(chunks)
    except TimeoutError as error:
        raise ApiError("timeout" if max(announced, total) <= most else "body-too-large") from error
    except asyncio.CancelledError as error:
        # The server ends and waits no longer for the rest.
        raise ApiError("stopping") from error
