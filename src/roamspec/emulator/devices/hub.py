"""Who is online, apart from the way a device connects."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from roamspec.emulator.changes import Changes
from roamspec.emulator.devices.offline import OfflineMessages
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.records import StoredMessage

QUEUE_MAX: Final = 10_000
"""Events that may wait for one device; a device that reads more slowly is disconnected."""

EndReason = Literal["", "logged-out", "removed", "replaced", "kicked", "expired", "stopping", "text"]
"""Why a connection ends; empty when the device has no reason to know."""


@dataclass(frozen=True, slots=True)
class End:
    """The last event of a connection."""

    reason: EndReason = ""


Arrival = DeviceNotice | StoredMessage | bytes
Event = Arrival | End
"""What goes to a device: a deletion, a message, or a frame that is ready to be written; and the end."""


class DeviceConnection:
    """One online device; `next_event` gives what goes to it, and `End` as the last.

    `device` is what the service calls its resource; `takes_messages` says that it also wants messages.
    `arrive`, where it is set, sees each event at the moment it comes, and says what to write for it.
    `direct`, where it is set, is handed what comes while nothing else waits, and gives back by `queue` what
    it cannot write at once.
    """

    __slots__ = (
        "_ended", "_events", "_held", "_taken", "_waiting", "arrive", "device", "device_name", "device_uuid",
        "direct", "platform", "takes_messages", "user",
    )  # fmt: skip

    def __init__(self, user: str = "", device: str = "", *, takes_messages: bool = False) -> None:
        self.user = user
        self.device = device
        self.device_uuid = device
        self.device_name = device
        self.platform = ""
        self.takes_messages = takes_messages
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._ended = asyncio.Event()
        self._waiting = False
        self._taken = False
        self._held: list[Event] | None = None
        self.arrive: Callable[[DeviceNotice | StoredMessage], Arrival] | None = None
        self.direct: Callable[[DeviceConnection, Event], None] | None = None

    def put(self, event: Arrival) -> None:
        """Hand a notice or message to the device; nothing happens once the connection has ended."""
        if self._ended.is_set():
            return
        if self.arrive is not None and not isinstance(event, bytes):
            event = self.arrive(event)
        self._hand_on(event)

    def close(self, reason: EndReason = "") -> None:
        """End the connection once, for this reason; later calls do nothing."""
        if not self._ended.is_set():
            self._ended.set()
            self._hand_on(End(reason))

    def hold(self) -> None:
        """Keep what comes, until it is certain that it happens."""
        self._held = []

    def let_go(self) -> None:
        """It has happened: hand on what was kept."""
        held, self._held = self._held, None
        for event in held or ():
            self._hand_on(event)

    def drop_held(self) -> None:
        """It has not happened."""
        self._held = None

    def _hand_on(self, event: Event) -> None:
        if self._held is not None:
            self._held.append(event)
        elif self.direct is not None and self.idle:
            self.direct(self, event)
        else:
            self.queue(event)

    def queue(self, event: Event) -> None:
        """Let an event wait for `next_event`; a device for which too much waits is disconnected."""
        if self._events.qsize() < QUEUE_MAX or isinstance(event, End):
            self._events.put_nowait(event)
        else:
            self.close()

    @property
    def idle(self) -> bool:
        """Whether `next_event` waits and nothing waits for it: an event may be written without it."""
        return self._waiting and self._events.empty()

    @property
    def ended(self) -> bool:
        """Whether the connection was closed."""
        return self._ended.is_set()

    async def until_ended(self) -> None:
        """Wait until the connection is closed."""
        await self._ended.wait()

    async def next_event(self) -> Event:
        """The next event, once there is one; the one before it counts as written."""
        if self._taken:
            self._taken = False
            self._events.task_done()
        self._waiting = True
        try:
            event = await self._events.get()
        finally:
            self._waiting = False
        self._taken = True
        return event

    async def until_written(self) -> None:
        """Until nothing waits to be written to the device."""
        # `direct` writes at the beginning of the next turn of the event loop, or gives back.
        await asyncio.sleep(0)
        await self._events.join()


class DeviceHub:
    """The online devices of one app, and the messages that wait for users who have none."""

    __slots__ = ("_connections", "changes", "offline")

    def __init__(self) -> None:
        self.changes = Changes()
        self._connections: dict[str, list[DeviceConnection]] = {}
        self.offline = OfflineMessages()

    def connect(self, user: str, device: str) -> DeviceConnection:
        """Bring a device of a user online."""
        connection = DeviceConnection(user, device)
        self.add(connection)
        return connection

    def add(self, connection: DeviceConnection) -> None:
        """Let a connection count as an online device of its user."""
        self._connections.setdefault(connection.user, []).append(connection)
        self.changes.note()

    def disconnect(self, connection: DeviceConnection) -> None:
        """Take a device offline; nothing happens when it is no longer online."""
        connections = self._connections.get(connection.user, [])
        if connection in connections:
            connections.remove(connection)
            self.changes.note()
        if not connections:
            self._connections.pop(connection.user, None)

    def online(self, user: str) -> Sequence[str]:
        """The names of a user's devices that are online, in the order in which they connected."""
        return [connection.device for connection in self._connections.get(user, ())]

    def of(self, user: str) -> Sequence[DeviceConnection]:
        """The user's online devices, in the order in which they came online."""
        return tuple(self._connections.get(user, ()))

    def users(self) -> dict[str, list[str]]:
        """Online device names by user."""
        return {user: [c.device for c in connections] for user, connections in self._connections.items()}

    def notify(self, user: str, notice: DeviceNotice, *, only: Sequence[str] | None = None) -> None:
        """Send a notice to a user's devices, the acting one apart; `only` narrows it to devices of these
        names."""
        for connection in self._connections.get(user, ()):
            if connection.device != notice.acting_device and (only is None or connection.device in only):
                connection.put(notice)

    def carry(
        self, user: str, message: StoredMessage, *, acting_device: str | None = None, keep: bool = False
    ) -> None:
        """Send a message to a user's devices that take messages, the acting one apart; `keep` it for later
        when there is none."""
        taken = False
        for connection in self._connections.get(user, ()):
            if connection.takes_messages:
                taken = True
                if connection.device != acting_device:
                    connection.put(message)
        if keep and not taken:
            self.offline.add(user, message)

    def forward(self, user: str, frame: bytes) -> None:
        """Write a frame to all of the user's devices that take messages."""
        for connection in self._connections.get(user, ()):
            if connection.takes_messages:
                connection.put(frame)

    def close(self, user: str | None = None, reason: EndReason = "") -> None:
        """End the connections of one user, or of all, and forget what waits for them.

        When the emulator is stopping it is not forgotten: it waits for the next start.
        """
        names = list(self._connections) if user is None else [user]
        for name in names:
            for connection in self._connections.get(name, ()):
                connection.close(reason)
        if reason != "stopping":
            self.offline.forget(user)
