"""What was counted and found while a load ran: plain numbers, which add up over processes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from roamspec.load.latencies import Latencies
from roamspec.results.events import Judgement
from roamspec.transport.rate_limiter import ARRANGING_BUCKETS

LoadEnding = Literal["complete", "interrupted", "target-lost", "suite-error"]


@dataclass
class CallCounts:
    """The calls of one operation.

    `failed` were answered otherwise than they must be, `throttled` were rejected for their rate.
    """

    latencies: Latencies = field(default_factory=Latencies)
    failed: int = 0
    throttled: int = 0


@dataclass
class RequirementCounts:
    """How often one requirement was judged; `first` has the first failure, with its evidence."""

    passed: int = 0
    failed: int = 0
    first: Judgement | None = None


@dataclass
class Tally:
    """What one process, or all of them, counted; `ending` says why a process ended early, `detail` in a
    sentence."""

    calls: dict[str, CallCounts] = field(default_factory=dict)
    """By operation."""
    judged: dict[str, RequirementCounts] = field(default_factory=dict)
    """By requirement ID."""
    read_back: dict[str, int] = field(default_factory=dict)
    """How many deletions of an operation were read back."""
    setup_failures: int = 0
    setup_failure: str = ""
    """The first of them, in a sentence."""
    requests: int = 0
    """Everything that was sent, set-up and clean-up included."""
    measured_s: float = 0.0
    """How long the users were at work."""
    notes: list[str] = field(default_factory=list)
    ending: LoadEnding = "complete"
    detail: str = ""

    def of(self, bucket: str) -> CallCounts:
        """The counts of the operation whose limit `bucket` has."""
        return self.calls.setdefault(ARRANGING_BUCKETS.get(bucket, bucket), CallCounts())

    def of_requirement(self, identifier: str) -> RequirementCounts:
        """The counts of a requirement, with its operation; new ones at first."""
        return self.judged.setdefault(identifier, RequirementCounts())

    def note_setup_failure(self, sentence: str) -> None:
        """Count an arrangement that failed; the first sentence is kept."""
        self.setup_failures += 1
        self.setup_failure = self.setup_failure or sentence

    @property
    def failures(self) -> int:
        """How many judgements failed so far."""
        return sum(counts.failed for counts in self.judged.values())

    def merge(self, other: "Tally") -> None:
        """Add what another process counted."""
        for name, calls in other.calls.items():
            own = self.calls.setdefault(name, CallCounts())
            own.latencies.merge(calls.latencies)
            own.failed += calls.failed
            own.throttled += calls.throttled
        for identifier, counts in other.judged.items():
            known = self.of_requirement(identifier)
            known.passed += counts.passed
            known.failed += counts.failed
            known.first = known.first or counts.first
        for name, number in other.read_back.items():
            self.read_back[name] = self.read_back.get(name, 0) + number
        self.setup_failures += other.setup_failures
        self.setup_failure = self.setup_failure or other.setup_failure
        self.requests += other.requests
        self.measured_s = max(self.measured_s, other.measured_s)
        self.notes += [note for note in other.notes if note not in self.notes]
        if self.ending == "complete":
            self.ending, self.detail = other.ending, other.detail

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for another process."""
        return {
            **asdict(self),
            "calls": {
                name: {**asdict(counts), "latencies": counts.latencies.as_dict()}
                for name, counts in self.calls.items()
            },
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the form that `as_dict` gives."""
        calls = {
            name: CallCounts(Latencies.from_dict(one["latencies"]), one["failed"], one["throttled"])
            for name, one in data["calls"].items()
        }
        judged = {name: _requirement_counts(one) for name, one in data["judged"].items()}
        return cls(**{**data, "calls": calls, "judged": judged})


def _requirement_counts(data: Mapping[str, Any]) -> RequirementCounts:
    first = data["first"]
    return RequirementCounts(data["passed"], data["failed"], Judgement.from_dict(first) if first else None)


def merged(tallies: Sequence[Tally]) -> Tally:
    """All of them as one."""
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    return whole
