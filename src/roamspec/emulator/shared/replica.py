"""One app as one worker has it: what it holds, which version that is, and what changed since."""

import json
from collections.abc import Callable, Sequence
from secrets import randbits
from typing import Final, TypeVar
from uuid import uuid4

from roamspec.emulator.apps import App
from roamspec.emulator.disk.contents import encoded
from roamspec.emulator.disk.kept_app import APP, KeptApp
from roamspec.emulator.disk.restoring import restore, settings_of
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.service import Service
from roamspec.emulator.shared.applying import Applied, Applier
from roamspec.emulator.shared.hub import DEVICE, Event, SharedHub
from roamspec.emulator.shared.keys import AppKeys
from roamspec.emulator.shared.limits import LIMIT, RecordingLimits
from roamspec.emulator.shared.lists import StagedLists
from roamspec.emulator.shared.rows import MAIN, Collected, Entry, LoadedRows, Row

T = TypeVar("T")
_PLACE_BITS: Final = 52

Later = Callable[[Callable[[], None]], None]


class Replica:
    """`seen` is the life of the app in the store and the version that this replica has; `is_valid` says
    whether it has that and nothing else."""

    def __init__(
        self, app: App, service: Service, worker: str, clock: Callable[[], int], later: Later
    ) -> None:
        self.app = app
        self.keys = AppKeys(app.key.path)
        self.seen = (uuid4().hex, 0)
        self.is_valid = True
        self._service = service
        self._kept = KeptApp(app, MAIN, _new_place)
        self._limits = RecordingLimits(self._kept.changed, clock)
        self._hub = SharedHub(self._kept.changed, worker, later)
        self._applier = Applier(self._kept, self._limits, self._hub)

    @property
    def hub(self) -> SharedHub:
        """The devices of the app, at all workers."""
        return self._hub

    @property
    def snapshots(self) -> Sequence[int]:
        """The places of its snapshots in the store."""
        return list(self._kept.snapshots.values())

    @property
    def is_plain(self) -> bool:
        """Whether nothing of what the app does is remembered beside what it holds."""
        app = self.app
        return not (app.faults or app.conditionals or app.nuisances)

    def adopt(self) -> None:
        """An app that this worker has just made: all of it is a change."""
        app = self.app
        self._kept.tokens.restore(dict(app.tokens.items()))
        self._attach()

    def load(self, rows: LoadedRows, seen: tuple[str, int]) -> None:
        """Be what the rows say. Devices of this worker stay."""
        value = rows.value(MAIN, APP)
        app, kept = self.app, self._kept
        app.settings = settings_of(value)
        kept.tokens.restore({})
        kept.offline.forget()
        self._hub.forget_elsewhere()
        self._hub.events.clear()
        self._limits.clear()
        app.snapshots.clear()
        kept.snapshots.clear()
        restore(kept, rows, self._service, value)
        app.lists = StagedLists(app.lists)
        self._attach()
        beside = [(kind + key, text) for kind in (LIMIT, DEVICE) for key, text in rows.read(MAIN, kind)]
        self._applier.apply(beside)
        self.seen, self.is_valid = seen, True
        kept.take_as_written()
        # While the store was away, its rows of this worker's devices may have ceased to be true.
        self._hub.note_local([json.loads(key)[0] for key, _ in rows.read(MAIN, DEVICE)])

    def _attach(self) -> None:
        app, kept = self.app, self._kept
        app.limits, app.devices = self._limits, self._hub
        self._hub.changes = self._service.changes
        kept.attach()

    def compute(self, call: Callable[[], T]) -> T:
        """Let a call happen here; `take` says what it changed."""
        if not isinstance(self.app.lists, StagedLists):
            self.app.lists = StagedLists(self.app.lists)
        self._hub.in_turn = True
        try:
            return call()
        finally:
            self._hub.in_turn = False

    def take(self) -> tuple[Collected, list[Event]]:
        """What the calls since the last time changed, and what devices are to be told."""
        collected = Collected()
        self._kept.write(collected)
        events, self._hub.events = self._hub.events, []
        return collected, events

    def settle(self, events: Sequence[Event], *, changed: bool) -> None:
        """What was taken is in the store."""
        if changed:
            self.seen = (self.seen[0], self.seen[1] + 1)
        if isinstance(self.app.lists, StagedLists):
            self.app.lists.settle()
        self.tell(events)

    def undo(self, values: Sequence[Row]) -> None:
        """What was taken did not happen: `values` is what the store has in its place."""
        if isinstance(self.app.lists, StagedLists):
            self.app.lists.undo()
        self._behave(self._applier.apply(values))
        self._kept.take_as_written()

    def follow(self, entries: Sequence[Entry]) -> bool:
        """Take over what other workers did, in order; False when the app must be read anew, which is left
        to the caller. Devices are told in either case."""
        is_whole = self.is_valid
        for entry in entries:
            if is_whole:
                applied = self._applier.apply(entry.rows)
                self._behave(applied)
                self._note_lists(applied, entry.now)
            is_whole = is_whole and not (entry.whole or applied.is_stale)
            self.seen = (self.seen[0], self.seen[1] + 1)
            self.tell(entry.events)
        if is_whole:
            self._kept.take_as_written()
        else:
            self.is_valid = False
        if entries:
            self._service.changes.note()
        return is_whole

    def _behave(self, applied: Applied) -> None:
        value = applied.behaviour
        if value is None:
            return
        app, extension = self.app, self._service.extension
        settings = settings_of(value)
        if settings != app.settings:
            app.configure(settings)
        offset_ms, frozen_ms = value["clock"]
        app.clock.restore((offset_ms, frozen_ms))
        if tuple(value["faults"]) != tuple(app.faults):
            extension.switch_on(app, value["faults"])
        rules = [] if app.nuisances is None else app.nuisances.as_dict()["nuisances"]
        if value["disturbances"] != json.loads(encoded(rules)):
            app.nuisances = extension.schedule(value["disturbances"], where="--store")

    def _note_lists(self, applied: Applied, now: int) -> None:
        app = self.app
        if not app.settings.list_lag_ms:
            return
        if not isinstance(app.lists, StagedLists):
            app.lists = StagedLists(app.lists)
        for owner, conversation in applied.lists:
            app.lists.record(owner, conversation, app.store.view(owner, conversation), now)
        app.lists.settle()

    def tell(self, events: Sequence[Event]) -> None:
        """Hand to the devices of this worker what has happened."""
        if events and self._hub.has_local:
            self._hub.deliver(events, _message)


def _message(message_id: str, text: str) -> StoredMessage:
    return StoredMessage(message_id, *json.loads(text))


def _new_place() -> int:
    """One that no other worker gives, and not that of the app itself."""
    return randbits(_PLACE_BITS) + 1
