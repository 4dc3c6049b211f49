"""How much the generative checks do, from which seed, and where they keep what they found."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from roamspec.suite.marks import Profile


@dataclass(frozen=True, slots=True)
class Limits:
    """What exploring may take at most: `sequences` of `choices` each, `requests` to the target, `seconds`.

    Following up what it found has limits of its own: `shrinks` tries for each difference, and
    `shrinking_requests` for all of them.
    """

    sequences: int
    choices: int
    requests: int
    seconds: float
    shrinks: int
    shrinking_requests: int


CORPUS: Final = "ROAMSPEC_CORPUS"
"""The variable that names the folder of the corpus."""
LIMITS: Final[dict[Profile, Limits]] = {
    "quick": Limits(4, 8, requests=120, seconds=3.0, shrinks=30, shrinking_requests=400),
    "standard": Limits(40, 12, requests=500, seconds=6.0, shrinks=40, shrinking_requests=700),
    "deep": Limits(150, 16, requests=6000, seconds=120.0, shrinks=80, shrinking_requests=6000),
}

MOST_REQUESTS: Final[dict[Profile, int]] = {"quick": 2000, "standard": 3000, "deep": 0}
"""How many requests a run may send, set-up and clean-up included; 0 for no bound."""
LEFT_TO_OTHERS: Final = 98
"""Requests that a check which can do with less leaves to those after it, when a run may send but so many."""
FOR_A_CHECK: Final = 17
FOR_A_COSTLY_CHECK: Final = 30
"""Requests that a check needs in the mean, where a look takes one."""
LEFT_TO_EXPLORING: Final = 285
"""The same for a check before the schema floor and the sequences that is worth less than they are."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run asks of its generative checks.

    `corpus` is where failing sequences are kept and read from first; `examples` and `shared_examples` are
    folders of Hypothesis's own example database, the second only read, None for none. `command` is the
    run's command line without a selection.
    """

    seed: int = 0
    profile: Profile = "standard"
    corpus: Path | None = None
    examples: Path | None = None
    shared_examples: Path | None = None
    command: tuple[str, ...] = ("roamspec", "run")

    @property
    def limits(self) -> Limits:
        return LIMITS[self.profile]

    def again(self, requirement: str, *, from_corpus: bool = False) -> str:
        """One line that runs the checks of one requirement again, from the same seed and, if asked for, with
        the same corpus."""
        corpus = ("env", f"{CORPUS}={self.corpus}") if from_corpus else ()
        return shlex.join((*corpus, *self.command, "--seed", str(self.seed), "--req", requirement))
