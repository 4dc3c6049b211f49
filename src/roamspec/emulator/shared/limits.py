"""The windows of rate limits, one row for each moment in them."""

from collections.abc import Callable
from typing import Final

from roamspec.emulator.disk.contents import encoded, key_of
from roamspec.emulator.disk.recording_view import Changed
from roamspec.emulator.limits import RateLimits

LIMIT: Final = "limit"
_TOTAL: Final = -1
"""In the place of a moment's number: how many the window ever took, which says where the next one goes."""


class RecordingLimits(RateLimits):
    """By the store's clock, which is the same for all workers."""

    __slots__ = ("_changed", "_clock", "_totals")

    def __init__(self, changed: Changed, clock: Callable[[], int]) -> None:
        super().__init__()
        self._changed = changed
        self._clock = clock
        self._totals: dict[tuple[str, int], int] = {}

    def clear(self) -> None:
        """Forget all that was counted, here and, with the next write, in the store."""
        for key, most in self._windows:
            self._note_gone(key, most)
        self._totals.clear()
        super().clear()

    def put(self, key: str, most: int, number: int, value: int | None) -> None:
        """What a row says."""
        if number == _TOTAL:
            if value is None:
                self._totals.pop((key, most), None)
                self._windows.pop((key, most), None)
            else:
                self._totals[key, most] = value
                self._window(key, most).go_to(value)
        elif value is not None:
            self._window(key, most).put(number, value)
        elif (key, most) in self._windows:
            self._window(key, most).forget(number)

    def _take(self, key: str, most: int, span_ms: int, now_ms: int, count: int = 1) -> bool:  # noqa: ARG002
        now, before = self._clock(), self._windows
        taken = super()._take(key, most, span_ms, now, count)
        if self._windows is not before:
            for old, size in before.keys() - self._windows.keys():
                self._note_gone(old, size)
                self._totals.pop((old, size), None)
        if not taken:
            return False
        total = self._totals.get((key, most), 0)
        for number in range(total, total + count):
            self._changed[LIMIT, key_of(key, most, number % most)] = encoded(now)
        self._totals[key, most] = total + count
        self._changed[LIMIT, key_of(key, most, _TOTAL)] = encoded(total + count)
        return True

    def _note_gone(self, key: str, most: int) -> None:
        for number in (_TOTAL, *range(min(most, self._totals.get((key, most), 0)))):
            self._changed[LIMIT, key_of(key, most, number)] = None
