"""uvicorn's connection, which tells the journal of callers that bring no whole request, and ends those whose
request has no end.

An offer to speak another protocol (`Upgrade: h2c`, which several clients make by default) is passed over, as
HTTP allows. The parser takes such a request's body for the other protocol and drops it; so the request is
read once more, without the offer.
"""

import asyncio
import json
import time
from typing import ClassVar, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from roamspec.emulator.http.endpoint import ENDLESS
from roamspec.emulator.service import Service

HEAD_WITHIN_S: Final = 20.0
HEAD_BYTES_MAX: Final = 1 << 20
"""How long, and how large, the head of a request may be that comes in several pieces."""
_OFFERING: Final = (b"upgrade", b"connection")


class Connection(HttpToolsProtocol):
    """A connection of a caller to `service`."""

    service: ClassVar[Service]
    latest = b""
    offering: list[tuple[bytes, bytes]] | None = None
    """The headers of a request with an offer, from its first reading to its second."""
    head_bytes = 0
    head_timer: asyncio.TimerHandle | None = None
    """Runs while a head has begun and not ended."""

    def data_received(self, data: bytes) -> None:
        self.latest = data
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self.offering is not None:
                self._read_again(data[upgrade.args[0] :])
            elif self._should_upgrade():
                self.handle_websocket_upgrade()
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
        if self.head_timer is not None or self._head_is_open():
            self._watch_head(len(data))

    def _head_is_open(self) -> bool:
        return self.scope is not None and "method" not in self.scope

    def _watch_head(self, received: int) -> None:
        if not self._head_is_open():
            self._unset_head_timer()
            return
        self.head_bytes += received
        if self.head_bytes > HEAD_BYTES_MAX:
            self._end_head(b"431 Request Header Fields Too Large")
        elif self.head_timer is None:
            self.head_timer = self.loop.call_later(HEAD_WITHIN_S, self._end_head, b"408 Request Timeout")

    def _unset_head_timer(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
        self.head_timer, self.head_bytes = None, 0

    def _end_head(self, status: bytes) -> None:
        """`connection_lost` writes the journal."""
        self._unset_head_timer()
        if self.cycle is not None and not self.cycle.response_complete:
            # Its bytes would fall into the response to the request before.
            self.transport.abort()
            return
        text = status.partition(b" ")[2].decode()
        body = json.dumps({"error": text.lower().replace(" ", "_"), "error_description": text}).encode()
        self.transport.write(
            b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%s" % (status, len(body), body)
        )
        self.transport.close()

    def on_headers_complete(self) -> None:
        if self.offering is not None:
            # The journal shows what was sent.
            self.headers[:] = self.offering
            self.offering = None
        elif self.parser.should_upgrade() and self._may_be_passed_over():
            self.offering = list(self.headers)
            return
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.offering is None:
            super().on_message_complete()

    def _read_again(self, rest: bytes) -> None:
        """Read the head of the request without its offer, and what came after it."""
        head = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self._version())]
        head += [b"%s: %s" % pair for pair in self.headers if pair[0] not in _OFFERING]
        options = [value.split(b",") for name, value in self.headers if name == b"connection"]
        kept = [word for words in options for word in words if word.strip().lower() != b"upgrade"]
        head += [b"connection: " + b",".join(kept)] if kept else []
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        latest = self.latest
        self.data_received(b"\r\n".join((*head, b"", rest)))
        self.latest = latest

    def _version(self) -> bytes:
        return self.parser.get_http_version().encode()

    # A private method of uvicorn: its other methods call it, and no public one decides the same.
    # The tests of offers and of WebSockets fail when uvicorn calls another one.
    def _should_upgrade(self) -> bool:
        """A WebSocket begins with GET; an offer on any other request is passed over like the rest."""
        return super()._should_upgrade() and self.parser.get_method() == b"GET"

    def _may_be_passed_over(self) -> bool:
        return self.parser.get_method() != b"CONNECT" and not self._should_upgrade()

    def send_400_response(self, msg: str) -> None:
        self.service.journal.add_broken("not-http", self.latest, _now())
        self.scope = None  # type: ignore[assignment]  # the journal has it
        super().send_400_response(msg)

    def connection_lost(self, exc: Exception | None) -> None:
        self._unset_head_timer()
        if not self.service.stopping:
            self._tell_what_is_missing()
        super().connection_lost(exc)

    def _tell_what_is_missing(self) -> None:
        cycle = self.cycle
        if self.scope is not None and "method" not in self.scope:
            self.service.journal.add_broken("half-request", self.latest, _now())
        elif (
            cycle is not None
            and not (cycle.response_complete or cycle.more_body)
            # Where a disturbance broke the connection off, the caller is not to blame.
            and "nuisance" not in cycle.scope
            and ENDLESS not in cycle.scope
        ):
            self.service.journal.add_broken("left-early", self.latest, _now())


def listening_for(service: Service) -> type[Connection]:
    """The class of a connection to `service`: uvicorn makes one for each caller."""
    return type("ConnectionToService", (Connection,), {"service": service})


def _now() -> int:
    return time.time_ns() // 1_000_000
