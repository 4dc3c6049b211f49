"""What one operation works with: the app's store and settings, and the moment it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from roamspec.emulator.domain.ids import IdSource
from roamspec.emulator.domain.lists import ListHistory
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.store.protocol import AppStore


@dataclass(frozen=True, slots=True)
class DeviceNotice:
    """What a device of the owner is notified; `acting_device`, if any, made the change and is not
    notified."""

    body: dict[str, Any]
    acting_device: str | None = None


class Devices(Protocol):
    """Online devices, however they are connected."""

    def online(self, user: str) -> Sequence[str]:
        """Device names, in the order in which they came online."""

    def notify(self, user: str, notice: DeviceNotice, *, only: Sequence[str] | None = None) -> None:
        """Tell all online devices of the user, or those named in `only`."""

    def carry(
        self, user: str, message: StoredMessage, *, acting_device: str | None = None, keep: bool = False
    ) -> None:
        """Hand a message to the user's online devices that take messages, but for the one that sent it.

        With `keep`, it waits for the next device where there is none.
        """


@dataclass(slots=True)
class Context:
    """`now` is Unix milliseconds by the app's clock."""

    store: AppStore
    settings: AppSettings
    ids: IdSource
    devices: Devices
    lists: ListHistory
    now: int
