"""The score below which the self-test may not fall; `contracts/selftest-floor.json` only rises."""

import json
from dataclasses import dataclass
from pathlib import Path

from roamspec.errors import ConfigurationError
from roamspec.selftest.score import Score


@dataclass(frozen=True, slots=True)
class Floor:
    """Percentages of all faults, and how many faults there are at least."""

    faults: int
    percent_caught: float
    percent_exact: float


def read_floor(path: Path, profile: str) -> Floor:
    """The floor of a profile; ConfigurationError names the file and what is wrong with it."""
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))[profile]
        return Floor(int(entry["faults"]), float(entry["percent_caught"]), float(entry["percent_exact"]))
    except OSError as error:
        raise ConfigurationError(f"--floor: cannot read {path}: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"--floor: {path} needs faults, percent_caught and percent_exact for the profile {profile} "
            f"({error!r})."
        ) from error


def below(score: Score, floor: Floor) -> list[str]:
    """What is worse than the floor, one sentence each; a conforming setting that fails is always."""
    measured = (
        ("faults in the bank", len(score.findings), floor.faults),
        ("% of the faults caught", score.percent_caught, floor.percent_caught),
        ("% of the faults blamed exactly", score.percent_exact, floor.percent_exact),
    )
    short = [f"{value:g} {what}, the floor is {least:g}." for what, value, least in measured if value < least]
    return short + [
        f"the conforming setting {trial.subject.name} was not found conforming."
        for trial in score.failed_conforming
    ]
