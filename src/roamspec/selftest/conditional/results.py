"""What became of faults behind conditions in one profile: plain values, and the shares among them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from roamspec.faults.registry import Named
from roamspec.selftest.fault_run import FaultRun, Occasion
from roamspec.selftest.layers import layer_of
from roamspec.selftest.score import percent


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fault in one run: the layers that noticed it, and what failed of other operations."""

    fault: Named
    occasion: Occasion
    layers: frozenset[str]
    red: tuple[str, ...]
    elsewhere: tuple[str, ...]
    requests: int
    seconds: float
    trouble: str = ""

    @property
    def met(self) -> bool:
        """Whether the conditions were true of a call."""
        return self.occasion.met > 0

    @property
    def shown(self) -> bool:
        """Whether a client could tell: in one call, or over several, as the suite did."""
        return self.occasion.shown > 0 or self.noticed

    @property
    def noticed(self) -> bool:
        """Whether the suite failed a requirement of its operation."""
        return bool(self.red)


@dataclass(frozen=True, slots=True)
class ProfileResult:
    """One profile against all drawn faults."""

    profile: str
    outcomes: Sequence[Outcome]

    def count(self, what: str) -> int:
        """How many outcomes have this property, such as `noticed`."""
        return sum(getattr(outcome, what) for outcome in self.outcomes)

    @property
    def met_percent(self) -> float:
        """Shown to the suite, of all."""
        return percent(self.count("shown"), len(self.outcomes))

    @property
    def noticed_percent(self) -> float:
        """Noticed, of those shown."""
        return percent(self.count("noticed"), self.count("shown"))

    @property
    def misattributed(self) -> list[Outcome]:
        """The outcomes with a failure of another operation."""
        return [outcome for outcome in self.outcomes if outcome.elsewhere]

    def by_layer(self, layer: str, *, alone: bool = False) -> int:
        """How many a layer noticed, or noticed `alone`."""
        return sum(
            layer in outcome.layers and (not alone or len(outcome.layers) == 1) for outcome in self.outcomes
        )


def outcome_of(
    fault: Named, fault_run: FaultRun, operation_of: Mapping[str, str], broken: Collection[str] = ()
) -> Outcome:
    """What a run made of a fault; `broken` are the operations of all faults of the run."""
    operations = fault.fault.operations
    red = tuple(sorted(name for name in fault_run.failing if operation_of[name] in operations))
    elsewhere = tuple(
        sorted(name for name in fault_run.failing if operation_of[name] not in {*operations, *broken})
    )
    layers = {layer_of(check) for name in red for check in fault_run.checks.get(name, ())}
    occasion = fault_run.occasions.get(fault.text, Occasion())
    return Outcome(
        fault,
        occasion,
        frozenset(layers),
        red,
        elsewhere,
        fault_run.requests,
        fault_run.duration_s,
        fault_run.trouble,
    )
