"""Listens, and passes each connection on, until it is told to stop."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from roamspec.listening import allow_many_connections, stop_on_signals
from roamspec.proxy.relay import Keep, Relay
from roamspec.proxy.upstream import Upstream

_GRACE_S: Final = 1.0
"""How long exchanges under way may take once it is told to stop."""
_BACKLOG: Final = 1024


def serve(listener: socket.socket, upstream: Upstream, keep: Keep, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM, SIGHUP or SIGINT; `ready` is called once connections are accepted."""
    allow_many_connections()
    asyncio.run(_serve(listener, upstream, keep, ready))


async def _serve(listener: socket.socket, upstream: Upstream, keep: Keep, ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    stop_on_signals(stop.set)
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        try:
            await Relay(upstream, keep).serve(reader, writer)
        finally:
            connections.discard(task)
            with suppress(OSError):
                writer.close()

    server = await asyncio.start_server(connected, sock=listener, backlog=_BACKLOG)
    ready()
    await stop.wait()
    server.close()
    if connections:
        await asyncio.wait(connections, timeout=_GRACE_S)
    for task in list(connections):
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
