"""IDs with the structure of the service's own: decimal strings whose upper bits are seconds.

A client that takes a message ID for a number damages it. Message IDs are such that this always shows: no two
of them are the same floating-point number or have the same last 32 bits, and none is what another, or it
itself, becomes as a floating-point number.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Final

_MESSAGE_EPOCH_S: Final = 1_417_564_800  # 2014-12-03T00:00:00Z
_GROUP_EPOCH_S: Final = 1_479_398_400  # 2016-11-17T16:00:00Z
_GROUP_NUMBERS_FROM: Final = 0x10000
_GROUP_NUMBERS: Final = (1 << 20) - _GROUP_NUMBERS_FROM
_MESSAGE_NUMBERS_FROM: Final = 0x13579BDF
"""Large, so that no text of a test, such as `65536`, is by chance what is left of an ID in 32 bits."""
MESSAGE_NUMBERS_STEP: Final = 523
"""More than lies between two floating-point numbers below 2**62."""
_WHOLE_IN_A_DOUBLE: Final = 2**53
_LONGER_THAN_SHORTEST: Final = 10**17
# An odd multiplier permutes the numbers below 2**59, so no ID of the random order ever repeats.
_SCATTER: Final = 0x2545F4914F6CDD1D
_SCATTER_MASK: Final = (1 << 59) - 1


class Numbers:
    """What all apps draw from, so that an ID of one app exists in no other."""

    __slots__ = ("groups", "messages", "scattered")

    def __init__(self) -> None:
        self.messages: Iterator[int] = count(_MESSAGE_NUMBERS_FROM, MESSAGE_NUMBERS_STEP)
        self.groups: Iterator[int] = count()
        self.scattered: Iterator[int] = count(1)


class IdSource:
    """The IDs of one app: seconds of its own clock, and numbers that no other app gets."""

    __slots__ = ("_group_second", "_message_second", "_numbers")

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._message_second = 1
        self._group_second = 1

    @property
    def seconds(self) -> tuple[int, int]:
        """How far the IDs of messages and of groups have come; `resume` goes on from there."""
        return self._message_second, self._group_second

    def resume(self, seconds: tuple[int, int]) -> None:
        """Go on behind the seconds of the last message ID and the last group ID."""
        self._message_second, self._group_second = seconds

    def message(self, now_ms: int, *, growing: bool = True) -> str:
        """`id >> 32` is seconds; growing IDs never repeat or go back, also when a clock does."""
        if not growing:
            # 2**59 stays below 10**18: 18 or 19 digits, whatever the permutation gives.
            return _first_distinct(
                10**18 + (number * _SCATTER & _SCATTER_MASK) for number in self._numbers.scattered
            )
        second = self._message_second = max(now_ms // 1000 - _MESSAGE_EPOCH_S, self._message_second)
        return _first_distinct((second << 32) + number for number in self._numbers.messages)

    def group(self, now_ms: int) -> str:
        """`id >> 20` is seconds, the rest 0x10000 and a counter; groups and chatrooms share it."""
        second = self._group_second = max(now_ms // 1000 - _GROUP_EPOCH_S, self._group_second)
        # Nobody makes a million groups within one second.
        return str((second << 20) + _GROUP_NUMBERS_FROM + next(self._numbers.groups) % _GROUP_NUMBERS)


def _first_distinct(numbers: Iterator[int]) -> str:
    """The first that a floating-point number does not hold, neither in full nor in its shortest form."""
    return str(next(number for number in numbers if not _may_be_rounded(number)))


def _may_be_rounded(number: int) -> bool:
    if number < _WHOLE_IN_A_DOUBLE:
        return False
    # The shortest form has 17 digits at most, and noughts after them.
    if number >= _LONGER_THAN_SHORTEST:
        return number % 10 == 0 or int(float(number)) == number
    double = float(number)
    return number in (int(double), int(Decimal(repr(double))))


def time_of_message(message_id: int) -> int:
    """Unix milliseconds, to the second, that an ID of this structure carries."""
    return ((message_id >> 32) + _MESSAGE_EPOCH_S) * 1000
