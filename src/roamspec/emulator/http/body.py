"""Reading a request's body: bounded in bytes and in time."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.types import Receive

from roamspec.emulator.domain.refusal import Refusal

TIMEOUT_S: Final = 20


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    return b"content-length" in headers or b"transfer-encoding" in headers


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, most: int) -> bytes | None:
    """The whole body, at most `most` bytes; None when the caller went away.

    Refused when it is too large, also before it was sent, does not arrive in time, or the server ends.
    """
    length = headers.get(b"content-length", b"0")
    if len(length) > 18 or int(length) > most:
        raise Refusal("body-too-large")
    chunks: list[bytes] = []
    total = 0
    try:
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                chunk: bytes = message.get("body", b"")
                total += len(chunk)
                if total > most:
                    raise Refusal("body-too-large")
                chunks.append(chunk)
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError as error:
        raise Refusal("timeout") from error
    except asyncio.CancelledError as error:
        # The server ends and waits no longer for the rest.
        raise Refusal("stopping") from error
