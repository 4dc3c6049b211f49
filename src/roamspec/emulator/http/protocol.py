"""uvicorn's connection, which tells the journal of callers that bring no whole request."""

import time

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from roamspec.emulator.service import Service


def listening_for(service: Service) -> type[HttpToolsProtocol]:
    """The class of a connection to `service`."""

    class Connection(HttpToolsProtocol):
        latest = b""

        def data_received(self, data: bytes) -> None:
            self.latest = data
            super().data_received(data)

        def send_400_response(self, msg: str) -> None:
            service.journal.add_broken("not-http", self.latest, _now())
            self.scope = None  # type: ignore[assignment]  # it has been told of
            super().send_400_response(msg)

        def connection_lost(self, exc: Exception | None) -> None:
            if not service.stopping:
                self._tell_what_is_missing()
            super().connection_lost(exc)

        def _tell_what_is_missing(self) -> None:
            cycle = self.cycle
            if self.scope is not None and "method" not in self.scope:
                service.journal.add_broken("half-request", self.latest, _now())
            elif (
                cycle is not None
                and not (cycle.response_complete or cycle.more_body)
                # Where a nuisance broke the connection off, the caller is not to blame.
                and "nuisance" not in cycle.scope
            ):
                service.journal.add_broken("left-early", self.latest, _now())

    return Connection


def _now() -> int:
    return time.time_ns() // 1_000_000
