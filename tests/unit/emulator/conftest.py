"""An app without HTTP: a store, a clock that stands still, and devices that remember what they were
notified."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.redis_server import RedisServer, redis_server

from roamspec.appkey import AppKey
from roamspec.emulator.disk.recording_store import RecordingAppStore
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.context import Context, DeviceNotice
from roamspec.emulator.domain.delivery import OutgoingMessage, import_to_user
from roamspec.emulator.domain.ids import IdSource, Numbers
from roamspec.emulator.domain.lists import ListHistory
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.store.memory import MemoryAppStore

from .shared_service import client_of

NOW = 1_700_000_000_000


@dataclass
class ToldDevices:
    told: list[tuple[str, dict[str, Any], str | None]] = field(default_factory=list)
    carried: list[tuple[str, str, str | None, bool]] = field(default_factory=list)

    def online(self, user: str) -> Sequence[str]:
        return ["one"] if user else []

    def notify(self, user: str, notice: DeviceNotice, *, only: Sequence[str] | None = None) -> None:
        assert only is None
        self.told.append((user, notice.body, notice.acting_device))

    def carry(
        self,
        user: str,
        message: StoredMessage,
        *,
        acting_device: str | None = None,
        keep: bool = False,
    ) -> None:
        self.carried.append((user, message.id, acting_device, keep))


@pytest.fixture
def devices() -> ToldDevices:
    return ToldDevices()


@pytest.fixture(params=[MemoryAppStore, RecordingAppStore])
def context(devices: ToldDevices, request: pytest.FixtureRequest) -> Context:
    """With alice, bob and carol, on each kind of store."""
    made = Context(request.param(), AppSettings(), IdSource(Numbers()), devices, ListHistory(), NOW)
    for name in ("alice", "bob", "carol"):
        accounts.register(made, name, "1", None)
    return made


def imported(context: Context, sender: str, receiver: str, time_ms: int) -> str:
    return import_to_user(context, OutgoingMessage(sender, "txt", "x", None), receiver, time_ms)


@pytest.fixture
def service() -> Service:
    """A service with one app, `o#a`, in which alice is registered."""
    made = Service(STEPS)
    app = made.create(AppKey("o", "a"), AppSettings())
    accounts.register(app.context(app.clock.now()), "alice", "1", None)
    return made


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def url(running: RedisServer) -> str:
    """Of a store that holds nothing."""
    client = client_of(running.url)
    client.flushall()
    client.close()
    return running.url
