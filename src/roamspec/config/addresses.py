"""Base addresses: which can be used, and which of them are this machine."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from roamspec.errors import ConfigurationError


def base_address(text: str, *, where: str) -> str:
    """`text` as `scheme://host[:port][/path]` without a slash at the end; `where` names it in errors.

    Nothing of a rejected address is repeated but its scheme: the rest may hold a password or a token.
    """

    def refuse(reason: str) -> ConfigurationError:
        return ConfigurationError(f"{where}: {reason}; write it as https://HOST or http://HOST:PORT.")

    if not text:
        raise refuse("it is empty")
    if any(character <= " " or character in "\\\x7f" for character in text):
        raise refuse("the address contains a space, a backslash or a control character")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise refuse("this is not an address") from None
    if parts.scheme not in ("http", "https"):
        given = f"the scheme {parts.scheme!r} is not supported" if "://" in text else "there is no scheme"
        raise refuse(given)
    if "@" in parts.netloc:
        raise refuse("the address contains credentials, which are only read from the environment")
    if "?" in text or "#" in text:
        raise refuse("the address contains a query or a fragment")
    if not parts.hostname:
        raise refuse("the address has no host")
    if port == 0:
        raise refuse("port 0 cannot be called")
    segments = parts.path.rstrip("/").split("/")[1:]
    if any(segment in ("", ".", "..") for segment in segments):
        raise refuse("the path contains an empty segment or dots")
    return _written(parts, port)


def _written(parts: SplitResult, port: int | None) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    place = host if port is None else f"{host}:{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}"


def is_loopback(address: str) -> bool:
    """Whether the address is this machine by its spelling alone; no name is looked up.

    True for `localhost`, 127.0.0.0/8 and `[::1]`. Other spellings of the same (`127.1`, a mapped IPv6
    address, a name that resolves to it) count as another machine: there doubt costs a confirmation only.
    """
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return False
    return parsed in ipaddress.ip_network("127.0.0.0/8") or parsed == ipaddress.ip_address("::1")
