"""A transport that keeps one deadline for a whole exchange.

httpx limits each read by itself; a service that sends one byte at a time, be it of the headers, outlives
any such limit.
"""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import httpcore
import httpx

from roamspec.transport.connections import open_pool
from roamspec.transport.network_settings import Network


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
        """Seconds that one read or write may take, `timeout` at most; `timeout` outside `within`."""
        until: float | None = getattr(self._local, "until", None)
        if until is None:
            return timeout
        # Zero would mean not to wait for anything, also not for what has arrived.
        left = max(until - time.monotonic(), 0.001)
        return left if timeout is None else min(left, timeout)

    @property
    def passed(self) -> bool:
        """Whether the time of this thread is over; false outside `within`."""
        until: float | None = getattr(self._local, "until", None)
        return until is not None and time.monotonic() > until


class DeadlineTransport(httpx.BaseTransport):
    """Sends httpx's requests to one base URL over connections that keep the deadline."""

    def __init__(self, deadline: Deadline, url: str, network: Network | None = None) -> None:
        self._pool = open_pool(network or Network(), url, lambda stream: OneDeadlineStream(stream, deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and wait for the head of its response; raises httpx's own errors."""
        assert isinstance(request.stream, httpx.SyncByteStream)
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            received = self._pool.handle_request(sent)
        except _OF_HTTPCORE as error:
            raise _as_httpx(error) from error
        return httpx.Response(
            received.status,
            headers=received.headers,
            stream=_Body(received.stream),
            extensions=received.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except _OF_HTTPCORE as error:
            raise _as_httpx(error) from error

    def close(self) -> None:
        self._stream.close()


_ERRORS: Final = {
    getattr(httpcore, name): getattr(httpx, name)
    for name in (
        "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "ConnectError", "ReadError",
        "WriteError", "ProxyError", "UnsupportedProtocol", "LocalProtocolError", "RemoteProtocolError",
    )
}  # fmt: skip
"""The same errors, as httpx calls them."""


_OF_HTTPCORE: Final = tuple(_ERRORS)


def _as_httpx(error: Exception) -> Exception:
    found: Exception = _ERRORS[type(error)](str(error))
    return found


_MOST_UNSENT: Final = 65536
_FAREWELL_S: Final = 0.5


class OneDeadlineStream(httpcore.NetworkStream):
    """Sends the head of a request together with its body: one packet, where they fit into one."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._send(timeout)
        if self._deadline.passed:
            raise httpcore.ReadTimeout("the response was not complete in time")
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent += buffer
        if len(self._unsent) > _MOST_UNSENT:
            self._send(timeout)

    def _send(self, timeout: float | None) -> None:
        unsent, self._unsent = self._unsent, b""
        if not unsent:
            return
        try:
            self._stream.write(unsent, self._deadline.left(timeout))
        except httpcore.WriteError:
            # Who ends a TLS connection may have said why, and that is still to be read.
            if self._stream.get_extra_info("ssl_object") is not None:
                with suppress(httpcore.ReadTimeout):
                    self._stream.read(1, self._deadline.left(_FAREWELL_S))
            raise

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return OneDeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
