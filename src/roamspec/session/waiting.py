"""How long to wait for an effect that may lag."""

from collections import Counter


class WaitPolicy:
    """How long to wait for one kind of effect that should come, in seconds after what causes it.

    Every effect gets the whole time until an operation was waited for in vain for the first time. From then
    on this operation is known to fail: what else it misses gets a shorter time. Other operations keep theirs.
    An effect that was seen to lag lengthens all of them again, to three times the lag.
    """

    FIRST_S = 3.0
    LEAST_S = 0.6
    LEAST_WITHOUT_LAG_S = 0.15
    """The shortest time, where so many effects as `ENOUGH` came at once and none came later."""
    SHORTER = 4.0
    """How many times shorter a wait is than the one before, if that was in vain."""
    ENOUGH = 20
    LEAST_USUAL_S = 0.1
    """What lags by less is looked for at once."""
    OFTEN = 3

    def __init__(self, *, haste: float = 1.0, first_s: float | None = None) -> None:
        """`haste` makes all waits so many times shorter, for a target that is known not to lag; `first_s` is
        how long to wait as long as nothing was waited for in vain."""
        self._haste = haste
        self._first_s = self.FIRST_S if first_s is None else first_s
        self._in_vain: Counter[str] = Counter()
        self._given_up: set[float] = set()
        self._at_once = 0
        self.lag_s = 0.0
        self._late_in_a_row = 0
        self.seen = False
        """Whether anything awaited ever came."""

    @property
    def seconds(self) -> float:
        """How long to wait where any operation may be what is waited for."""
        return self.seconds_for("")

    def seconds_for(self, operation: str) -> float:
        """How long to wait for an effect of `operation`; of any of them, if it is empty."""
        if operation:
            in_vain = self._in_vain[operation] + self._in_vain[""]
        else:
            in_vain = max(self._in_vain.values(), default=0)
        unhurried = max(self._first_s / self.SHORTER**in_vain, self._least_s)
        return max(unhurried / self._haste, 3 * self.lag_s)

    @property
    def _least_s(self) -> float:
        never_late = self._at_once >= self.ENOUGH and self.lag_s < self.LEAST_USUAL_S
        return min(self.LEAST_S, self.LEAST_WITHOUT_LAG_S) if never_late else self.LEAST_S

    @property
    def usual_lag_s(self) -> float:
        """The lag of a service that lags as a rule, which a first look may as well wait for; 0 for one that
        was late now and then."""
        usual = self._late_in_a_row >= self.OFTEN and self.lag_s >= self.LEAST_USUAL_S
        return self.lag_s if usual else 0.0

    def hasten(self, seconds: float) -> float:
        """A pause between two looks, for a target that is known not to lag."""
        return seconds / self._haste

    def note_arrival(self, after_s: float, *, late: bool) -> None:
        """An awaited effect came; `late` when it was not there at the first look."""
        self.seen = True
        self._at_once += not late or after_s < self.LEAST_USUAL_S
        if late:
            self.lag_s = max(self.lag_s, after_s)
            self._late_in_a_row += 1
        elif self._late_in_a_row < self.OFTEN:
            self._late_in_a_row = 0

    def note_timeout(self, operation: str = "", *, since: float | None = None) -> None:
        """An effect of `operation` did not come; `since` is when what should have caused it was done."""
        if since is not None and self.gave_up(since):
            return
        self._in_vain[operation] += 1
        if since is not None:
            self._given_up.add(since)

    def gave_up(self, since: float) -> bool:
        """Whether another effect of the same cause was waited for in vain, as long as it should be."""
        return since in self._given_up
