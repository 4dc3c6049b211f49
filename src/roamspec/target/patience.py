"""How long to wait for an effect that may lag."""


class Patience:
    """How long to wait for an effect that should come, in seconds.

    Every wait that was in vain shortens the next ones, so that a broken service does not make a run
    endless; an effect that was seen to lag lengthens them again, to three times the lag.
    """

    FIRST_S = 3.0
    LEAST_S = 0.6
    LEAST_USUAL_S = 0.1
    """What lags by less is looked for at once."""
    OFTEN = 3

    def __init__(self, *, haste: float = 1.0, first_s: float | None = None) -> None:
        """`haste` makes all waits so many times shorter, for a target that is known not to lag; `first_s` is
        how long to wait as long as nothing was waited for in vain."""
        self._haste = haste
        self._first_s = self.FIRST_S if first_s is None else first_s
        self._in_vain = 0
        self.lag_s = 0.0
        self._late_in_a_row = 0
        self.seen = False
        """Whether anything awaited ever came."""

    @property
    def seconds(self) -> float:
        unhurried = max(self._first_s / float(2**self._in_vain), self.LEAST_S)
        return max(unhurried / self._haste, 3 * self.lag_s)

    @property
    def usual_lag_s(self) -> float:
        """The lag of a service that lags as a rule, which a first look may as well wait for; 0 for one that
        was late now and then."""
        usual = self._late_in_a_row >= self.OFTEN and self.lag_s >= self.LEAST_USUAL_S
        return self.lag_s if usual else 0.0

    def hasten(self, seconds: float) -> float:
        """A pause between two looks, for a target that is known not to lag."""
        return seconds / self._haste

    def came(self, after_s: float, *, late: bool) -> None:
        """An awaited effect came; `late` when it was not there at the first look."""
        self.seen = True
        if late:
            self.lag_s = max(self.lag_s, after_s)
            self._late_in_a_row += 1
        elif self._late_in_a_row < self.OFTEN:
            self._late_in_a_row = 0

    def was_in_vain(self) -> None:
        self._in_vain = min(self._in_vain + 1, 4)
