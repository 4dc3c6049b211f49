"""How long to wait for an effect that may lag."""


class Patience:
    """How long to wait for an effect that should come, in seconds.

    Every wait that was in vain shortens the next ones, so that a broken service does not make a run
    endless; an effect that was seen to lag lengthens them again, to three times the lag.
    """

    FIRST_S = 3.0
    LEAST_S = 0.6

    def __init__(self, *, haste: float = 1.0, first_s: float | None = None) -> None:
        """`haste` makes all waits so many times shorter, for a target that is known not to lag; `first_s` is
        how long to wait as long as nothing was waited for in vain."""
        self._haste = haste
        self._first_s = self.FIRST_S if first_s is None else first_s
        self._in_vain = 0
        self.lag_s = 0.0
        self.seen = False
        """Whether anything awaited ever came."""

    @property
    def seconds(self) -> float:
        unhurried = max(self._first_s / float(2**self._in_vain), self.LEAST_S)
        return max(unhurried / self._haste, 3 * self.lag_s)

    def hasten(self, seconds: float) -> float:
        """A pause between two looks, for a target that is known not to lag."""
        return seconds / self._haste

    def came(self, after_s: float, *, late: bool) -> None:
        """An awaited effect came; `late` when it was not there at the first look."""
        self.seen = True
        if late:
            self.lag_s = max(self.lag_s, after_s)

    def was_in_vain(self) -> None:
        self._in_vain = min(self._in_vain + 1, 4)
