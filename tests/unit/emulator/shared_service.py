"""Workers of one service within one event loop, on one store."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from roamspec.appkey import AppKey
from roamspec.emulator.apps import App
from roamspec.emulator.devices.hub import DeviceConnection
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.delivery import OutgoingMessage, send_to_user
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.shared.connection import BlockingConnection
from roamspec.emulator.shared.opening import SharedStore
from roamspec.emulator.shared.state import SharedState
from roamspec.faults.extension import FaultExtension

from .disk_service import everything

T = TypeVar("T")
KEY = AppKey("o", "a")
EVENT_WITHIN_S = 30


@dataclass
class Worker:
    service: Service
    state: SharedState

    async def app(self) -> App:
        found = await self.state.find("o", "a")
        assert found is not None
        return found

    async def run(self, compute: Callable[[App], T], *, alone: bool = False) -> T:
        """Let a call happen in the app."""
        app = await self.app()
        return await self.state.run(app, lambda: compute(app), alone=alone)

    async def register(self, *names: str) -> None:
        for name in names:
            await self.run(lambda app, name=name: accounts.register(context(app), name, "1", None))  # type: ignore[misc]

    async def send(self, sender: str, receiver: str) -> str:
        draft = OutgoingMessage(sender, "txt", "hi", None)
        return await self.run(lambda app: send_to_user(context(app), draft, receiver))

    async def make_app(self, **settings: Any) -> App:
        made = self.service.create(KEY, AppSettings().with_changes(settings, where="test"))
        await self.state.adopt_new()
        return made


def context(app: App) -> Any:
    return app.context(app.clock.now())


@asynccontextmanager
async def worker_of(url: str, alive_within_s: float = 60) -> AsyncIterator[Worker]:
    blocking = BlockingConnection(url)
    store = SharedStore(url, blocking)
    service = Service(STEPS, FaultExtension(), store.numbers)
    state = store.state(service, alive_within_s=alive_within_s)
    service.shared = state
    try:
        await state.open()
        yield Worker(service, state)
    finally:
        await state.close()
        blocking.close()


def with_workers(url: str, number: int, body: Callable[..., Coroutine[Any, Any, None]]) -> None:
    """Let `body` use so many workers."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            workers = [await stack.enter_async_context(worker_of(url)) for _ in range(number)]
            await asyncio.wait_for(body(*workers), 120)

    asyncio.run(run())


def client_of(url: str) -> Any:
    import redis

    return redis.Redis.from_url(url, decode_responses=True)


async def catch_up(*workers: Worker) -> list[dict[str, Any]]:
    """What each holds, now that it has seen all."""
    for worker in workers:
        await worker.run(lambda _: None)
    return [everything(worker.service) for worker in workers]


def held(app: App, owner: str, peer: str) -> set[str]:
    view = app.store.view(owner, ConversationKey("chat", peer))
    return set() if view is None else {message.id for message in view}


async def come_online(worker: Worker, user: str, device: str) -> DeviceConnection:
    app = await worker.app()
    return await worker.state.come_online(app, lambda: app.devices.connect(user, device))


async def until(worker: Worker, is_so: Any) -> None:
    while not await worker.run(is_so):
        await asyncio.sleep(0.01)
