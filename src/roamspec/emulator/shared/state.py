"""All apps of one worker, and what it does beside their calls: show that it is alive, and clear up after
workers that are not."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic_ns
from typing import Final, TypeVar
from uuid import uuid4

from roamspec.appkey import AppKey
from roamspec.emulator.apps import App
from roamspec.emulator.disk.kept_app import APP
from roamspec.emulator.disk.restoring import created
from roamspec.emulator.service import APP_ID, Service
from roamspec.emulator.shared.connection import Connection
from roamspec.emulator.shared.following import Following
from roamspec.emulator.shared.keys import AppKeys
from roamspec.emulator.shared.problems import AppExistsError, AppGone, StoreGone
from roamspec.emulator.shared.replica import Replica
from roamspec.emulator.shared.rows import MAIN
from roamspec.emulator.shared.turns import Turns, loaded_rows

T = TypeVar("T")
ALIVE_WITHIN_S: Final = 9.0
"""So long after a worker's last sign its devices count as online."""
_LOOKS: Final = 3
_END_WITHIN_S: Final = 1.0


class SharedState:
    """Of one worker, within one event loop."""

    def __init__(
        self, service: Service, store: Connection, *, alive_within_s: float = ALIVE_WITHIN_S
    ) -> None:
        self.worker = uuid4().hex[:16]
        self._service = service
        self._store = store
        self._alive_within_s = alive_within_s
        self._following = Following(store, self.worker, self._heard)
        self._replicas: dict[App, tuple[Replica, Turns]] = {}
        self._by_channel: dict[str, App] = {}
        self._loading = asyncio.Lock()
        self._ahead_ms = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: set[App] = set()
        self._signs: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """From now on, other workers see that this one is alive."""
        await self._show_alive()
        self._signs = asyncio.ensure_future(self._give_signs())

    async def close(self) -> None:
        """Its devices are online no more."""
        if self._signs is not None:
            self._signs.cancel()
            await asyncio.gather(self._signs, return_exceptions=True)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_END_WITHIN_S)
        with suppress(StoreGone):
            await self._store.leave(self.worker)
        await self._following.close()
        await self._store.close()

    async def find(self, org: str, app: str) -> App | None:
        """The app of this name, read from the store if another worker made it; None where there is none.
        `org` may be `APP_ID`, and `app` an ID then."""
        found = self._held(org, app)
        if found is not None:
            return found
        # An app that is being made or read here is there afterwards.
        async with self._loading:
            found = self._held(org, app) or await self._load(f"{org}/{app}")
            if found is None and org == APP_ID:
                path = await self._store.path_of(app)
                if path is not None:
                    key = AppKey.parse(path, where="--store")
                    found = self._held(key.org, key.app) or await self._load(path)
        return found

    async def run(self, app: App, compute: Callable[[], T], *, alone: bool = False) -> T:
        """Compute a call on the app and write what it changes; raises AppGone where another worker has
        removed the app."""
        held = self._replicas.get(app)
        if held is None:
            raise AppGone
        try:
            return await held[1].run(compute, alone=alone)
        except AppGone:
            self._drop(app)
            raise

    async def come_online(self, app: App, compute: Callable[[], T]) -> T:
        """As `run`, for a device that connects: from now on the worker follows what others write to the
        app."""
        held = self._replicas.get(app)
        if held is None:
            raise AppGone
        await self._following.follow(held[0].keys.changed)
        return await self.run(app, compute, alone=True)

    async def control(self, names: Mapping[str, str], compute: Callable[[], T]) -> T:
        """Compute a call of the control API in a turn of its app, or of all apps where it names none."""
        if "org" not in names:
            return await self._control_all(compute)
        app = await self.find(names["org"], names["app"])
        if app is None:
            return compute()
        replica = self._replicas[app][0]
        try:
            answer = await self.run(app, compute, alone=True)
        except AppGone:
            return compute()
        if app not in self._service.apps():
            await self._store.remove(replica.keys, app.app_id, replica.snapshots)
            self._forget(app)
        return answer

    async def _control_all(self, compute: Callable[[], T]) -> T:
        await self.find_all()
        async with self._loading:
            answer = compute()
            await self._adopt_new()
        return answer

    def has(self, app: App) -> bool:
        """Whether the store has the app."""
        return app in self._replicas

    async def find_all(self) -> None:
        """Know exactly the apps that the store lists."""
        # An app that is being made here is not listed yet.
        async with self._loading:
            listed = set((await self._store.listed_apps()).values())
            for path in sorted(listed):
                key = AppKey.parse(path, where="--store")
                if self._held(key.org, key.app) is None:
                    await self._load(path)
            for app in list(self._replicas):
                if app.key.path not in listed:
                    self._drop(app)

    async def adopt_new(self) -> None:
        """Put apps that this worker has made into the store; AppExistsError where another one was faster."""
        async with self._loading:
            await self._adopt_new()

    async def _adopt_new(self) -> None:
        for app in [app for app in self._service.apps() if app not in self._replicas]:
            replica = self._replica(app)
            if not await self._store.create(replica.keys, replica.seen[0]):
                self._service.remove(app)
                raise AppExistsError(app.key.path)
            replica.adopt()
            self._hold(replica)
            try:
                await self.run(app, _nothing, alone=True)
            except AppGone as error:
                raise StoreGone("the store forgot an app that was being made") from error
            await self._store.list_app(app.app_id, app.key.path)

    async def _load(self, path: str) -> App | None:
        keys = AppKeys(path)
        life, version, values = await self._store.read(keys)
        if life is None or APP not in values:
            return None
        rows = await loaded_rows(self._store, keys, values)
        app = created(self._service, rows.value(MAIN, APP))
        replica = self._replica(app)
        replica.load(rows, (life, version))
        self._hold(replica)
        # Whoever made it may have ended before it was listed.
        await self._store.list_app(app.app_id, app.key.path)
        return app

    def _held(self, org: str, app: str) -> App | None:
        found = self._service.find(org, app)
        return found if found in self._replicas else None

    def _replica(self, app: App) -> Replica:
        return Replica(app, self._service, self.worker, self._clock, lambda change: self._later(app, change))

    def _hold(self, replica: Replica) -> None:
        self._replicas[replica.app] = (replica, Turns(replica, self._store, self.worker))
        self._by_channel[replica.keys.changed] = replica.app

    def _forget(self, app: App) -> None:
        replica, _ = self._replicas.pop(app)
        self._by_channel.pop(replica.keys.changed, None)

    def _drop(self, app: App) -> None:
        if app in self._replicas:
            self._forget(app)
            if app in self._service.apps():
                self._service.remove(app)

    def _clock(self) -> int:
        """Milliseconds by the store's clock."""
        return monotonic_ns() // 1_000_000 + self._ahead_ms

    def _later(self, app: App, change: Callable[[], None]) -> None:
        """What nobody waits for: a device has gone."""
        self._start(app, change, alone=True)

    def _start(self, app: App, compute: Callable[[], object], *, alone: bool = False) -> None:
        async def quietly() -> None:
            try:
                await self.run(app, compute, alone=alone)
            except (StoreGone, AppGone):
                # Where the store is gone, the next sign of this worker tries again.
                self._looking.discard(app)

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _heard(self, channel: str) -> None:
        for app in self._told(channel):
            if app not in self._looking:
                self._looking.add(app)
                # A change that comes after the look has begun is heard of again.
                self._start(app, partial(self._looking.discard, app))

    def _told(self, channel: str) -> Iterable[App]:
        if channel:
            return [self._by_channel[channel]] if channel in self._by_channel else []
        return [
            app
            for app, (replica, _) in self._replicas.items()
            if replica.hub.has_local or not replica.is_valid
        ]

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(self._alive_within_s / _LOOKS)
            try:
                await self._show_alive()
                await self._clear_up()
            except StoreGone:
                continue
            self._heard("")

    async def _show_alive(self) -> None:
        await self._store.show_alive(self.worker, int(self._alive_within_s * 1000))
        self._ahead_ms = await self._store.clock_ahead_ms()

    async def _clear_up(self) -> None:
        """Devices of workers that were killed are online no more."""
        dead: dict[str, bool] = {}
        for app, (replica, _) in list(self._replicas.items()):
            for worker in replica.hub.workers():
                if worker not in dead:
                    dead[worker] = not await self._store.is_alive(worker)
            gone = [worker for worker in replica.hub.workers() if dead.get(worker)]
            if gone:
                self._start(app, partial(replica.hub.forget_elsewhere, gone), alone=True)


def _nothing() -> None:
    pass
