"""Reading a body: whole, too large, too slow, abandoned, or cut off by the end of the server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http import body
from roamspec.emulator.http.body import read_body


def sending(*messages: dict[str, Any]) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    return receive


def part(data: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


def read(*messages: dict[str, Any], length: bytes = b"9", most: int = 100) -> bytes | None:
    return asyncio.run(read_body({b"content-length": length}, sending(*messages), most))


def test_parts_are_joined() -> None:
    assert read(part(b"ab"), part(b""), part(b"c", more=False)) == b"abc"


def test_who_leaves_gets_nothing() -> None:
    assert read(part(b"ab"), {"type": "http.disconnect"}) is None


@pytest.mark.parametrize("length", [b"9" * 10, b"9" * 19])
def test_far_too_large_is_rejected_before_it_is_sent(length: bytes) -> None:
    with pytest.raises(ApiError, match="body-too-large"):
        read(length=length)


def test_too_large_is_rejected_at_once_where_the_caller_asks_before_sending() -> None:
    headers = {b"content-length": b"101", b"expect": b"100-continue"}
    with pytest.raises(ApiError, match="body-too-large"):
        asyncio.run(read_body(headers, sending(), 100))


@pytest.mark.parametrize("length", [b"5", b"120"])
def test_too_large_is_read_to_its_end_and_rejected(length: bytes) -> None:
    receive = sending(part(b"x" * 60), part(b"x" * 60), part(b"", more=False), part(b"rest", more=False))
    with pytest.raises(ApiError, match="body-too-large"):
        asyncio.run(read_body({b"content-length": length}, receive, 100))
    assert asyncio.run(read_body({}, receive, 100)) == b"rest"


def test_too_large_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_PASSED_OVER_MAX", 10)
    with pytest.raises(ApiError, match="body-too-large"):
        read(part(b"x" * 111), length=b"5")
    monkeypatch.setattr(body, "PASSED_OVER_S", 0.01)
    with pytest.raises(ApiError, match="body-too-large"):
        read(part(b"x"), length=b"101")


def test_too_slow_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "TIMEOUT_S", 0.01)
    with pytest.raises(ApiError, match="timeout"):
        read(part(b"ab"))


def test_a_server_that_ends_says_so() -> None:
    async def cancelled() -> None:
        reading = asyncio.ensure_future(read_body({b"content-length": b"9"}, sending(part(b"a")), 100))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(ApiError, match="stopping"):
            await reading

    asyncio.run(cancelled())
