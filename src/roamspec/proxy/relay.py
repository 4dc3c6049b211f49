"""One connection of a client, and the connection to the service that belongs to it alone."""

import asyncio
import json
import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Literal

from roamspec.proxy.framing import AnswerReader, NotUnderstood, RequestReader, addressed, end_of_head
from roamspec.proxy.passed import PassedBody, PassedExchange, Problem
from roamspec.proxy.upstream import Upstream

_CHUNK: Final = 64 << 10
_RESET: Final = struct.pack("ii", 1, 0)
"""For SO_LINGER: a connection that is closed so ends with a reset."""

Keep = Callable[[PassedExchange], None]
_End = Literal["over", "client", "service"]
"""How a direction ended: in good order, or broken off by one of the sides."""


class Relay:
    """Passes bytes on as they come, and reads them beside that. `keep` gets each exchange once it is over."""

    def __init__(self, upstream: Upstream, keep: Keep) -> None:
        self._upstream = upstream
        self._keep = keep
        self._waiting: deque[PassedExchange] = deque()
        self._request: RequestReader | None = None
        self._answer: AnswerReader | None = None
        self._head = b""
        self._answered = asyncio.Event()
        self._answered.set()
        """Set while no request waits for its answer."""
        self._understood = True
        """False from what is no HTTP on, and where both sides have switched to another protocol."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on until either side ends it; a client gets 502 when the service cannot be
        reached."""
        first = await _read(reader)
        if not first:
            return
        try:
            from_service, to_service = await self._upstream.connect()
        except OSError as error:
            await self._cannot_connect(first, writer, error)
            return
        try:
            sending = asyncio.ensure_future(self._pass_requests(first, reader, to_service))
            answering = asyncio.ensure_future(self._pass_answers(from_service, writer))
            await self._until_over(sending, answering, to_service, writer)
        finally:
            with suppress(OSError):
                to_service.close()

    async def _until_over(
        self,
        sending: "asyncio.Future[_End]",
        answering: "asyncio.Future[_End]",
        to_service: asyncio.StreamWriter,
        to_client: asyncio.StreamWriter,
    ) -> None:
        """A side that ends ends the other one, in the same way: in good order, or broken off."""
        answered = asyncio.ensure_future(self._answered.wait())
        try:
            await asyncio.wait((sending, answering), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done() and sending.result() == "over":
                # The client has sent all that it wants to, and may wait for the rest.
                open_end = _end_writing(to_service)
                if self._understood or not open_end:
                    await asyncio.wait((answering, answered), return_when=asyncio.FIRST_COMPLETED)
                else:
                    await asyncio.wait((answering,))
            ends = {task.result() for task in (sending, answering) if task.done()}
            if "service" in ends:
                _reset(to_client)
            elif "client" in ends:
                _reset(to_service)
            self._end("left-early" if "client" in ends or not answering.done() else "broken-off")
        finally:
            for task in (sending, answering, answered):
                task.cancel()
            await asyncio.gather(sending, answering, answered, return_exceptions=True)

    async def _pass_requests(
        self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> "_End":
        """Until the client has nothing more to say."""
        data = first
        while data:
            for part in self._read_requests(data):
                writer.write(part)
            try:
                await writer.drain()
            except OSError:
                return "service"
            try:
                data = await reader.read(_CHUNK)
            except OSError:
                return "client"
        return "over"

    def _read_requests(self, data: bytes) -> list[bytes]:
        """The bytes for the service: the client's, but for the name under which it is asked."""
        out: list[bytes] = []
        while data and self._understood:
            try:
                if self._request is None:
                    self._head += data
                    data = b""
                    length = end_of_head(self._head)
                    if length is None:
                        return out
                    head, data, self._head = self._head[:length], self._head[length:], b""
                    out.append(addressed(head, self._upstream.name, self._upstream.prefix))
                    self._request = RequestReader(head, time.perf_counter_ns())
                    self._waiting.append(self._request.exchange)
                    self._answered.clear()
                taken = self._request.feed(data)
            except NotUnderstood:
                self._give_up("not-http")
                break
            out.append(data if taken is None else data[:taken])
            if taken is None:
                return out
            data, self._request = data[taken:], None
        out += [self._head, data]
        self._head = b""
        return [part for part in out if part]

    async def _pass_answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> "_End":
        """Until the service has nothing more to say."""
        while True:
            try:
                data = await reader.read(_CHUNK)
            except OSError:
                return "service"
            if data:
                writer.write(data)
            self._read_answers(data)
            if not data:
                return "over"
            try:
                await writer.drain()
            except OSError:
                return "client"

    def _read_answers(self, data: bytes) -> None:
        while self._understood and self._waiting:
            exchange = self._waiting[0]
            try:
                if self._answer is None:
                    if not data:
                        return
                    self._answer = AnswerReader(exchange)
                taken = self._answer.feed(data)
            except NotUnderstood:
                self._give_up("not-understood" if data else "broken-off")
                return
            if taken is None:
                return
            self._answer = None
            self._waiting.popleft()
            self._over(exchange)
            if exchange.switched:
                # From here on these are frames of another protocol.
                self._understood = False
            data = data[taken:]
            if not data:
                return

    def _over(self, exchange: PassedExchange, problem: Problem = "") -> None:
        exchange.problem = exchange.problem or problem
        exchange.ended_ns, exchange.ended_ms = time.perf_counter_ns(), time.time_ns() // 1_000_000
        self._keep(exchange)
        if not self._waiting:
            self._answered.set()

    def _give_up(self, problem: Problem) -> None:
        if problem == "not-http" and not self._waiting:
            self._waiting.append(PassedExchange(b"", b"", (), time.perf_counter_ns()))
        self._understood = False
        self._end(problem)

    def _end(self, problem: Problem) -> None:
        while self._waiting:
            self._over(self._waiting.popleft(), problem)

    async def _cannot_connect(self, first: bytes, writer: asyncio.StreamWriter, error: OSError) -> None:
        """What the client gets in place of an answer: there is none to be passed on."""
        with suppress(NotUnderstood):
            self._read_requests(first)
        if not self._waiting:
            self._waiting.append(PassedExchange(b"", b"", (), time.perf_counter_ns()))
        for exchange in self._waiting:
            exchange.answer = PassedBody(bytearray(_reason(error).encode()))
        self._end("no-connection")
        text = f"roamspec proxy: {self._upstream.url} cannot be reached: {_reason(error)}"
        body = json.dumps({"error": "bad_gateway", "error_description": text}).encode()
        writer.write(
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        with suppress(OSError):
            await writer.drain()


def _reason(error: OSError) -> str:
    return str(error.strerror or error or type(error).__name__)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(_CHUNK)
    except OSError:
        return b""


def _end_writing(writer: asyncio.StreamWriter) -> bool:
    """Say that nothing more comes; False where the connection has no way to say so."""
    try:
        if not writer.can_write_eof():
            return False
        writer.write_eof()
    except (OSError, RuntimeError):
        return False
    return True


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as one that was broken off."""
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
