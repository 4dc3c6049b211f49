"""How much the generative checks do, from which seed, and where they keep what they found."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from roamspec.suite.marks import Profile


@dataclass(frozen=True, slots=True)
class Limits:
    """At most so many sequences of so many choices, calls to the target, and tries to shorten one."""

    sequences: int
    choices: int
    requests: int
    shrinks: int
    seconds: float


LIMITS: Final[dict[Profile, Limits]] = {
    "quick": Limits(sequences=4, choices=6, requests=120, shrinks=30, seconds=4.0),
    "standard": Limits(sequences=12, choices=7, requests=270, shrinks=40, seconds=8.0),
    "deep": Limits(sequences=200, choices=12, requests=8000, shrinks=80, seconds=180.0),
}


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run asks of its generative checks.

    `corpus` is where failing sequences are kept and read from first; `examples` is a folder for
    Hypothesis's own example database, None for none. `command` is the run's command line without a
    selection.
    """

    seed: int = 0
    profile: Profile = "standard"
    corpus: Path | None = None
    examples: Path | None = None
    command: tuple[str, ...] = ("roamspec", "run")

    @property
    def limits(self) -> Limits:
        return LIMITS[self.profile]

    def again(self, requirement: str) -> str:
        """One line that runs the checks of one requirement again, from the same seed."""
        return shlex.join((*self.command, "--seed", str(self.seed), "--req", requirement))
