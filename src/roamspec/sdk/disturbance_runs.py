"""The disturbances of `--resilience`: what each further run of the command meets, and who judges it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from roamspec.sdk.contracted import contract
from roamspec.sdk.rules.resilience import (
    REPEATS_MAX,
    RETRY_AFTER_S,
    UNSAFE,
    JudgeTrouble,
    lost,
    over_rate,
    refused,
    unauthorized,
    unavailable,
)

_ERRORS: Final = ("500", "502", "503")


@dataclass(frozen=True, slots=True)
class DisturbanceRun:
    """One run of the command: `rules` apply to its app, which has these `settings`."""

    name: str
    judge: JudgeTrouble
    rules: Sequence[Mapping[str, Any]] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def disturbance_runs(seed: int) -> tuple[DisturbanceRun, ...]:
    """The same seed gives the same troubles: which of the server errors, and how late each response comes."""
    dice = random.Random(seed)  # noqa: S311 - to be repeatable, not secret
    error = dice.choice(_ERRORS)
    operations = [f"{name}*" for name in contract().operations]
    late = {"kind": "latency", "ms": 3, "jitter": True, "seed": seed}

    def on(kind: str, names: Sequence[str], **more: int) -> list[dict[str, Any]]:
        return [{"kind": kind, "on": name, "seed": seed, **more} for name in names]

    return (
        DisturbanceRun(
            "disturbance: rate limit exceeded",
            over_rate,
            [late, *on("429", operations, count=2, retry_after=RETRY_AFTER_S)],
        ),
        DisturbanceRun(
            f"disturbance: errors {error}",
            unavailable,
            [late, *on(error, operations, count=2 * REPEATS_MAX)],
        ),
        DisturbanceRun("disturbance: expired token", unauthorized, [late, *on("401", operations, count=1)]),
        DisturbanceRun("disturbance: message roaming disabled", refused, [late], {"message_roaming": False}),
        DisturbanceRun(
            "disturbance: lost responses",
            lost,
            [late, *on("lost-answer", [f"{name}*" for name in UNSAFE], count=1)],
        ),
    )
