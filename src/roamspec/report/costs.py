"""What each check has cost, and what is left of the requests that a run may send."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from roamspec.report.terminal_text import table
from roamspec.report.translation import translation
from roamspec.results.events import CheckFinished, Event, RunFinished


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one check of one operation; `may_cost` is what it says, 0 where it does not say."""

    check: str
    requests: int
    may_cost: int
    duration_s: float


@dataclass
class Costs:
    """Listens to a run."""

    checks: list[Cost] = field(default_factory=list)
    requests: int = 0

    def __call__(self, event: Event) -> None:
        """Note what a check or the run has cost."""
        match event:
            case CheckFinished():
                self.checks.append(Cost(event.check, event.requests, event.may_cost, event.duration_s))
            case RunFinished():
                self.requests = event.requests

    @property
    def beyond(self) -> list[Cost]:
        """Checks that sent more than they say."""
        return [cost for cost in self.checks if cost.may_cost and cost.requests > cost.may_cost]

    def lines(self, most: int | None, *, lang: str = "en") -> Sequence[str]:
        """A table, the dearest check first; `most` is how many requests a run may send, 0 for any number,
        None where that is not known."""
        texts = translation(lang)
        return tuple(texts.sentence(line) for line in self._lines(most))

    def _lines(self, most: int | None) -> Sequence[str]:
        if not self.checks:
            return ("No check has run.",)
        rows = [["check", "requests", "may cost", "seconds", ""]]
        for cost in sorted(self.checks, key=attrgetter("requests"), reverse=True):
            may = f"{cost.may_cost:,}" if cost.may_cost else "?"
            over = "more than declared" if cost in self.beyond else ""
            rows.append([cost.check, f"{cost.requests:,}", may, f"{cost.duration_s:.1f}", over])
        rest = max(0, self.requests - sum(cost.requests for cost in self.checks))
        lines = table([*rows, ["preflight, shared set-up, clean-up", f"{rest:,}"]], gap=2)
        used = f"{self.requests:,} requests"
        if most is None:
            return (*lines, f"{used}.")
        left = f"{used} of {most:,}; {max(0, most - self.requests):,} left" if most else f"{used}, no bound"
        return (*lines, f"{left}.")
