"""Numbers that tell how far they have come, so that a later process can go on behind them."""

from collections.abc import Iterator, Sequence
from typing import Final

from roamspec.emulator.domain.ids import MESSAGE_NUMBERS_STEP, Numbers

_LEFT_OUT: Final = 1000
"""Numbers that are passed over at a start: some may have been used after the last that was written."""


class Counting(Iterator[int]):
    """`next` is the number that comes next."""

    __slots__ = ("_step", "next")

    def __init__(self, first: int, step: int = 1) -> None:
        self.next = first
        self._step = step

    def __next__(self) -> int:
        number = self.next
        self.next += self._step
        return number


class CountingNumbers(Numbers):
    """What all apps draw from; `state` is what a later one goes on from."""

    __slots__ = ("_counting",)

    def __init__(self, state: Sequence[int] = ()) -> None:
        super().__init__()
        steps = (MESSAGE_NUMBERS_STEP, 1, 1)
        if state:
            firsts = [number + _LEFT_OUT * step for number, step in zip(state, steps, strict=True)]
        else:
            firsts = [next(self.messages), next(self.groups), next(self.scattered)]
        self._counting = [Counting(first, step) for first, step in zip(firsts, steps, strict=True)]
        self.messages, self.groups, self.scattered = self._counting

    @property
    def state(self) -> tuple[int, ...]:
        """The next number of each counter."""
        return tuple(numbers.next for numbers in self._counting)
