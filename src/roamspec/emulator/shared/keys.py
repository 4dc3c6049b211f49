"""The names of what stands in the store. All keys of one app share a hash tag, and with it a hash slot."""

from typing import Final
from urllib.parse import quote

PREFIX: Final = "roamspec:emulator:"
FORMAT: Final = PREFIX + "format"
"""The version of everything below the prefix."""
VERSION: Final = "1"
APPS: Final = PREFIX + "apps"
"""A hash: by App ID the path of the App Key."""


def numbers(kind: str) -> str:
    """How many numbers of a kind are given out."""
    return f"{PREFIX}numbers:{kind}"


def worker(name: str) -> str:
    """There for as long as the worker is alive."""
    return f"{PREFIX}worker:{name}"


class AppKeys:
    """The keys of one app; `path` is its App Key as ORG/APP."""

    __slots__ = ("changed", "free", "head", "log", "refs", "rows", "snapshot_prefix", "staged_prefix", "turn")

    def __init__(self, path: str) -> None:
        # A brace within a name would end the hash tag.
        base = f"{PREFIX}{{{quote(path, safe='/', errors='surrogatepass')}}}:"
        self.head = base + "head"
        """A hash: `life`, one text for each creation; `version`; `seq`, how many rows ever were."""
        self.rows = base + "rows"
        self.refs = base + "refs"
        """By message ID how many rows hold the message; one that nothing holds loses its own row."""
        self.log = base + "log"
        """The latest changes, one for each version."""
        self.turn = base + "turn"
        """The worker that alone may write, for a moment."""
        self.free = base + "free"
        """A list, on which the end of a turn is told to one that waits for it."""
        self.changed = base + "changed"
        """The channel on which each change is told."""
        self.snapshot_prefix = base + "snapshot:"
        self.staged_prefix = base + "staged:"
