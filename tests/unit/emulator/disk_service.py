"""A service whose state is on disk, and everything that it holds as plain values."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from roamspec.emulator.apps import App
from roamspec.emulator.disk.database import Database
from roamspec.emulator.disk.keeper import Keeper
from roamspec.emulator.disk.recording_store import RecordingAppStore
from roamspec.emulator.domain.records import Group
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.faults.extension import FaultExtension


@contextmanager
def kept_service(folder: Path) -> Iterator[tuple[Service, Keeper]]:
    """With the apps that the folder holds."""
    database = Database(folder)
    try:
        keeper = Keeper(database)
        service = Service(STEPS, FaultExtension(), keeper.numbers)
        keeper.restore(service)
        yield service, keeper
    finally:
        database.close()


def everything(service: Service) -> dict[str, Any]:
    """By App Key what must be the same after a restart."""
    return {app.key.path: _app(app) for app in service.apps()}


def _app(app: App) -> dict[str, Any]:
    assert isinstance(app.store, RecordingAppStore)
    return {
        "identity": (app.client_id, app.client_secret, app.uuid, app.app_id, app.app_certificate),
        "settings": app.settings,
        "clock": app.clock.state,
        "faults": app.faults,
        "steps": dict(app.steps).keys(),
        "tokens": dict(app.tokens.items()),
        "waiting": _waiting(app),
        "store": _store(app.store),
        "snapshots": {
            name: (_store(held.store), held.settings, held.faults, held.clock)
            for name, held in app.snapshots.items()
        },
    }


def _waiting(app: App) -> dict[str, list[tuple[int, str]]]:
    waiting = {
        user: [(key, message.id) for queue in queues.values() for key, message in queue]
        for user, queues in app.devices.offline._waiting.items()
    }
    return {user: sorted(found) for user, found in waiting.items() if found}


def _store(store: Any) -> dict[str, Any]:
    users = [asdict(account) for account in store.users()]
    names = [user["name"] for user in users]
    return {
        "users": users,
        "groups": sorted(map(_group, store.groups())),
        "member of": {name: {group.id for group in store.groups_of(name)} for name in names},
        "views": {name: {v.conversation: _view(v) for v in store.views(name)} for name in names},
        "imports": dict(store._imports),
        "sent": {hour: [asdict(m) for m in messages] for hour, messages in store._sent.items()},
    }


def _group(group: Group) -> tuple[object, ...]:
    joined = group.joined & group.members.keys()
    return group.id, group.kind, group.owner, list(group.members), joined, group.attributes


def _view(view: Any) -> dict[str, Any]:
    state = (view.listed, view.created_ms, view.unread, view.top_ms, view.marks)
    return {"state": state, "messages": [asdict(message) for message in view]}
