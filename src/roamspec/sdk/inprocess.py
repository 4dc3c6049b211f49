"""The emulator without a port: its application on an event loop of its own, in a thread of its own."""

import asyncio
import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, Self

from starlette.types import Message

from roamspec.emulator.application import CONTROL_PREFIX, application
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.faults.extension import FaultExtension
from roamspec.sdk.control import ControlRefused


class ConnectionCut(Exception):  # noqa: N818 - what a client sees of a broken connection
    """The response did not come, or not to its end."""


@dataclass(frozen=True, slots=True)
class InProcessResponse:
    """A whole response of the emulator: HTTP status, headers and body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class InProcess:
    """Serves requests from any thread, also from one whose own event loop is running."""

    def __init__(self) -> None:
        self._app = application(Service(STEPS, FaultExtension()))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="roamspec-emulator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def begin(
        self,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        scheme: str = "http",
    ) -> "Future[InProcessResponse]":
        """Start serving; the future raises ConnectionCut where a client would see a broken connection."""
        serving = self._serve(method, target, headers, body, scheme)
        return asyncio.run_coroutine_threadsafe(serving, self._loop)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The control API, as `roamspec.sdk.control.Control` offers it."""
        __tracebackhide__ = methodcaller("errisinstance", ControlRefused)
        content = b"" if body is None else json.dumps(body).encode()
        headers = [(b"host", b"emulator"), (b"content-length", b"%d" % len(content))]
        answer = self.begin(method, f"{CONTROL_PREFIX}{path}".encode(), headers, content).result()
        found = json.loads(answer.body)
        if answer.status >= 400:
            raise ControlRefused(str(found.get("error", found)))
        return found

    async def _serve(
        self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], body: bytes, scheme: str
    ) -> InProcessResponse:
        path, _, query = target.partition(b"?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": scheme,
            "path": path.decode("ascii"),
            "raw_path": path,
            "root_path": "",
            "query_string": query,
            "headers": [(name.lower(), value) for name, value in headers],
            "server": None,
            "client": None,
            "state": {},
        }
        sent: list[Message] = []
        asked = iter(({"type": "http.request", "body": body}, {"type": "http.disconnect"}))

        async def receive() -> Message:
            return next(asked)

        async def send(message: Message) -> None:
            sent.append(message)

        try:
            await self._app(scope, receive, send)
        except ConnectionResetError as error:
            raise ConnectionCut("the connection was reset") from error
        if not sent or sent[-1].get("more_body"):
            raise ConnectionCut("the connection closed before the whole answer had come")
        start, *parts = sent
        return InProcessResponse(
            start["status"], start["headers"], b"".join(part.get("body", b"") for part in parts)
        )
