"""A notice to a thousand devices in one pass: written at once to whoever is idle, without waking a task each.

The pass comes after the answer that caused the notice: the caller does not wait for devices.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from websockets.frames import Frame, Opcode

from roamspec.emulator.devices.hub import DeviceConnection, End, Event

Encode = Callable[[DeviceConnection, Event], bytes]
"""The frame of an event: what stands in the WebSocket frame."""
WriteNow = Callable[[bytes], bool]


class DirectWriter:
    """Collects what comes during one turn of the event loop, and writes it at the beginning of the next."""

    def __init__(self, encode: Encode) -> None:
        self._encode: Final = encode
        self._writers: dict[DeviceConnection, WriteNow] = {}
        self._pending: list[tuple[DeviceConnection, Event]] = []
        # The same notice to many devices is the same frame.
        self._latest: tuple[bytes, bytes] = (b"", b"")

    def add(self, connection: DeviceConnection, write_now: WriteNow) -> None:
        """Write to this connection whenever it is idle."""
        self._writers[connection] = write_now
        connection.direct = self._take

    def remove(self, connection: DeviceConnection) -> None:
        """No longer write to this connection."""
        self._writers.pop(connection, None)

    def _take(self, connection: DeviceConnection, event: Event) -> None:
        if not self._pending:
            asyncio.get_running_loop().call_soon(self._write)
        self._pending.append((connection, event))

    def _write(self) -> None:
        pending, self._pending = self._pending, []
        for connection, event in pending:
            write_now = self._writers.get(connection)
            # What cannot be written now keeps its place: all that follows waits behind it.
            direct = write_now is not None and connection.idle and not isinstance(event, End)
            if not (direct and write_now and write_now(self._framed(self._encode(connection, event)))):
                connection.queue(event)

    def _framed(self, data: bytes) -> bytes:
        latest, frame = self._latest
        if latest is not data:
            frame = Frame(Opcode.BINARY, data).serialize(mask=False)
            self._latest = (data, frame)
        return frame
