"""Wakes whoever looks at the emulator when something happens in it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """Costs nothing while nobody looks: `note` is then a loop over nothing."""

    __slots__ = ("_looking",)

    def __init__(self) -> None:
        self._looking: set[asyncio.Event] = set()

    def note(self) -> None:
        """Something may look different from now on."""
        for wake in self._looking:
            wake.set()

    @property
    def lookers(self) -> int:
        """How many look."""
        return len(self._looking)

    @contextmanager
    def look(self) -> Iterator[asyncio.Event]:
        """An event that each change sets; whoever looks clears it."""
        wake = asyncio.Event()
        self._looking.add(wake)
        try:
            yield wake
        finally:
            self._looking.discard(wake)
