"""One app and the rows that say what it is: what changed since they were written."""

from collections.abc import Callable
from typing import Any, Final

from roamspec.emulator.apps import App, Snapshot
from roamspec.emulator.disk.contents import STORE_KINDS, encoded, key_of
from roamspec.emulator.disk.recorded_parts import RecordingOffline, RecordingTokens
from roamspec.emulator.disk.recording_store import RecordingAppStore
from roamspec.emulator.disk.recording_view import Changed
from roamspec.emulator.disk.tables import RowWriter
from roamspec.emulator.extension import Schedule
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.store.memory import MemoryAppStore
from roamspec.emulator.store.protocol import AppStore

APP: Final = "app"
COUNTERS: Final = "counters"
SNAPSHOT: Final = "snapshot"
_State = tuple[AppSettings, tuple[int, int | None], tuple[str, ...], Schedule | None]
_Counters = tuple[int, int, int]


class KeptApp:
    """`place` is where the rows are; each snapshot has a place of its own, which `new_place` gives.

    `changed` are the rows beside those of the store; `tokens` and `offline` note theirs there. `snapshots`
    are the places of those that are written, and `basis` is what the written rows of the store stand for.
    """

    def __init__(self, app: App, place: int, new_place: Callable[[], int]) -> None:
        self.app = app
        self.place = place
        self.changed: Changed = {}
        self.tokens = RecordingTokens(self.changed)
        self.offline = RecordingOffline(self.changed)
        self.snapshots: dict[str, int] = {}
        self.basis: object = None
        self._state: _State | None = None
        self._counters: _Counters | None = None
        self._new_place = new_place

    def attach(self) -> None:
        """From now on, changes of the app are noted."""
        self.app.tokens, self.app.devices.offline = self.tokens, self.offline

    def write(self, database: RowWriter) -> None:
        """Write what changed, within a transaction."""
        store = self.app.store = _recording(self.app.store)
        if store.basis is not self.basis:
            database.clear(self.place, STORE_KINDS)
            store.take_changes()
            database.write(self.place, dict(store.rows()))
        else:
            self.changed.update(store.take_changes())
        self._note_state()
        self._write_snapshots(database)
        written = bool(self.changed) or store.basis is not self.basis
        database.write(self.place, self.changed)
        self.changed.clear()
        if written:
            # A snapshot that was taken before stands for other rows than these.
            self.basis = store.basis = object()

    @property
    def is_written(self) -> bool:
        """Whether nothing of what a call of the API can change has changed."""
        store = self.app.store
        quiet = isinstance(store, RecordingAppStore) and store.basis is self.basis and store.is_quiet
        return quiet and not self.changed

    def forget(self, database: RowWriter) -> None:
        """The app is gone, and its snapshots with it."""
        for place in (self.place, *self.snapshots.values()):
            database.clear(place)

    def take_as_written(self) -> None:
        """What the app is now, the rows say already."""
        store = self.app.store = _recording(self.app.store)
        store.take_changes()
        self.changed.clear()
        self.basis = store.basis
        self._state, self._counters = self._state_now(), self._counters_now()

    def _state_now(self) -> _State:
        app = self.app
        return app.settings, app.clock.state, app.faults, app.nuisances

    def _counters_now(self) -> _Counters:
        message_second, group_second = self.app.ids.seconds
        return message_second, group_second, self.offline.next_key

    def _note_state(self) -> None:
        counters = self._counters_now()
        if counters != self._counters:
            self._counters = counters
            self.changed[COUNTERS, ""] = encoded(counters)
        state = self._state_now()
        before, self._state = self._state, state
        if before is None or before[0] is not state[0] or before[1:] != state[1:]:
            self.changed[APP, ""] = encoded(self._app_value())

    def _app_value(self) -> dict[str, Any]:
        app = self.app
        rules = [] if app.nuisances is None else app.nuisances.as_dict()["nuisances"]
        return {
            "org": app.key.org,
            "app": app.key.app,
            "identity": {
                "client_id": app.client_id,
                "client_secret": app.client_secret,
                "uuid": app.uuid,
                "app_id": app.app_id,
                "app_certificate": app.app_certificate,
            },
            "settings": app.settings.as_dict(),
            "clock": app.clock.state,
            "faults": app.faults,
            "disturbances": rules,
        }

    def _write_snapshots(self, database: RowWriter) -> None:
        held = self.app.snapshots
        if held.keys() == self.snapshots.keys():
            return
        for name in self.snapshots.keys() - held.keys():
            database.clear(self.snapshots.pop(name))
            self.changed[SNAPSHOT, key_of(name)] = None
        for name, snapshot in held.items():
            if name not in self.snapshots:
                self.snapshots[name] = place = self._new_place()
                self.changed[SNAPSHOT, key_of(name)] = encoded(_snapshot_value(snapshot, place))
                database.write(place, dict(_recording(snapshot.store).rows()))


def _recording(store: AppStore) -> RecordingAppStore:
    """The store itself, or one with its contents where an app has begun anew."""
    if isinstance(store, RecordingAppStore):
        return store
    assert isinstance(store, MemoryAppStore)
    return RecordingAppStore.of(store)


def _snapshot_value(snapshot: Snapshot, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "settings": snapshot.settings.as_dict(),
        "faults": snapshot.faults,
        "clock": snapshot.clock,
    }
