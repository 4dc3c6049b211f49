"""What other workers tell: a message for each change of an app that has devices here."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from redis.exceptions import RedisError

from roamspec.emulator.shared.connection import Connection
from roamspec.emulator.shared.problems import StoreGone

_PAUSE_S: Final = 0.1
_HEARD_WITHIN_S: Final = 3.0


class Following:
    """`heard` is called with the channel of each change; with an empty one after messages may have been
    missed."""

    def __init__(self, store: Connection, worker: str, heard: Callable[[str], None]) -> None:
        self._subscription: Any = store.listener()
        self._worker = worker
        self._heard = heard
        self._subscribed: dict[str, asyncio.Event] = {}
        self._task: asyncio.Task[None] | None = None

    async def follow(self, channel: str) -> None:
        """Returns once no later change is missed."""
        known = self._subscribed.get(channel)
        if known is None:
            known = self._subscribed[channel] = asyncio.Event()
            try:
                await self._subscription.subscribe(channel)
            except (RedisError, OSError) as error:
                del self._subscribed[channel]
                raise StoreGone(str(error)) from error
            if self._task is None:
                self._task = asyncio.ensure_future(self._listen())
        try:
            await asyncio.wait_for(known.wait(), _HEARD_WITHIN_S)
        except TimeoutError as error:
            raise StoreGone("no answer to a subscription") from error

    async def _listen(self) -> None:
        while True:
            try:
                message = await self._subscription.get_message(timeout=None)
            except (RedisError, OSError):
                await asyncio.sleep(_PAUSE_S)
                # Connecting again, the subscription takes its channels with it.
                with suppress(RedisError, OSError):
                    await self._subscription.connect()
                self._heard("")
                continue
            if message is None:
                continue
            if message["type"] == "subscribe":
                known = self._subscribed.get(message["channel"])
                if known is not None:
                    known.set()
                self._heard(message["channel"])
            elif message["type"] == "message" and message["data"] != self._worker:
                self._heard(message["channel"])

    async def close(self) -> None:
        """Stop following; a server that is away is no error."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        with suppress(RedisError, OSError):
            await self._subscription.aclose()
