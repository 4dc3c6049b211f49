"""A clock that only moves when somebody sleeps or calls, so that a replay decides as the recording did."""

import threading
import time
from collections.abc import Callable

TICK_S = 0.001
"""What one request takes."""
RECORDED_AT_S = 1_710_309_184.0
"""When every recording begins, in Unix seconds: the day of the documentation's own samples."""


class VirtualClock:
    """Seconds since the beginning of one check; sleeping moves it at once, unless it shall really sleep."""

    def __init__(self, *, sleep: Callable[[float], None] | None = None) -> None:
        self._sleep = sleep
        self._elapsed_s = 0.0
        self._slept_s = 0.0
        self._in_burst = False
        self._lock = threading.Lock()

    def __call__(self) -> float:
        """Seconds since the beginning, which pass only in sleeps and calls."""
        return self._elapsed_s

    def wall(self) -> float:
        """Unix seconds, with the check begun at `RECORDED_AT_S`."""
        return RECORDED_AT_S + self._elapsed_s

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass on this clock, after the `sleep` that it was made with."""
        if self._sleep:
            self._sleep(seconds)
        self.pass_by(seconds)
        with self._lock:
            self._slept_s += seconds

    def pass_by(self, seconds: float) -> None:
        """Time that went by otherwise."""
        with self._lock:
            self._elapsed_s += seconds

    def tick(self, *, together: bool = False) -> int:
        """One request is answered, at the Unix milliseconds returned; those sent together take one tick."""
        with self._lock:
            if not (together and self._in_burst):
                self._elapsed_s += TICK_S
            self._in_burst = together
            return round(self.wall() * 1000)

    def slept(self) -> float:
        """Seconds slept since the last time this was asked."""
        with self._lock:
            slept, self._slept_s = self._slept_s, 0.0
        return slept


def real() -> VirtualClock:
    """A clock for recording: who sleeps does so."""
    return VirtualClock(sleep=time.sleep)
