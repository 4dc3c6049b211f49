"""Never above the rate of a load: all calls of one process pass here before they are sent."""

import threading
import time
from collections.abc import Callable
from typing import Final

from roamspec.transport.rate_limiter import RateLimiter

_EVERY: Final = ""
"""The bucket of all calls together."""
_MADE_UP_FOR_S: Final = 0.25


class LoadStopped(Exception):  # noqa: N818 - what happened
    """The load has ended before this call was sent."""


class LoadPacer(RateLimiter):
    """Spreads the calls of one worker evenly: no second holds more than its part of the rate.

    `rate` is that part, in calls per second. `within_limits`: each operation keeps to its documented limit as
    well, of which this worker has a `share`.
    """

    def __init__(
        self,
        rate: float,
        *,
        share: float,
        within_limits: bool,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(None if within_limits else 0, share=share, clock=clock, sleep=sleep)
        self._all = rate
        self._now, self._rest = clock, sleep
        self._next_at = clock()
        self._place = threading.Lock()
        self._of_thread = threading.local()
        self.stopping = False
        """Whether the load is to end: then no call is let pass, and LoadStopped is raised instead."""

    def limit(self, bucket: str) -> float:
        """Calls per second of a bucket, or of all of them together."""
        return self._all if bucket == _EVERY else super().limit(bucket)

    def wait(self, bucket: str) -> None:
        """Return when a call of this bucket may be sent; raises where the load is to end."""
        super().wait(bucket)
        self._go_on()
        self._wait_for_place()
        super().wait(_EVERY)
        self._go_on()
        self._of_thread.bucket, self._of_thread.sent_at = bucket, self._now()

    @property
    def bucket(self) -> str:
        """What the last call of this thread counts against; empty before the first."""
        return getattr(self._of_thread, "bucket", "")

    @property
    def sent_at(self) -> float:
        """When the last call of this thread left, on the clock of the pacer."""
        return getattr(self._of_thread, "sent_at", 0.0)

    def _go_on(self) -> None:
        if self.stopping:
            raise LoadStopped

    def _wait_for_place(self) -> None:
        """Each call has a place of its own in time; a place just missed is made up for."""
        with self._place:
            now = self._now()
            at = max(self._next_at, now - _MADE_UP_FOR_S)
            self._next_at = at + 1.0 / self._all
        if at > now:
            self._rest(at - now)
