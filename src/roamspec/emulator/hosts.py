"""Which names the control API answers to: a web page must not reach it under a name of its own.

A page can let its own name lead to this machine (DNS rebinding), and then call the emulator as if it were the
page's own server. The request shows it: its `Host`, or its `Origin`, is that name.
"""

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 - addresses that stand for all of this machine's
_NOT_PUBLIC: Final = (".internal", ".local", ".localhost", ".test", ".home.arpa")
"""Nobody can own a name below these."""


@dataclass(frozen=True, slots=True)
class OwnHosts:
    """The names of an emulator that listens. Names below what is not public always count, because a proxy may
    pass one on; with `everywhere` addresses and names without a dot count too."""

    names: frozenset[str]
    everywhere: bool

    @classmethod
    def of(cls, host: str) -> Self:
        """Of an emulator that listens on `host`: an address or a name."""
        names = {*_LOOPBACK, host.lower()}
        everywhere = host in _EVERYWHERE
        if everywhere:
            names.add(socket.gethostname().lower())
        return cls(frozenset(names), everywhere)

    def refusal(self, headers: Mapping[bytes, bytes]) -> str:
        """Why a request with these headers is rejected; empty when it is not."""
        host = headers.get(b"host")
        # What is older than HTTP/1.1 names no host, and no browser is.
        if host is not None and not self._knows("//" + host.decode("latin-1")):
            return (
                f"the control API rejects the host {host.decode('latin-1')!r}; call it at the address where "
                "it listens, or start it with --host and this name."
            )
        origin = headers.get(b"origin")
        if origin is not None and not self._knows(origin.decode("latin-1")):
            return f"the control API rejects pages of {origin.decode('latin-1')!r}."
        return ""

    def _knows(self, url: str) -> bool:
        try:
            name = (urlsplit(url).hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self.names or _is_loopback(name) or name.endswith(_NOT_PUBLIC):
            return True
        return self.everywhere and bool(name) and _is_local_or_address(name)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_local_or_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name
    return True
