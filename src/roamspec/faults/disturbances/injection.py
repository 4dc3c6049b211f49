"""What a rule does to one call."""

from dataclasses import dataclass

from roamspec.faults.disturbances.rule import DisturbanceRule


@dataclass(frozen=True, slots=True)
class Injection:
    """What happens to one call; `delay_ms` is waited before it."""

    delay_ms: int = 0
    rule: DisturbanceRule | None = None

    @property
    def kind(self) -> str:
        """Of the rule that applies, else `latency` where there is a delay, else empty."""
        return self.rule.kind if self.rule else "latency" if self.delay_ms else ""
