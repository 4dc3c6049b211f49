"""uvicorn's connection, which tells the journal of callers that bring no whole request.

An offer to speak another protocol (`Upgrade: h2c`, which several clients make by default) is passed over, as
HTTP allows. The parser takes such a request's body for the other protocol and drops it; so the request is
read once more, without the offer.
"""

import time
from typing import ClassVar, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from roamspec.emulator.http.endpoint import ENDLESS
from roamspec.emulator.service import Service

_OFFERING: Final = (b"upgrade", b"connection")


class Connection(HttpToolsProtocol):
    """A connection of a caller to `service`."""

    service: ClassVar[Service]
    latest = b""
    offering: list[tuple[bytes, bytes]] | None = None
    """The headers of a request with an offer, from its first reading to its second."""

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
