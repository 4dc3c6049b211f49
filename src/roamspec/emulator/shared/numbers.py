"""The numbers of IDs, given out by the store in blocks: no two workers have the same."""

from collections.abc import Callable, Iterator
from typing import Final

from roamspec.emulator.domain.ids import MESSAGE_NUMBERS_STEP, Numbers

TakeNumbers = Callable[[str, int], int]
"""The first of so many numbers of a kind that nobody else gets."""
_BLOCK: Final = 1000


class _Given(Iterator[int]):
    __slots__ = ("_first", "_kind", "_left", "_next", "_step", "_take")

    def __init__(self, take: TakeNumbers, kind: str, first: int, step: int = 1) -> None:
        self._take, self._kind, self._first, self._step = take, kind, first, step
        self._next = self._left = 0

    def __next__(self) -> int:
        if not self._left:
            self._next, self._left = self._take(self._kind, _BLOCK), _BLOCK
        index = self._next
        self._next, self._left = index + 1, self._left - 1
        return self._first + self._step * index


class GivenNumbers(Numbers):
    """What all apps of all workers draw from. Within a second, IDs of one worker may come before those of
    another that were given earlier."""

    __slots__ = ()

    def __init__(self, take: TakeNumbers) -> None:
        super().__init__()
        self.messages = _Given(take, "messages", next(self.messages), MESSAGE_NUMBERS_STEP)
        self.groups = _Given(take, "groups", next(self.groups))
        self.scattered = _Given(take, "scattered", next(self.scattered))
