"""Who is online at any worker. What goes to devices is collected, and handed to them once it has happened."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from roamspec.emulator.devices.hub import DeviceConnection, DeviceHub, EndReason
from roamspec.emulator.disk.contents import encoded, key_of, message_row
from roamspec.emulator.disk.recording_view import Changed
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.records import StoredMessage

DEVICE: Final = "device"
Event = list[Any]
"""A kind (notice, message, frame, close) and what it needs, as JSON."""
DeviceValue = tuple[str, str, str, str, str, str, bool]
"""Worker, user, device, its UUID, its name, its platform, and whether it takes messages."""


class ElsewhereConnection(DeviceConnection):
    """A device that is connected to another worker: what goes to it goes there."""

    __slots__ = ("_close", "name", "worker")

    def __init__(self, name: str, value: DeviceValue, close: Callable[[str, EndReason], None]) -> None:
        self.worker, user, device, uuid, device_name, platform, takes_messages = value
        super().__init__(user, device, takes_messages=takes_messages)
        self.device_uuid, self.device_name, self.platform = uuid, device_name, platform
        self.name = name
        self._close = close

    def close(self, reason: EndReason = "") -> None:
        """Ask the worker that holds the connection to close it."""
        self._close(self.name, reason)


class SharedHub(DeviceHub):
    """`events` is what the calls of one turn caused. `later` makes a turn for a connection that ended by
    itself; within a turn, `in_turn` is set."""

    __slots__ = ("_changed", "_later", "_local", "_number", "_worker", "events", "in_turn")

    def __init__(self, changed: Changed, worker: str, later: Callable[[Callable[[], None]], None]) -> None:
        super().__init__()
        self._changed = changed
        self._worker = worker
        self._later = later
        self._local: dict[DeviceConnection, str] = {}
        self._number = 0
        self.events: list[Event] = []
        self.in_turn = False

    @property
    def has_local(self) -> bool:
        """Whether a device is connected to this worker."""
        return bool(self._local)

    def workers(self) -> set[str]:
        """Other workers that have devices of this app."""
        return {connection.worker for connection in self._elsewhere()}

    def add(self, connection: DeviceConnection) -> None:
        """Take a device that has connected to this worker, and note it for the other workers."""
        self._number += 1
        name = self._local[connection] = f"{self._worker}-{self._number}"
        super().add(connection)
        self._note(connection, name)

    def disconnect(self, connection: DeviceConnection) -> None:
        """Forget a device, here or at another worker, and note that for the others."""
        name = self._name(connection)
        super().disconnect(connection)
        if self._local.pop(connection, None) is None and not isinstance(connection, ElsewhereConnection):
            return
        if self.in_turn:
            self._changed[DEVICE, key_of(name)] = None
        else:
            self._later(lambda: self._changed.update({(DEVICE, key_of(name)): None}))

    def notify(self, user: str, notice: DeviceNotice, *, only: Sequence[str] | None = None) -> None:
        """Note a notice for the devices of a user: it leaves when the change that it tells of is written."""
        if user in self._connections:
            told = None if only is None else list(only)
            self.events.append(["notice", user, notice.body, notice.acting_device, told])

    def carry(
        self, user: str, message: StoredMessage, *, acting_device: str | None = None, keep: bool = False
    ) -> None:
        """Note a message for the devices of a user, or keep it where nobody can take it."""
        if any(connection.takes_messages for connection in self._connections.get(user, ())):
            self.events.append(["message", user, message.id, message_row(message)[1], acting_device])
        elif keep:
            self.offline.add(user, message)

    def forward(self, user: str, frame: bytes) -> None:
        """Note a frame for all devices of a user, at whatever worker."""
        if user in self._connections:
            self.events.append(["frame", user, b64encode(frame).decode()])

    def close(self, user: str | None = None, reason: EndReason = "") -> None:
        """Close the devices of a user, or of all users. A worker that is `stopping` closes its own alone."""
        if reason == "stopping":
            # The worker ends, or the app: the others are told of neither in this way.
            for connection in list(self._local):
                connection.close(reason)
            return
        super().close(user, reason)

    def deliver(self, events: Iterable[Event], message_of: Callable[[str, str], StoredMessage]) -> None:
        """Hand what has happened to the devices of this worker."""
        for kind, user, *rest in events:
            if kind == "close":
                self._close_here(user, rest[0])
                continue
            here = [connection for connection in self._connections.get(user, ()) if connection in self._local]
            if not here:
                continue
            if kind == "notice":
                body, acting, only = rest
                notice = DeviceNotice(body, acting)
                for connection in here:
                    if connection.device != acting and (only is None or connection.device in only):
                        connection.put(notice)
            elif kind == "message":
                message = message_of(rest[0], rest[1])
                for connection in here:
                    if connection.takes_messages and connection.device != rest[2]:
                        connection.put(message)
            else:
                frame = b64decode(rest[0])
                for connection in here:
                    if connection.takes_messages:
                        connection.put(frame)

    def put(self, name: str, value: DeviceValue | None) -> None:
        """What a row says of a device elsewhere."""
        if name.startswith(f"{self._worker}-"):
            return
        for connection in self._elsewhere():
            if connection.name == name:
                super().disconnect(connection)
        if value is not None:
            super().add(ElsewhereConnection(name, value, self._close_elsewhere))

    def forget_elsewhere(self, workers: Iterable[str] | None = None) -> None:
        """Devices of these workers are online no more; without workers, those of all others are unknown."""
        for connection in self._elsewhere():
            if workers is None:
                super().disconnect(connection)
            elif connection.worker in workers:
                self.disconnect(connection)

    def note_local(self, written: Iterable[str]) -> None:
        """Let the rows say that the devices of this worker are online, and no others of it.

        `written` are the names of devices, of any worker, that the rows have.
        """
        for connection, name in self._local.items():
            self._note(connection, name)
        here = set(self._local.values())
        for name in written:
            if name.startswith(f"{self._worker}-") and name not in here:
                self._changed[DEVICE, key_of(name)] = None

    def end_all_here(self) -> None:
        """Whatever these devices were to be told may be lost: they shall come again."""
        for connection in list(self._local):
            connection.close()

    def _note(self, connection: DeviceConnection, name: str) -> None:
        value: DeviceValue = (
            self._worker, connection.user, connection.device, connection.device_uuid, connection.device_name,
            connection.platform, connection.takes_messages,
        )  # fmt: skip
        self._changed[DEVICE, key_of(name)] = encoded(value)

    def _name(self, connection: DeviceConnection) -> str:
        return (
            connection.name
            if isinstance(connection, ElsewhereConnection)
            else self._local.get(connection, "")
        )

    def _elsewhere(self) -> list[ElsewhereConnection]:
        every = (connection for connections in self._connections.values() for connection in connections)
        return [connection for connection in every if isinstance(connection, ElsewhereConnection)]

    def _close_elsewhere(self, name: str, reason: EndReason) -> None:
        self.events.append(["close", name, reason])

    def _close_here(self, name: str, reason: EndReason) -> None:
        for connection, own in list(self._local.items()):
            if own == name:
                connection.close(reason)
