"""A transport that keeps one deadline for a whole exchange.

httpx limits each read by itself; a service that sends one byte at a time, be it of the headers, outlives
any such limit.
"""

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpcore
import httpx


class Deadline:
    """The moment until which the current thread's exchange may take; none when none is set."""

    def __init__(self) -> None:
        self._local = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Everything that is read or written inside ends after `seconds`."""
        self._local.until = time.monotonic() + seconds
        try:
            yield
        finally:
            self._local.until = None

    def left(self, timeout: float | None) -> float | None:
        """Seconds that one read or write may take, `timeout` at most."""
        until: float | None = getattr(self._local, "until", None)
        if until is None:
            return timeout
        # Zero would mean not to wait for anything, also not for what has arrived.
        left = max(until - time.monotonic(), 0.001)
        return left if timeout is None else min(left, timeout)

    @property
    def passed(self) -> bool:
        until: float | None = getattr(self._local, "until", None)
        return until is not None and time.monotonic() > until


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's own transport over connections that keep the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        trusted = _trusted()
        super().__init__(verify=trusted, trust_env=False)
        # httpx has no argument for it. The pool is the only thing that its constructor makes.
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_Backend(deadline),
        )


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust, read once in a process: it takes as long as fifty requests to an emulator."""
    return httpx.create_ssl_context(trust_env=False)


_MOST_UNSENT = 65536


class _Backend(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._plain.connect_tcp(host, port, timeout, local_address, socket_options)
        return OneDeadlineStream(stream, self._deadline)

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(seconds)


class OneDeadlineStream(httpcore.NetworkStream):
    """Sends the head of a request together with its body: one packet, where they fit into one."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._send(timeout)
        if self._deadline.passed:
            raise httpcore.ReadTimeout("the answer was not complete in time")
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent += buffer
        if len(self._unsent) > _MOST_UNSENT:
            self._send(timeout)

    def _send(self, timeout: float | None) -> None:
        unsent, self._unsent = self._unsent, b""
        if unsent:
            self._stream.write(unsent, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return OneDeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, timeout), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
