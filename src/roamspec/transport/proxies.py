"""Which proxy a URL is called through, as the environment says it to every tool."""

import base64
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from roamspec.errors import ConfigurationError

_NETWORK: Final = ipaddress.ip_network
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy: `url` is `scheme://host[:port]` without credentials, `variable` is where it was given."""

    url: str
    variable: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def auth(self) -> tuple[bytes, bytes] | None:
        """User and password for the proxy, as bytes."""
        return None if self.user is None else (self.user.encode(), (self.password or "").encode())

    def __str__(self) -> str:
        return f"the proxy {self.url} ({self.variable})"


@dataclass(frozen=True, slots=True)
class Proxies:
    """The variables that name proxies, and the hosts that `NO_PROXY` exempts.

    `given` maps `http`, `https` and `all` to variable and value. A value is read when it is needed: one that
    nobody needs is not an error.
    """

    given: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)
    exempt: tuple[str, ...] = ()

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Lower-case variables win over upper-case ones, as in curl."""
        given = []
        for scheme in ("http", "https", "all"):
            variable, value = _variable(environ, f"{scheme}_proxy")
            if value:
                given.append((scheme, variable, value))
        _, exempt = _variable(environ, "no_proxy")
        return cls(tuple(given), tuple(exempt.replace(",", " ").split()))

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy for `url`; None for loopback and for what is exempt.

        ConfigurationError names the variable that holds no address of a proxy.
        """
        parts = urlsplit(url)
        if _is_loopback(parts.hostname or "") or self._exempts(url):
            return None
        by_scheme = {scheme: (variable, value) for scheme, variable, value in self.given}
        found = by_scheme.get(parts.scheme) or by_scheme.get("all")
        return _proxy(*found) if found else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Credentials for proxies, in each form in which they can be written."""
        found: list[str] = []
        for _, variable, value in self.given:
            try:
                proxy = _proxy(variable, value)
            except ConfigurationError:
                continue
            if proxy.auth is not None:
                pair = b":".join(proxy.auth)
                raw = urlsplit(_with_scheme(value)).netloc.rpartition("@")[0]
                found += [raw, pair.decode(), base64.b64encode(pair).decode()]
        return tuple(dict.fromkeys(found))

    def _exempts(self, url: str) -> bool:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme)
        return any(_fits(entry.lower(), host, port) for entry in self.exempt)


def _variable(environ: Mapping[str, str], lower: str) -> tuple[str, str]:
    """The name and value of a variable in either case; an empty value is none."""
    for name in (lower, lower.upper()):
        value = environ.get(name, "").strip()
        if value:
            return name, value
    return lower.upper(), ""


def _with_scheme(value: str) -> str:
    return value if "://" in value else f"http://{value}"


def _proxy(variable: str, value: str) -> Proxy:
    try:
        parts = urlsplit(_with_scheme(value))
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    # The value may hold a password, so nothing of it is repeated.
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigurationError(
            f"{variable} does not contain the address of an HTTP proxy; write it as http://HOST:PORT, or "
            "give --ignore-proxy (ROAMSPEC_IGNORE_PROXY) to call without one."
        )
    shown = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
    user = None if parts.username is None else unquote(parts.username)
    return Proxy(url, variable, user, None if parts.password is None else unquote(parts.password))


def _fits(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY fits: `*`, a name and all below it, an address or a network, with or
    without a port."""
    if entry == "*":
        return True
    with_port = re.fullmatch(r"(\[[^]]+\]|[^:]+):(\d+)", entry)
    if with_port:
        entry = with_port[1]
        if int(with_port[2]) != port:
            return False
    entry = entry.strip("[]")
    try:
        return ipaddress.ip_address(host) in _NETWORK(entry, strict=False)
    except ValueError:
        name = entry.removeprefix("*").strip(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
