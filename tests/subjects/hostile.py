"""Services that misbehave on the wire: each stands before a conforming one and spoils some of its answers.

Everything else is passed on as it is, so that a run gets as far as to the calls that are spoilt.
"""

import asyncio
import json
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

DELETE_CHAT_MESSAGES: Final = re.compile(rb"DELETE /[^ ]+/rest/message/roaming/chat/user/[^/ ?]+[? ]")
CLEAR_USER: Final = re.compile(rb"POST /[^ ]+/delete/all[? ]")
PULL: Final = re.compile(rb"POST /[^ ]+/messageroaming ")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_OK = b'{"requestStatusCode":"ok","timestamp":1710309184114}'
_FOR_EVER = 3600
_DRIBBLE_S = 0.05


class Selecting(Protocol):
    """Says which requests are spoilt: a compiled pattern, or something that behaves like one."""

    def match(self, request: bytes, /) -> object: ...


class EverySecond:
    """Of the requests that a pattern matches, every second one, the first among them."""

    def __init__(self, pattern: Selecting) -> None:
        self._pattern = pattern
        self._seen = 0

    def match(self, request: bytes, /) -> object:
        if self._pattern.match(request) is None:
            return None
        self._seen += 1
        return self._seen % 2 == 1


Behaviour = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]
"""Writes its own answer in place of the conforming one, which it is given; closes if it likes."""


def _head(body: bytes, *, status: bytes = b"200 OK", media_type: bytes = b"application/json") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (status, media_type, len(body))


def _always(answer: bytes, *, close: bool = False) -> Behaviour:
    async def behave(writer: asyncio.StreamWriter, _sound: bytes) -> None:
        writer.write(answer)
        await writer.drain()
        if close:
            writer.close()

    return behave


async def _hang(_writer: asyncio.StreamWriter, _sound: bytes) -> None:
    await asyncio.sleep(_FOR_EVER)


async def _dribble(writer: asyncio.StreamWriter, sound: bytes) -> None:
    """The sound answer, one byte at a time, from the first of its head on."""
    for byte in sound:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(_DRIBBLE_S)


async def _dribble_body(writer: asyncio.StreamWriter, sound: bytes) -> None:
    head, _, body = sound.partition(b"\r\n\r\n")
    writer.write(head + b"\r\n\r\n")
    await _dribble(writer, body)


async def _endless_chunks(writer: asyncio.StreamWriter, _sound: bytes) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"400\r\n" + b" " * 1024 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0.001)


async def _endless_continue(writer: asyncio.StreamWriter, _sound: bytes) -> None:
    while True:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(_DRIBBLE_S)


async def _http_1_0(writer: asyncio.StreamWriter, sound: bytes) -> None:
    """The sound answer as an old server gives it: no length, the end of the connection ends it."""
    _, _, body = sound.partition(b"\r\n\r\n")
    status = sound.split(b" ", 2)[1]
    writer.write(b"HTTP/1.0 %b X\r\nContent-Type: application/json\r\n\r\n%b" % (status, body))
    writer.close()


def _pulled(message: str) -> Behaviour:
    """A pull whose messages all read `message`."""

    async def behave(writer: asyncio.StreamWriter, sound: bytes) -> None:
        head, _, body = sound.partition(b"\r\n\r\n")
        answer = json.loads(body)
        for item in answer["data"]["msgs"] if head.startswith(b"HTTP/1.1 200") else []:
            item["msg"] = message
        text = json.dumps(answer).encode()
        writer.write(_head(text) + text)

    return behave


_TEN_MEGABYTES = _OK[:-1] + b',"padding":"' + b"x" * (10 << 20) + b'"}'
_HTML = b"<!DOCTYPE html><title>Sign in</title><p>Welcome to the hotel's network.</p>"


def behaviours(elsewhere: str) -> Mapping[str, Behaviour]:
    """All of them for the deletion, by name; redirects point to the URL `elsewhere`."""
    redirect = b"HTTP/1.1 %b\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n"
    return {
        "hangs": _hang,
        "dribbles": _dribble,
        "dribbles-the-body": _dribble_body,
        "closes-at-once": _always(b"", close=True),
        "closes-mid-head": _always(b"HTTP/1.1 200 OK\r\nContent-Le", close=True),
        "closes-mid-answer": _always(_head(_OK) + _OK[:20], close=True),
        "answers-html": _always(_head(_HTML, media_type=b"text/html") + _HTML),
        "answers-10-megabytes": _always(_head(_TEN_MEGABYTES) + _TEN_MEGABYTES),
        "endless-chunks": _endless_chunks,
        "endless-continue": _endless_continue,
        "redirects-302": _always(redirect % (b"302 Found", elsewhere.encode())),
        "redirects-307": _always(redirect % (b"307 Temporary Redirect", elsewhere.encode())),
        "invalid-json": _always(_head(_OK[:-1]) + _OK[:-1]),
        "deeply-nested-json": _always(_head(b"[" * 100_000) + b"[" * 100_000),
        "not-utf-8": _always(_head(b'{"\xff\xfe":"\xc3') + b'{"\xff\xfe":"\xc3'),
        "empty-body": _always(_head(b"")),
        "no-http": _always(b"SSH-2.0-OpenSSH_9.6\r\n", close=True),
        "http-1.0": _http_1_0,
    }


PULLS: Final[Mapping[str, Behaviour]] = {
    "no-base64": _pulled("\u00e4!"),
    "no-protobuf": _pulled("/////w=="),
    "another-message": _pulled("CAE="),
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """Where it listens."""

    base_url: str


class _Proxy:
    def __init__(self, upstream: tuple[str, int], spoilt: Selecting, behave: Behaviour) -> None:
        self._upstream = upstream
        self._spoilt = spoilt
        self._behave = behave

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            above = await asyncio.open_connection(*self._upstream)
            try:
                while not writer.is_closing():
                    request = await _message(reader)
                    above[1].write(request)
                    answer = await _message(above[0])
                    if self._spoilt.match(request):
                        await self._behave(writer, answer)
                    else:
                        writer.write(answer)
                        await writer.drain()
            finally:
                above[1].close()
                writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One request or answer, head and body, of a side that tells the length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


@contextmanager
def standing_before(base_url: str, spoilt: Selecting, behave: Behaviour) -> Iterator[Hostile]:
    """A service that behaves like that at `base_url`, but for the requests whose head `spoilt` matches."""
    host, _, port = base_url.removeprefix("http://").partition(":")
    proxy = _Proxy((host, int(port)), spoilt, behave)
    with _listening(proxy.serve) as place:
        yield Hostile(place)


class Trap:
    """A server on which nobody may ever call."""

    def __init__(self) -> None:
        self.visits = 0

    async def _count(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()

    @contextmanager
    def set(self) -> Iterator[str]:
        """The trap's URL for as long as the block lasts."""
        with _listening(self._count) as place:
            yield place


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def _listening(serve: Serve) -> Iterator[str]:
    """A server in a thread of its own, on a free port; its URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def close(server: asyncio.Server) -> None:
        server.close()
        # A connection that was accepted just before has its task a turn of the loop later.
        for _ in range(5):
            await asyncio.sleep(0)
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", 0), loop).result()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
