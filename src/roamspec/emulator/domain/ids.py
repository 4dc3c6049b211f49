"""IDs with the structure of the service's own: decimal strings whose upper bits are seconds."""

from itertools import count
from typing import Final

_MESSAGE_EPOCH_S: Final = 1_417_564_800  # 2014-12-03T00:00:00Z
_GROUP_EPOCH_S: Final = 1_479_398_400  # 2016-11-17T16:00:00Z
_NUMBERS_FROM: Final = 0x10000
_GROUP_NUMBERS: Final = (1 << 20) - _NUMBERS_FROM
# An odd multiplier permutes the numbers below 2**59, so no ID of the random order ever repeats.
_SCATTER: Final = 0x2545F4914F6CDD1D
_SCATTER_MASK: Final = (1 << 59) - 1


class Numbers:
    """What all apps draw from, so that an ID of one app exists in no other."""

    __slots__ = ("groups", "messages", "scattered")

    def __init__(self) -> None:
        self.messages = count(_NUMBERS_FROM)
        self.groups = count()
        self.scattered = count(1)


class IdSource:
    """The IDs of one app: seconds of its own clock, and numbers that no other app gets."""

    __slots__ = ("_group_second", "_message_second", "_numbers")

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._message_second = 1
        self._group_second = 1

    def message(self, now_ms: int, *, growing: bool = True) -> str:
        """`id >> 32` is seconds; growing IDs never repeat or go back, also when a clock does."""
        if not growing:
            # 2**59 stays below 10**18: 18 or 19 digits, whatever the permutation gives.
            return str(10**18 + (next(self._numbers.scattered) * _SCATTER & _SCATTER_MASK))
        second = self._message_second = max(now_ms // 1000 - _MESSAGE_EPOCH_S, self._message_second)
        return str((second << 32) + next(self._numbers.messages))

    def group(self, now_ms: int) -> str:
        """`id >> 20` is seconds, the rest 0x10000 and a counter; groups and chatrooms share it."""
        second = self._group_second = max(now_ms // 1000 - _GROUP_EPOCH_S, self._group_second)
        # Nobody makes a million groups within one second.
        return str((second << 20) + _NUMBERS_FROM + next(self._numbers.groups) % _GROUP_NUMBERS)


def time_of_message(message_id: int) -> int:
    """Unix milliseconds, to the second, that an ID of this structure carries."""
    return ((message_id >> 32) + _MESSAGE_EPOCH_S) * 1000
