"""How long the answers of a load took: counts by duration, which are small however many calls there are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PERCENTILES: Final = (50, 90, 95, 99)
_DIGITS: Final = 2
"""Durations are kept to so many significant digits: what is shown differs by five percent at most."""


@dataclass
class Latencies:
    """Durations in milliseconds; those of several processes can be added up."""

    counts: dict[float, int] = field(default_factory=dict)
    """How many answers took how many milliseconds, rounded."""
    longest_ms: float = 0.0

    def add(self, ms: float) -> None:
        """One answer."""
        key = rounded(ms)
        self.counts[key] = self.counts.get(key, 0) + 1
        self.longest_ms = max(self.longest_ms, ms)

    def merge(self, other: "Latencies") -> None:
        """All answers of another process."""
        for key, count in other.counts.items():
            self.counts[key] = self.counts.get(key, 0) + count
        self.longest_ms = max(self.longest_ms, other.longest_ms)

    @property
    def calls(self) -> int:
        """How many calls were timed."""
        return sum(self.counts.values())

    def percentile(self, percent: float) -> float:
        """The duration that `percent` of the answers did not exceed, in milliseconds; 0 without answers."""
        wanted, seen = math.ceil(self.calls * percent / 100), 0
        for key in sorted(self.counts):
            seen += self.counts[key]
            if seen >= wanted:
                return key
        return 0.0

    def as_dict(self) -> dict[str, object]:
        """For another process; keys of JSON are texts."""
        return {
            "counts": {f"{key:g}": count for key, count in self.counts.items()},
            "longest_ms": self.longest_ms,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Latencies":
        """From the form that `as_dict` gives."""
        counts, longest = data["counts"], data["longest_ms"]
        assert isinstance(counts, Mapping)
        assert isinstance(longest, int | float)
        return cls({float(key): count for key, count in counts.items()}, float(longest))


def rounded(ms: float) -> float:
    """To a few significant digits, and never finer than a tenth of a millisecond."""
    if ms <= 0:
        return 0.0
    places = _DIGITS - 1 - math.floor(math.log10(ms))
    return round(ms, min(places, 1))
