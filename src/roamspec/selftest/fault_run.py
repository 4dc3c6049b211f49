"""One run of the suite against one subject, and what came out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from roamspec.contract.requirements import Catalogue
from roamspec.errors import RoamspecError
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import CheckFinished, Event, RunFinished
from roamspec.runner import RunSettings, run
from roamspec.selftest.subjects import EmulatorUnderTest

HASTE: Final = 60.0
"""How many times shorter than on a service the suite waits for effects that a fault may have swallowed."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """How many calls of a fault's operation there were, in how many its conditions were met, and in how many
    of these a client could tell."""

    calls: int = 0
    met: int = 0
    shown: int = 0


@dataclass(frozen=True, slots=True)
class FaultRun:
    """What the suite found. `red` maps each failed requirement to the seconds its operation's checks had
    taken by then, `came` to what came instead of what was expected; `trouble` says why a run is not a
    verdict, empty when it is one."""

    subject: EmulatorUnderTest
    failing: dict[str, float]
    exit_status: int
    duration_s: float
    requests: int
    trouble: str = ""
    came: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The checks that turned each failed requirement red."""
    occasions: Mapping[str, Occasion] = field(default_factory=dict)
    """Of each fault behind conditions, by its whole name."""


@dataclass
class Watch:
    """A listener that notes when each requirement failed, in seconds of its operation's checks."""

    operation_of: Callable[[str], str]
    red: dict[str, float] = field(default_factory=dict)
    came: dict[str, str] = field(default_factory=dict)
    checks: dict[str, frozenset[str]] = field(default_factory=dict)
    requests: int = 0
    duration_s: float = 0.0
    trouble: list[str] = field(default_factory=list)
    _spent: dict[str, float] = field(default_factory=dict)

    def __call__(self, event: Event, /) -> None:
        """Note what an event says."""
        match event:
            case CheckFinished():
                self._note(event)
            case RunFinished():
                self.requests, self.duration_s = event.requests, event.duration_s
                if event.ending != "complete":
                    self.trouble.append(f"the run ended early ({event.ending}): {event.detail}")
            case _:
                pass

    def _note(self, finished: CheckFinished) -> None:
        if finished.outcome == "error":
            self.trouble.append(f"{finished.check}: {finished.detail}")
        for operation in {self.operation_of(each.requirement) for each in finished.judgements}:
            self._spent[operation] = self._spent.get(operation, 0.0) + finished.duration_s
        for judgement in finished.judgements:
            if judgement.verdict == "fail":
                after = self._spent[self.operation_of(judgement.requirement)]
                self.red.setdefault(judgement.requirement, round(after, 3))
                said = judgement.failure.actual if judgement.failure else ""
                self.came.setdefault(judgement.requirement, f"{finished.check}: {said}")
                known = self.checks.get(judgement.requirement, frozenset())
                self.checks[judgement.requirement] = known | {finished.check}


def haste_for(subject: EmulatorUnderTest) -> float:
    """How many times shorter the suite waits, unless somebody says: the emulator's effects are there at once,
    but a conforming one may lag by its settings."""
    return HASTE if subject.faults else 1.0


def attempt(
    subject: EmulatorUnderTest, settings: RunSettings, catalogue: Catalogue, contract_sha256: str
) -> FaultRun:
    """Run the suite once; what keeps it from a verdict is reported in the fault run, not raised."""
    watch = Watch(lambda identifier: catalogue[identifier].operation)
    aggregate = Aggregate(catalogue, contract_sha256)
    try:
        run(settings, [watch, aggregate])
    except RoamspecError as error:
        return FaultRun(
            subject,
            watch.red,
            error.exit_status,
            watch.duration_s,
            watch.requests,
            str(error),
            watch.came,
            watch.checks,
        )
    return FaultRun(
        subject,
        watch.red,
        aggregate.exit_status(),
        watch.duration_s,
        watch.requests,
        "; ".join(watch.trouble),
        watch.came,
        watch.checks,
    )
