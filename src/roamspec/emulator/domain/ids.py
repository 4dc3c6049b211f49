"""IDs with the structure of the service's own: decimal strings whose upper bits are seconds."""

from typing import Final

_MESSAGE_EPOCH_S: Final = 1_417_564_800  # 2014-12-03T00:00:00Z
_GROUP_EPOCH_S: Final = 1_479_398_400  # 2016-11-17T16:00:00Z
_GROUP_BASE: Final = 0x10000
# An odd multiplier permutes the numbers below 2**59, so no ID of the random order ever repeats.
_SCATTER: Final = 0x2545F4914F6CDD1D
_SCATTER_MASK: Final = (1 << 59) - 1


class IdSource:
    """One source for all apps, so that an ID of one app exists in no other."""

    __slots__ = ("_last_group", "_last_message", "_scattered")

    def __init__(self) -> None:
        self._last_message = 0
        self._last_group = 0
        self._scattered = 0

    def message(self, now_ms: int, *, growing: bool = True) -> str:
        """`id >> 32` is seconds; growing IDs never repeat or go back, also when a clock does."""
        if not growing:
            self._scattered += 1
            # 2**59 stays below 10**18: 18 or 19 digits, whatever the permutation gives.
            return str(10**18 + (self._scattered * _SCATTER & _SCATTER_MASK))
        start = max(now_ms // 1000 - _MESSAGE_EPOCH_S, 1) << 32
        self._last_message = max(start | 0x10000, self._last_message + 1)
        return str(self._last_message)

    def group(self, now_ms: int) -> str:
        """`id >> 20` is seconds, the rest 0x10000 and a counter; groups and chatrooms share it."""
        start = max(now_ms // 1000 - _GROUP_EPOCH_S, 1) << 20
        self._last_group = max(start | _GROUP_BASE, self._last_group + 1)
        return str(self._last_group)


def time_of_message(message_id: int) -> int:
    """Unix milliseconds, to the second, that an ID of this structure carries."""
    return ((message_id >> 32) + _MESSAGE_EPOCH_S) * 1000
