"""One endless answer, read in one thread and ended from another."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpcore
import httpx

from roamspec.transport.connections import Wrap, open_pool
from roamspec.transport.network_settings import Network

OK = 200


class EventStream:
    """A GET request whose response goes on until `close` is called or the other side ends it."""

    def __init__(self, url: str, network: Network, *, headers: Mapping[str, str], connect_s: float) -> None:
        """Nothing is sent yet; a connection that is not made within `connect_s` seconds is an error."""
        self._url = httpx.URL(url)
        self._headers = {"Host": self._url.netloc.decode("ascii"), **headers}
        self._connect_s = connect_s
        self._lock = threading.Lock()
        self._stream: httpcore.NetworkStream | None = None
        self._closed = False
        self._pool = open_pool(network, url, self._opened, connections=1)

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the response as they come; ValueError for a status other than 200, httpcore's errors
        for a connection that is not made or breaks."""
        url = self._url
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=list(self._headers.items()),
            extensions={"timeout": {"connect": self._connect_s}},
        )
        try:
            response = self._pool.handle_request(request)
            if response.status != OK:
                raise ValueError(f"the observer responds with {response.status}")
            yield from response.iter_stream()
        finally:
            self._pool.close()

    def close(self) -> None:
        """End the response, also while another thread waits for more of it."""
        with self._lock:
            self._closed = True
            stream = self._stream
        if stream:
            _shut(stream)

    def _opened(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        watched = _Watched(stream, self._opened)
        with self._lock:
            # Over TLS the same connection comes once more; the socket below has moved into it.
            self._stream = watched
            closed = self._closed
        if closed:
            _shut(watched)
        return watched


def _shut(stream: httpcore.NetworkStream) -> None:
    """Wake whoever reads from it; closing it would not, and is left to who reads."""
    connection = stream.get_extra_info("socket")
    with contextlib.suppress(OSError):  # the other side may have been first
        connection.shutdown(socket.SHUT_RDWR)


class _Watched(httpcore.NetworkStream):
    """A connection that tells `opened` when it goes on over TLS."""

    def __init__(self, stream: httpcore.NetworkStream, opened: Wrap) -> None:
        self._stream = stream
        self._opened = opened

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return self._opened(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
