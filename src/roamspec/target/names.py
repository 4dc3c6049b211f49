"""Names that nobody else has: they begin with the run's random mark.

They come from `uuid4`, which no test engine rewinds.
"""

import itertools
import threading
from uuid import uuid4


class Names:
    """A source of names; none is the beginning of another one, unless it is asked for."""

    def __init__(self, mark: str | None = None) -> None:
        self.mark = mark or f"rs{uuid4().hex[:10]}"
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def fresh(self, role: str = "u") -> str:
        """A new name such as `rs0f3a9c12de-7u`."""
        with self._lock:
            return f"{self.mark}-{next(self._numbers)}{role}"
