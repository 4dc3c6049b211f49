"""Opens connections: through a proxy or not, over TLS or not, to the address of a host that answers."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from roamspec.transport.network_settings import Network

Wrap = Callable[[httpcore.NetworkStream], httpcore.NetworkStream]


def open_pool(network: Network, url: str, wrap: Wrap, *, connections: int = 100) -> httpcore.ConnectionPool:
    """Connections for the requests to one base URL; `wrap` may put something around each."""
    proxy = network.proxy_for(url)
    through = None
    if proxy:
        over_tls = proxy.url.startswith("https:")
        context = network.trust.context if over_tls else None
        through = httpcore.Proxy(proxy.url, proxy.auth, ssl_context=context)
    return httpcore.ConnectionPool(
        # Reading whom to trust takes as long as fifty requests to an emulator.
        ssl_context=network.trust.context if url.startswith("https:") else None,
        proxy=through,
        max_connections=connections,
        max_keepalive_connections=20,
        keepalive_expiry=5.0,
        network_backend=_Backend(wrap),
    )


class _Backend(httpcore.NetworkBackend):
    """Connects to the first address of a host that answers, and begins with that one the next time."""

    def __init__(self, wrap: Wrap) -> None:
        self._wrap = wrap
        self._plain = httpcore.SyncBackend()
        self._answered: dict[tuple[str, int], str] = {}

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._addresses(host, port)
        for number, address in enumerate(addresses):
            # What one of several addresses may take leaves time for those behind it.
            least = None if timeout is None else timeout / (len(addresses) - number)
            try:
                stream = self._plain.connect_tcp(address, port, least, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if address == addresses[-1]:
                    raise
                continue
            self._answered[host, port] = address
            return self._wrap(stream)
        raise httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        answered = self._answered.get((host, port))
        return sorted(addresses, key=lambda address: address != answered)

    def sleep(self, seconds: float) -> None:
        self._plain.sleep(seconds)
