"""Where the store is: `--store memory` or the address of a Redis or Valkey server."""

from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

from roamspec.errors import UsageError

MEMORY: Final = "memory"
_SCHEMES: Final = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}


def store_url(text: str) -> str | None:
    """The address as the library reads it; None for `memory`. UsageError for anything else."""
    if text == MEMORY:
        return None
    scheme, _, rest = text.partition("://")
    if scheme not in _SCHEMES or not rest:
        raise UsageError(
            f"--store must be `memory`, or an address such as redis://127.0.0.1:6379/0, not {shown(text)!r}."
        )
    try:
        parts = urlsplit(text)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    database = parts.path.strip("/") if usable else ""
    if not usable or (database and not (database.isascii() and database.isdigit())):
        raise UsageError(
            f"--store must be an address such as redis://127.0.0.1:6379/0; {shown(text)!r} has no host, or a "
            "wrong port or database."
        )
    if find_spec("redis") is None:
        raise UsageError("--store needs the package redis; install it with: pip install 'roamspec[redis]'.")
    return f"{_SCHEMES[scheme]}://{rest}"


def shown(text: str) -> str:
    """The address without the name and the password in it, and without what follows the database."""
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    place = rest.split("/", 1)
    host = place[0].rpartition("@")[2]
    database = place[1].partition("?")[0] if len(place) > 1 else ""
    return f"{scheme}://{host}" + (f"/{database}" if database else "")
