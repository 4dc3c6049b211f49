"""Builds the apps of a service from their rows."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from roamspec.appkey import AppKey
from roamspec.emulator.apps import App, Snapshot
from roamspec.emulator.disk.contents import MESSAGE, Messages, fill, key_of, read_rows
from roamspec.emulator.disk.database import Database
from roamspec.emulator.disk.kept_app import APP, COUNTERS, SNAPSHOT, KeptApp
from roamspec.emulator.disk.recording_store import RecordingAppStore
from roamspec.emulator.disk.tables import RowReader
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings

_WHERE = "--data"


def restored(database: Database, service: Service, new_place: Callable[[], int]) -> list[KeptApp]:
    """The apps, now in the service. Messages that nothing holds any more lose their rows."""
    found: list[KeptApp] = []
    for place in database.places():
        for _, text in list(database.read(place, APP)):
            value = json.loads(text)
            kept = KeptApp(created(service, value), place, new_place)
            messages = restore(kept, database, service, value)
            kept.attach()
            if messages.unused:
                database.write(place, {(MESSAGE, key_of(unused)): None for unused in messages.unused})
            found.append(kept)
    return found


def restore(kept: KeptApp, database: RowReader, service: Service, value: dict[str, Any]) -> Messages:
    """Fill an app from its rows; `value` is what its own row says. Returns the messages."""
    messages = _fill(kept, database)
    _restore_snapshots(kept, database, service)
    _restore_behaviour(kept.app, service, value)
    return messages


def created(service: Service, value: dict[str, Any]) -> App:
    """A new app of the service, of the key and the identity that its row says."""
    key = AppKey(value["org"], value["app"])
    return service.create(key, settings_of(value), **value["identity"])


def settings_of(value: dict[str, Any]) -> AppSettings:
    """The settings of an app as they were written; a mapping with the key `settings`."""
    return AppSettings().with_changes(value["settings"], where=_WHERE)


def _fill(kept: KeptApp, database: RowReader) -> Messages:
    read = partial(database.read, kept.place)
    store = kept.app.store = RecordingAppStore()
    messages = fill(store, read)
    kept.tokens.read(read)
    message_second, group_second, next_waiting = _counters(kept, database)
    kept.app.ids.resume((message_second, group_second))
    kept.offline.read(read, messages, next_waiting)
    store.take_changes()
    kept.basis = store.basis
    return messages


def _counters(kept: KeptApp, database: RowReader) -> tuple[int, int, int]:
    """The seconds of the latest IDs of messages and of groups, and the next number of what waits."""
    ((_, text),) = database.read(kept.place, COUNTERS)
    message_second, group_second, next_waiting = json.loads(text)
    return message_second, group_second, next_waiting


def _restore_snapshots(kept: KeptApp, database: RowReader, service: Service) -> None:
    app = kept.app
    for (name,), value in list(read_rows(partial(database.read, kept.place), SNAPSHOT)):
        store = RecordingAppStore()
        fill(store, partial(database.read, value["place"]))
        store.take_changes()
        # The steps of its faults are made by switching them on.
        service.extension.switch_on(app, value["faults"])
        clock = tuple(value["clock"])
        app.snapshots[name] = Snapshot(store, settings_of(value), app.steps, app.faults, clock)
        kept.snapshots[name] = value["place"]


def _restore_behaviour(app: App, service: Service, value: dict[str, Any]) -> None:
    service.extension.switch_on(app, value["faults"])
    app.nuisances = service.extension.schedule(value["disturbances"], where=_WHERE)
    offset_ms, frozen_ms = value["clock"]
    app.clock.restore((offset_ms, frozen_ms))
    if app.settings.list_lag_ms:
        # Readers have seen the lists as they are.
        settings = app.settings
        app.settings = replace(settings, list_lag_ms=0)
        app.configure(settings)
