"""Server-sent events: tells a page that something has changed, and nothing while nothing does."""

import asyncio
from typing import Final

from starlette.types import Receive, Scope, Send

from roamspec.emulator.http.endpoint import ENDLESS
from roamspec.emulator.service import Service

HEARTBEAT_S: Final = 10.0
_PAUSE_S: Final = 0.1
"""Between two events: many calls at once are one change."""
_HEADERS: Final = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]


class ChangeStream:
    """`event: changed` with the number of the latest call, at the beginning and after each change."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream a line for each change until the page goes away."""
        scope[ENDLESS] = True
        disconnected = asyncio.ensure_future(_until_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await self._tell(disconnected, send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            disconnected.cancel()

    async def _tell(self, disconnected: "asyncio.Future[None]", send: Send) -> None:
        with self._service.changes.look() as wake:
            wake.set()
            while not disconnected.done() and not self._service.stopping:
                changed = asyncio.ensure_future(wake.wait())
                await asyncio.wait(
                    (disconnected, changed), timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
                )
                changed.cancel()
                text = b": still here\n\n"
                if wake.is_set():
                    wake.clear()
                    text = b'event: changed\ndata: {"journal": %d}\n\n' % self._service.journal.latest
                await send({"type": "http.response.body", "body": text, "more_body": True})
                await asyncio.wait((disconnected,), timeout=0 if self._service.stopping else _PAUSE_S)


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
