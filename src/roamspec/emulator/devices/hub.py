"""Who is online, apart from the way a device connects."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from roamspec.emulator.domain.context import Notice

QUEUE_MAX: Final = 10_000
"""Events that may wait for one device; a device that reads more slowly is disconnected."""


class Connection:
    """One online device; `next_event` gives what it is told, and None once it should go."""

    __slots__ = ("_closed", "_events", "device", "user")

    def __init__(self, user: str, device: str) -> None:
        self.user = user
        self.device = device
        self._events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._closed = False

    def tell(self, body: dict[str, Any]) -> None:
        if self._closed:
            return
        if self._events.qsize() >= QUEUE_MAX:
            self.close()
        else:
            self._events.put_nowait(body)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._events.put_nowait(None)

    async def next_event(self) -> dict[str, Any] | None:
        return await self._events.get()


class DeviceHub:
    """The online devices of one app."""

    __slots__ = ("_connections",)

    def __init__(self) -> None:
        self._connections: dict[str, list[Connection]] = {}

    def connect(self, user: str, device: str) -> Connection:
        connection = Connection(user, device)
        self._connections.setdefault(user, []).append(connection)
        return connection

    def disconnect(self, connection: Connection) -> None:
        connections = self._connections.get(connection.user, [])
        if connection in connections:
            connections.remove(connection)
        if not connections:
            self._connections.pop(connection.user, None)

    def online(self, user: str) -> Sequence[str]:
        return [connection.device for connection in self._connections.get(user, ())]

    def users(self) -> dict[str, list[str]]:
        """Online device names by user."""
        return {user: [c.device for c in connections] for user, connections in self._connections.items()}

    def tell(self, user: str, notice: Notice, *, only: Sequence[str] | None = None) -> None:
        for connection in self._connections.get(user, ()):
            if connection.device != notice.acting_device and (only is None or connection.device in only):
                connection.tell(notice.body)

    def close(self, user: str | None = None) -> None:
        """End the streams of one user, or of all."""
        names = list(self._connections) if user is None else [user]
        for name in names:
            for connection in self._connections.get(name, ()):
                connection.close()
