"""What servers do alike on every platform: listen at an address, hold many connections, and end when they are
told to."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from roamspec.errors import UsageError
from roamspec.interruption import ending_signals

OPEN_FILES: Final = 65_536
"""As many files, and with them connections, a server may open where the system lets it."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that is bound to the address, for the caller to close; port 0 takes a free one.

    UsageError when nothing can listen there.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            # There it lets a port be used again at once; on Windows it lets two servers share one.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError, TypeError, UnicodeError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"cannot listen on {host} port {port}: {reason}; choose another --host or --port, or --port 0 "
            "for a free one."
        ) from error
    return listener


def allow_many_connections() -> None:
    """Raise this process's own limit of open files: many shells start programs with 1,024, some with 256."""
    if sys.platform == "win32":
        # There is no such limit there.
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        # Some systems have a further limit, which they do not tell.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def stop_on_signals(stop: Callable[[], object]) -> None:
    """Call `stop` in the running event loop on SIGTERM, on SIGHUP unless it is ignored, and on Ctrl-C."""
    loop = asyncio.get_running_loop()
    for number in (*ending_signals(), signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:
            # Loops of Windows know no signals; Python itself does.
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
