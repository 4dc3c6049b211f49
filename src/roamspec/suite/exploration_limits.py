"""How much the generative checks do, from which seed, and where they keep what they found."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from roamspec.results.run_again import run_again
from roamspec.suite.marks import Profile


@dataclass(frozen=True, slots=True)
class ExplorationLimits:
    """What exploring may take at most: `sequences` of `choices` each, and `requests` to the target.

    What is drawn depends on these alone. `seconds` is far more than a target takes that answers at all: a run
    that reaches it says so. Following up what it found has limits of its own: `shrinks` tries for each
    difference, and `shrinking_requests` for all of them.
    """

    sequences: int
    choices: int
    requests: int
    seconds: float
    shrinks: int
    shrinking_requests: int


CORPUS: Final = "ROAMSPEC_CORPUS"
"""The variable that names the folder of the corpus."""
LIMITS: Final[dict[Profile, ExplorationLimits]] = {
    "quick": ExplorationLimits(8, 20, requests=285, seconds=180.0, shrinks=16, shrinking_requests=200),
    "standard": ExplorationLimits(40, 24, requests=1000, seconds=300.0, shrinks=40, shrinking_requests=700),
    "deep": ExplorationLimits(150, 30, requests=7000, seconds=900.0, shrinks=80, shrinking_requests=6000),
}

MOST_REQUESTS: Final[dict[Profile, int]] = {"quick": 2000, "standard": 3000, "deep": 12_000}
"""How many requests a run may send, set-up and clean-up included; 0 for no bound."""
REQUESTS_LEFT_TO_OTHERS: Final = 98
"""Requests that a check which can do with less leaves to those after it, when a run may send but so many."""
FOR_A_CHECK: Final = 17
FOR_A_COSTLY_CHECK: Final = 30
"""Requests that a check needs in the mean, where a look takes one."""
LEFT_TO_DRAWN_CALLS: Final = 150
"""Requests that looks after checks, and relations, leave to sequences: they meet what no example does."""
REQUESTS_LEFT_TO_EXPLORATION: Final = 285
"""Requests that a shard with checks which draw their calls has for them at least."""


@dataclass(frozen=True, slots=True)
class ExplorationEffort:
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
    campaign_s: float = 0.0
    """How long sequences are drawn, whatever the profile's limits; 0 for those limits."""
    keep_going: bool = False
    """Whether a campaign goes on with an operation that was found broken."""
    command: tuple[str, ...] = ("roamspec", "run")

    @property
    def limits(self) -> ExplorationLimits:
        """What the profile allows."""
        return LIMITS[self.profile]

    def again(self, requirement: str, *, from_corpus: bool = False) -> str:
        """One line that runs the checks of one requirement again, from the same seed and, if asked for, with
        the same corpus."""
        corpus = ("env", f"{CORPUS}={self.corpus}") if from_corpus else ()
        return run_again((*corpus, *self.command), seed=self.seed, requirement=requirement)
