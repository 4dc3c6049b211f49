"""How many requests a run may send, all its processes together."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

from roamspec.errors import BudgetSpent
from roamspec.transport.created_resources import REMOVING_BUCKETS
from roamspec.transport.http_messages import Request


class RequestBudget:
    """Counts requests against a bound, and keeps enough of it for removing what the run made.

    `reserve` gives the requests that the clean-up of this process will take. With a `file` several processes
    share one bound: each request is one byte in it, and so is each that is kept for a clean-up, because no
    process knows what another one has made.
    """

    def __init__(
        self, most: int, *, reserve: Callable[[], int] = lambda: 0, file: Path | None = None
    ) -> None:
        """`most` is 0 for no bound."""
        self._most = most
        self._reserve = reserve
        self._count = 0
        self._kept = 0
        """Requests of the clean-up that are counted in the file already."""
        self._ended = False
        self._lock = threading.Lock()
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if file and most else None

    @property
    def left(self) -> int | None:
        """How many requests may still be sent before the clean-up; None for any number."""
        return max(0, self._most - self._sent() - self._unkept()) if self._most else None

    def can_spare(self, count: int) -> bool:
        """Whether so many requests may still be sent."""
        left = self.left
        return left is None or left >= count

    def take(self, request: Request) -> None:
        """Count one request that is about to be sent; raises BudgetSpent when none is left for it."""
        removes = request.method == "DELETE" and request.bucket in REMOVING_BUCKETS
        if self._ended and not removes:
            raise BudgetSpent("the run has ended.")
        if not self._most:
            return
        if not removes and not self.left:
            raise BudgetSpent(
                f"the {self._most:,} requests that a run may send are used up; select less with --req, or "
                "run a larger profile."
            )
        with self._lock:
            self._count += 1
            if self._file is None:
                return
            if removes and self._kept:
                self._kept -= 1
                return
            more = 0 if removes else self._unkept()
            self._kept += more
            os.write(self._file, b"." * (1 + more))

    def _unkept(self) -> int:
        return max(0, self._reserve() - self._kept)

    def end(self) -> None:
        """From now on nothing is sent but what removes: the run is over."""
        self._ended = True

    def _sent(self) -> int:
        return os.fstat(self._file).st_size if self._file is not None else self._count

    def close(self) -> None:
        """Close the file; from here on there is no bound."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
            self._most = 0
