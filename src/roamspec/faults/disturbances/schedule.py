"""Which calls are struck by what: the same rules and the same calls give the same disturbances."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from starlette.types import Receive, Send

from roamspec.emulator.extension import Serve
from roamspec.faults.disturbances.injection import Injection
from roamspec.faults.disturbances.rule import DisturbanceRule
from roamspec.faults.disturbances.wire import apply_disturbance

PLAYED_MAX: Final = 10_000
"""Strikes that are remembered, the latest."""


@dataclass
class _State:
    rule: DisturbanceRule
    dice: random.Random = field(init=False)
    met: int = 0
    struck: int = 0

    def __post_init__(self) -> None:
        # Not for secrets: the same seed must give the same disturbances.
        self.dice = random.Random(self.rule.seed)  # noqa: S311

    def applies(self, operation: str) -> bool:
        rule = self.rule
        if not fnmatchcase(operation, rule.on):
            return False
        self.met += 1
        # Drawn for every call that fits, so that `after` and `count` do not shift the draws.
        drawn = self.dice.random() < rule.probability
        if self.met <= rule.after or (rule.count and self.struck >= rule.count) or not drawn:
            return False
        self.struck += 1
        return True

    def delay_ms(self) -> int:
        return self.rule.ms + (int(self.dice.random() * self.rule.ms) if self.rule.jitter else 0)


class Schedule:
    """The disturbances of one app, from its first call on."""

    __slots__ = ("_calls", "_states", "played")

    def __init__(self, rules: Sequence[DisturbanceRule]) -> None:
        self._states = [_State(rule) for rule in rules]
        self._calls = 0
        self.played: list[dict[str, Any]] = []
        """Call number, operation and kind of each injection, in order."""

    @property
    def rules(self) -> list[DisturbanceRule]:
        """The rules, in the order in which they are tried."""
        return [state.rule for state in self._states]

    def next(self, operation: str) -> Injection:
        """What happens to the next call: all delays that fit, and the first other rule that applies."""
        self._calls += 1
        delay_ms, chosen = 0, None
        for state in self._states:
            latency = state.rule.kind == "latency"
            if (latency or chosen is None) and state.applies(operation):
                self._remember(operation, state.rule.kind)
                if latency:
                    delay_ms += state.delay_ms()
                else:
                    chosen = state.rule
        return Injection(delay_ms, chosen)

    def _remember(self, operation: str, kind: str) -> None:
        self.played.append({"call": self._calls, "operation": operation, "kind": kind})
        if len(self.played) > PLAYED_MAX:
            del self.played[0]

    async def apply(self, disturbance: Injection, serve: Serve, receive: Receive, send: Send) -> None:
        """Let one call, whose body has been read, happen as the injection says."""
        await apply_disturbance(disturbance, serve, receive, send)

    def as_dict(self) -> dict[str, Any]:
        """The rules, and what they have struck so far."""
        return {"nuisances": [rule.as_dict() for rule in self.rules], "played": self.played}
