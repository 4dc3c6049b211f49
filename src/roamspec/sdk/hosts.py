"""Where the emulator listens, and by which address the command reaches it."""

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from roamspec.errors import UsageError

LOOPBACK: Final = "127.0.0.1"
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - a word for all addresses
_URLS: Final = ("base_url", "ws_url", "observer_url", "control_url")
_ELSEWHERE: Final = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses of examples, to which nothing is sent: they tell by which interface others are reached."""


def check_host(host: str) -> None:
    """UsageError when nothing of this machine listens there."""
    try:
        with socket.socket(_family(host), socket.SOCK_STREAM) as listener:
            listener.bind((host, 0))
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not a valid host name"
        raise UsageError(
            f"--host: nothing can listen on {host!r} ({reason}); name an address of this machine, or 0.0.0.0."
        ) from error


def warning(host: str) -> str:
    """What is to be said of a host that others may reach; empty for loopback."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if loopback:
        return ""
    return (
        f"the emulator listens on {host}: until the command ends, everybody who can reach this machine can "
        "read and change everything in it."
    )


def reachable(ready: Mapping[str, Any], host: str) -> dict[str, Any]:
    """The ready object with addresses that also a container or another machine can use.

    An emulator that listens on every address names loopback, which is nobody else's.
    """
    if host not in (EVERYWHERE, "::"):
        return dict(ready)
    address = own_address(_family(host))
    place = f"[{address}]" if ":" in address else address
    changed = {}
    for name in _URLS:
        parts = urlsplit(ready[name])
        changed[name] = parts._replace(netloc=f"{place}:{parts.port}").geturl()
    return {**ready, **changed}


def own_address(family: socket.AddressFamily) -> str:
    """This machine's address towards others; loopback where it has none."""
    for each in (family, socket.AF_INET):
        try:
            with socket.socket(each, socket.SOCK_DGRAM) as probe:
                probe.connect((_ELSEWHERE[each], 9))
                return str(probe.getsockname()[0])
        except OSError:
            continue
    return LOOPBACK


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
