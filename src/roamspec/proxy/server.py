"""Listens, and passes each connection on, until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from roamspec.errors import UsageError
from roamspec.proxy.relay import Keep, Relay
from roamspec.proxy.upstream import Upstream

_GRACE_S: Final = 1.0
"""How long exchanges under way may take once it is told to stop."""
_BACKLOG: Final = 1024


def listen(host: str, port: int) -> socket.socket:
    """UsageError when nothing can listen there."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError, UnicodeError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"cannot listen on {host} port {port}: {reason}; choose another --host or --port, or --port 0 "
            "for a free one."
        ) from error
    return listener


def serve(listener: socket.socket, upstream: Upstream, keep: Keep, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called once connections are accepted."""
    asyncio.run(_serve(listener, upstream, keep, ready))


async def _serve(listener: socket.socket, upstream: Upstream, keep: Keep, ready: Callable[[], None]) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
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
