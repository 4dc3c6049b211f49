"""Online devices: their notifications written down beside the interactions, and replayed from there."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Self

from roamspec.api.devices import DeletionNotification, Device
from roamspec.appkey import AppKey
from roamspec.errors import SetupFailed
from roamspec.recording.cassette import DeviceLog, RecordedNotification
from roamspec.recording.playback import RecordingMiss
from roamspec.recording.virtual_clock import VirtualClock
from roamspec.transport.event_stream import EventStream
from roamspec.transport.network_settings import Network

Count = Callable[[], int]
"""How many interactions are over."""


class CapturedDevice(Device):
    """A device whose events are kept as they came, each with the moment at which the check first saw it.

    An event has come for the check when the check looks: when it arrived before that is a matter of chance.
    """

    def __init__(self, stream: EventStream, user: str, name: str) -> None:
        super().__init__(stream, user, name)
        self._notifications: list[str] = []
        self._seen: list[int] = []
        self._count: Count = lambda: 0
        self._clock = VirtualClock()
        self.opened = 0
        self.closed: int | None = None
        self.app = ""

    @property
    def notified(self) -> int:
        """How many notifications have come."""
        with self._changed:
            return len(self._notifications)

    def watch(self, app: AppKey, count: Count, clock: VirtualClock) -> None:
        """Begin to write down; `count` tells how many requests of the recording have been sent."""
        self.app, self._count, self._clock = app.path, count, clock
        self.opened = count()

    @property
    def log(self) -> DeviceLog:
        """What was notified so far, as a recording has it."""
        with self._changed:
            notices = tuple(
                RecordedNotification(after, data)
                for after, data in zip(self._seen, self._notifications, strict=False)
            )
        return DeviceLog(self.user, self.name, self.opened, self.closed, app=self.app, notices=notices)

    @property
    def events(self) -> list[DeletionNotification]:
        """The notifications so far, each with the number of exchanges before it noted."""
        with self._changed:
            self._look()
            return super().events

    @property
    def deletions(self) -> list[DeletionNotification]:
        """Those of deletions among them."""
        with self._changed:
            self._look()
            return super().deletions

    def wait_for(self, conversation_id: str, timeout_s: float, *, count: int = 1) -> bool:
        """As for `Device`; the time that it takes passes on the clock of the recording, too."""
        began = time.monotonic()
        came = super().wait_for(conversation_id, timeout_s, count=count)
        self._clock.pass_by(time.monotonic() - began)
        self._look()
        return came

    def close(self) -> None:
        """Go offline, and note after how many exchanges."""
        super().close()
        if self.closed is None:
            self.closed = self._count()
            self._look()

    def _take(self, event: str, data: str) -> None:
        with self._changed:
            if event == "sync":
                self._notifications.append(data)
            super()._take(event, data)

    def _look(self) -> None:
        with self._changed:
            self._seen.extend([self._count()] * (len(self._notifications) - len(self._seen)))


class CapturedDevices:
    """Brings devices online at the observer and keeps what they are notified."""

    def __init__(self, count: Count, clock: VirtualClock, network: Network) -> None:
        self._count = count
        self._clock = clock
        self._network = network
        self._logs: list[CapturedDevice | DeviceLog] = []

    def connect(self, observer_url: str, app: AppKey, user: str, name: str) -> CapturedDevice:
        """Bring a device online and write down what it hears; SetupFailed, which is written down too."""
        try:
            device = CapturedDevice.connect(observer_url, app, user, name, network=self._network)
        except SetupFailed as error:
            self._logs.append(DeviceLog(user, name, self._count(), refused=str(error), app=app.path))
            raise
        device.watch(app, self._count, self._clock)
        self._logs.append(device)
        return device

    @property
    def logs(self) -> list[DeviceLog]:
        """What each device heard, in the order in which they came online."""
        return [each.log if isinstance(each, CapturedDevice) else each for each in self._logs]


class ReplayedDevice(Device):
    """A device that is told what its log says, once as many interactions are over as it says."""

    def __init__(self, log: DeviceLog, count: Count, clock: VirtualClock, fix: Callable[[str], str]) -> None:
        self.user, self.name = log.user, log.name
        self.fixed: list[RecordedNotification] = []
        self.opened = count()
        self.closed: int | None = None
        self._log = log
        self._count = count
        self._clock = clock
        self._fix = fix
        self._events: list[DeletionNotification] = []
        self._changed = threading.Condition()
        self._waiting = list(log.notices)
        self._ended = ""

    @classmethod
    def of(
        cls, log: DeviceLog, count: Count, clock: VirtualClock, fix: Callable[[str], str] = lambda text: text
    ) -> Self:
        """The device of one log; `fix` replaces recorded values by those of the replay."""
        return cls(log, count, clock, fix)

    @property
    def settled(self) -> DeviceLog:
        """The log with fixed values."""
        return replace(self._log, opened=self.opened, closed=self.closed, notices=tuple(self.fixed))

    @property
    def events(self) -> list[DeletionNotification]:
        """The notifications that had come after as many exchanges as have been replayed."""
        self._reveal()
        return super().events

    @property
    def deletions(self) -> list[DeletionNotification]:
        """Those of deletions among them."""
        self._reveal()
        return super().deletions

    def close(self) -> None:
        """Go offline."""
        if self.closed is None:
            self.closed = self._count()
            self._reveal()

    def _await(self, holds: Callable[[], bool], timeout_s: float) -> bool:  # noqa: ARG002
        self._reveal()
        return holds()

    def _reveal(self) -> None:
        over = self._count()
        while self._waiting and self._waiting[0].after <= over:
            data = self._fix(self._waiting.pop(0).data)
            self.fixed.append(RecordedNotification(over, data))
            content = json.loads(data)
            if isinstance(content, dict):
                self._events.append(DeletionNotification.read(content, self._clock()))


class ReplayedDevices:
    """Hands out the devices of a recording: by user and name, in the order in which they came online."""

    def __init__(
        self,
        logs: list[DeviceLog],
        count: Count,
        clock: VirtualClock,
        *,
        name: str,
        fix: Callable[[str], str] = lambda text: text,
    ) -> None:
        self._waiting = list(logs)
        self._count = count
        self._clock = clock
        self._name = name
        self._fix = fix
        self._devices: list[ReplayedDevice | DeviceLog] = []

    def connect(self, observer_url: str, app: AppKey, user: str, name: str) -> Device:  # noqa: ARG002
        """The recorded device of this user and name; RecordingMiss when there is none, SetupFailed when it
        was refused then."""
        wanted = user, name, app.path
        log = next((each for each in self._waiting if (each.user, each.name, each.app) == wanted), None)
        if log is None:
            raise RecordingMiss(
                f"{self._name}: the check brings the device {name} of {user} online, but the recording does "
                "not have it; record again."
            )
        self._waiting.remove(log)
        if log.refused:
            self._devices.append(log)
            raise SetupFailed(log.refused)
        device = ReplayedDevice.of(log, self._count, self._clock, self._fix)
        self._devices.append(device)
        return device

    @property
    def settled(self) -> list[DeviceLog]:
        """The logs of the devices that came online, with fixed values."""
        return [each if isinstance(each, DeviceLog) else each.settled for each in self._devices]

    def left_over(self) -> str:
        """A sentence about devices that nobody brought online; empty when all were."""
        if not self._waiting:
            return ""
        first = self._waiting[0]
        return (
            f"{self._name}: the recorded device {first.name} of {first.user} was not brought online in the "
            "replay; record again."
        )
