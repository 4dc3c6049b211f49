"""The clock of one app: the system's time, moved by an offset, or standing still."""

import time


class AppClock:
    """Unix milliseconds as this app sees them; retention and token expiry follow it."""

    __slots__ = ("_frozen_ms", "_offset_ms")

    def __init__(self, offset_ms: int = 0) -> None:
        self._offset_ms = offset_ms
        self._frozen_ms: int | None = None

    def now(self) -> int:
        """Unix milliseconds."""
        if self._frozen_ms is not None:
            return self._frozen_ms
        return time.time_ns() // 1_000_000 + self._offset_ms

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_ms is not None

    @property
    def offset_ms(self) -> int:
        """By how many milliseconds the clock is ahead of the system's; negative when it is behind."""
        return self._offset_ms

    @property
    def state(self) -> tuple[int, int | None]:
        """What `restore` needs to stand here again."""
        return self._offset_ms, self._frozen_ms

    def restore(self, state: tuple[int, int | None]) -> None:
        """Go back to a `state` of this clock."""
        self._offset_ms, self._frozen_ms = state

    def freeze(self, at_ms: int | None = None) -> None:
        """Stand still, at `at_ms` or where it is."""
        self._frozen_ms = self.now() if at_ms is None else at_ms

    def run(self) -> None:
        """Go on from where it stands."""
        if self._frozen_ms is not None:
            frozen, self._frozen_ms = self._frozen_ms, None
            self.set(frozen)

    def set(self, at_ms: int) -> None:
        """Show `at_ms` from now on; a frozen clock stays frozen."""
        if self._frozen_ms is not None:
            self._frozen_ms = at_ms
        else:
            self._offset_ms = at_ms - time.time_ns() // 1_000_000

    def advance(self, by_ms: int) -> None:
        """Move the clock on, also one that stands still."""
        self.set(self.now() + by_ms)

    def shift_to(self, offset_ms: int) -> None:
        """Run `offset_ms` ahead of the system's time."""
        self._frozen_ms = None
        self._offset_ms = offset_ms
