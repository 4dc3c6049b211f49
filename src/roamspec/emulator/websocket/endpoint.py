"""One socket: what is written to it, what is read from it, and when it ends."""

import asyncio
import contextlib
from typing import Final

from starlette.types import Receive, Scope, Send

from roamspec.emulator.devices.hub import DeviceConnection, End, Event
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.service import Service
from roamspec.emulator.websocket import frames
from roamspec.emulator.websocket.direct import DirectWriter
from roamspec.emulator.websocket.protocol import ABORT, WRITE_NOW
from roamspec.emulator.websocket.session import DeviceSession
from roamspec.emulator.websocket.shared_frames import receive_shared
from roamspec.emulator.websocket.watch import Watch

PATHS: Final = frozenset(("/websocket", "/ws"))
_NORMAL: Final = 1000
_CODES: Final = {"stopping": 1001, "text": 1003}
_FLUSH_S: Final = 1.0
"""How long a device may take to read what was written before its connection ended."""


class DeviceSocket:
    """The endpoint of all devices of all apps."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._watch = Watch()
        self._sessions: dict[DeviceConnection, DeviceSession] = {}
        self._direct = DirectWriter(self._frame_of)
        # A notification to all devices of a user is the same frame: encoded once, kept until the next.
        self._latest: tuple[DeviceNotice | StoredMessage | None, str, bytes] = (None, "", b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket until either side ends it; a path or host that is not the emulator's is
        refused."""
        if await _not_here(self._service, scope, receive, send):
            return
        await send({"type": "websocket.accept"})
        connection = DeviceConnection(takes_messages=True)
        session = DeviceSession(self._service, connection, dict(scope))
        self._watch.add(session)
        self._sessions[connection] = session
        if WRITE_NOW in scope:
            self._direct.add(connection, scope[WRITE_NOW])
        reading = asyncio.ensure_future(_read(self._service, session, receive))
        writing = asyncio.ensure_future(self._write(session, send))
        ended = asyncio.ensure_future(connection.until_ended())
        try:
            await asyncio.wait((reading, writing, ended), return_when=asyncio.FIRST_COMPLETED)
            session.leave()
            connection.close()
            # The writer ends by itself once it has written all; a device that reads nothing is cut off.
            await asyncio.wait((writing,), timeout=_FLUSH_S)
        finally:
            self._watch.remove(session)
            session.leave()
            self._direct.remove(connection)
            del self._sessions[connection]
            for task in (reading, writing, ended):
                task.cancel()
            if not writing.done():
                scope[ABORT]()
            for result in await asyncio.gather(reading, writing, ended, return_exceptions=True):
                # An OSError says that the device has gone.
                if isinstance(result, Exception) and not isinstance(result, OSError):
                    raise result

    async def _write(self, session: DeviceSession, send: Send) -> None:
        connection = session.connection
        while True:
            event = await connection.next_event()
            if isinstance(event, End):
                now = 0 if session.login is None else session.login.app.clock.now()
                last = frames.ended(event.reason, now)
                if last is not None:
                    await send({"type": "websocket.send", "bytes": last})
                code = _CODES.get(event.reason, _NORMAL)
                with contextlib.suppress(RuntimeError):
                    # The device may have closed it already.
                    await send({"type": "websocket.close", "code": code, "reason": event.reason})
                return
            await send({"type": "websocket.send", "bytes": self._frame_of(connection, event)})

    def _frame_of(self, connection: DeviceConnection, event: Event) -> bytes:
        assert not isinstance(event, End)
        if isinstance(event, bytes):
            return event
        latest, its_user, frame = self._latest
        if latest is not event or its_user != connection.user:
            frame = self._sessions[connection].encode(event)
            self._latest = (event, connection.user, frame)
        return frame


async def _read(service: Service, session: DeviceSession, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        if message["type"] != "websocket.receive":
            continue
        data = message.get("bytes")
        if data is None:
            # Some clients wrap frames in text; here, as at the service's own address, they are binary.
            session.connection.close("text")
            return
        if service.shared is None:
            session.receive(data)
        else:
            await receive_shared(service.shared, session, data)
        # A device that sends and does not read is not read either: answers do not pile up for it.
        await session.connection.until_written()


async def _not_here(service: Service, scope: Scope, receive: Receive, send: Send) -> bool:
    """Whether nothing is served at this path, or no more; the response is JSON, as elsewhere."""
    path = scope["path"].rstrip("/")
    if path in PATHS and not service.stopping:
        return False
    status = 503 if service.stopping else 404
    body = b'{"error":"service_resource_not_found","error_description":"Service resource not found"}'
    await receive()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": body})
    return True
