"""From an address to apps that several workers have in common."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from roamspec.emulator.apps import App
from roamspec.emulator.service import Service
from roamspec.emulator.shared.connection import BlockingConnection, Connection
from roamspec.emulator.shared.numbers import GivenNumbers
from roamspec.emulator.shared.problems import AppExistsError, StoreError, StoreGone
from roamspec.emulator.shared.state import ALIVE_WITHIN_S, SharedState

Apps = tuple[App, App, App]
_TRIES: Final = 5


class SharedStore:
    """One server or cluster that can be used; `numbers` is what a service draws its IDs from."""

    def __init__(self, url: str, blocking: BlockingConnection) -> None:
        self._url = url
        self._cluster = blocking.cluster
        self.numbers = GivenNumbers(blocking.take_numbers)

    def state(self, service: Service, *, alive_within_s: float = ALIVE_WITHIN_S) -> SharedState:
        """For the running event loop; still to be opened."""
        connection = Connection(self._url, cluster=self._cluster)
        return SharedState(service, connection, alive_within_s=alive_within_s)

    def make_apps(self, new_service: Callable[[], Service], make: Callable[[Service], Apps]) -> Apps:
        """Have these apps in the store: those that it has, with what `make` changes, and new ones.

        StoreError when it ceases to answer.
        """
        for _ in range(_TRIES):
            try:
                return asyncio.run(self._make_apps(new_service(), make))
            except AppExistsError:
                # Another emulator that starts at the same time was faster: its apps are taken over.
                continue
            except StoreGone as error:
                raise StoreError(f"the store ceased to answer: {error}; start the emulator again.") from error
        raise StoreError("other emulators make and remove the same apps; start the emulator again.")

    async def _make_apps(self, service: Service, make: Callable[[Service], Apps]) -> Apps:
        state = self.state(service)
        try:
            await state.open()
            await state.find_all()
            apps = make(service)
            for app in apps:
                if state.has(app):
                    await state.run(app, _nothing, alone=True)
            await state.adopt_new()
            return apps
        finally:
            await state.close()


@contextmanager
def opened(url: str) -> Iterator[SharedStore]:
    """StoreError when the store cannot be used."""
    blocking = BlockingConnection(url)
    try:
        yield SharedStore(url, blocking)
    finally:
        blocking.close()


def _nothing() -> None:
    pass
