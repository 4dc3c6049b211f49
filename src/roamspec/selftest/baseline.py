"""The scores below which the self-test may not fall; `contracts/selftest-floor.json` only rises."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from roamspec.errors import ConfigurationError
from roamspec.report.files import write_atomically
from roamspec.selftest.score import Score


@dataclass(frozen=True, slots=True)
class Baseline:
    """Of one family: how many faults there are at least, how many are detected, and how many exactly."""

    faults: int
    caught: int
    exact: int


_WHAT: Final = {
    "faults": "faults in the bank",
    "caught": "faults detected",
    "exact": "faults attributed exactly",
}


def read_baselines(path: Path, profile: str) -> dict[str, Baseline]:
    """By family, for one profile; ConfigurationError names the file and what is wrong with it."""
    try:
        families = _read(path)[profile]
        return {name: Baseline(**_counts(entry)) for name, entry in families.items()}
    except OSError as error:
        raise ConfigurationError(f"--floor: cannot read {path}: {error.strerror}.") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"--floor: {path} needs faults, caught and exact for each family of the profile {profile} "
            f"({error!r})."
        ) from error


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _counts(entry: Mapping[str, Any]) -> dict[str, int]:
    return {field.name: int(entry[field.name]) for field in fields(Baseline)}


def write_baselines(path: Path, profile: str, floors: Mapping[str, Baseline]) -> None:
    """Replace one profile's floor, and keep those of the others."""
    try:
        profiles = _read(path) | {profile: {name: asdict(floor) for name, floor in floors.items()}}
        text = ",\n".join(f"  {json.dumps(name)}: {_one_a_line(entry)}" for name, entry in profiles.items())
        write_atomically(path, f"{{\n{text}\n}}\n".encode())
    except OSError as error:
        raise ConfigurationError(f"--raise-floor: cannot write {path}: {error.strerror}.") from error


def _one_a_line(families: Mapping[str, Mapping[str, int]]) -> str:
    lines = [f"\n    {json.dumps(name)}: {json.dumps(entry)}" for name, entry in families.items()]
    return f"{{{','.join(lines)}\n  }}"


def reached(score: Score) -> dict[str, Baseline]:
    """What a score has reached, by family: faults, detected ones, and exactly attributed ones."""
    return {
        name: Baseline(len(own.findings), len(own.detected), len(own.exact))
        for name, own in score.by_family().items()
    }


def below(score: Score, floors: Mapping[str, Baseline], families: Collection[str]) -> list[str]:
    """What is worse than the floor in these families, one sentence each; a conforming setting that fails
    is below every floor."""
    found = reached(score)
    short = []
    for name in families:
        measured, least = asdict(found.get(name, Baseline(0, 0, 0))), asdict(floors[name])
        short += [
            f"{name}: {measured[what]} {words}, the floor is {least[what]}."
            for what, words in _WHAT.items()
            if measured[what] < least[what]
        ]
    return short + [
        f"the conforming setting {fault_run.subject.name} did not pass."
        for fault_run in score.failed_conforming
    ]


def raised(floors: Mapping[str, Baseline], score: Score, families: Collection[str]) -> dict[str, Baseline]:
    """The floor after this score of these families: nowhere lower than it was."""
    higher = dict(floors)
    found = reached(score)
    for name in families:
        old, new = floors.get(name, Baseline(0, 0, 0)), found[name]
        higher[name] = Baseline(
            max(old.faults, new.faults), max(old.caught, new.caught), max(old.exact, new.exact)
        )
    return dict(sorted(higher.items()))
