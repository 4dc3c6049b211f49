"""The self-test from end to end: what to try, in which order, and what to look at again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from roamspec.contract.requirements import Catalogue
from roamspec.emulator.conforming import CONFORMING
from roamspec.emulator.faults import Fault, known
from roamspec.emulator.faults.registry import selected
from roamspec.errors import UsageError
from roamspec.selftest.follows import following
from roamspec.selftest.jobs import Conditions, Jobs
from roamspec.selftest.results import Results
from roamspec.selftest.score import Score
from roamspec.selftest.subjects import Broken, Sharing, Subject, together
from roamspec.selftest.trial import Trial

SOUND: Final = Subject("sound")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: `faults` are name patterns, empty for all; `sharing` says which of them share a
    run, `once` leaves it at the first, `conforming` says whether the sound emulator and the conforming
    settings are tried too, `broken` whether there are faults at all."""

    conditions: Conditions
    faults: tuple[str, ...] = ()
    jobs: int = 2
    sharing: Sharing = "operations"
    once: bool = False
    conforming: bool = True
    broken: bool = True


def bank(catalogue: Catalogue, patterns: Sequence[str] = ()) -> list[Broken]:
    """The faults whose names match; UsageError for a pattern that matches none."""
    try:
        chosen = selected(patterns) if patterns else list(known().values())
    except UsageError as error:
        raise UsageError(f"--faults: {error}") from error
    return [_broken(fault, catalogue) for fault in chosen]


def _broken(fault: Fault, catalogue: Catalogue) -> Broken:
    """With what follows, by the rules, of what the fault refutes: requirements of the same operation."""
    [operation] = fault.operations
    patterns = following(name.partition(".")[2] for name in fault.refutes)
    follows = frozenset(
        name
        for name, requirement in catalogue.items()
        if requirement.operation == operation
        and any(fnmatchcase(name.partition(".")[2], pattern) for pattern in patterns)
    )
    return Broken(fault.name, operation, fault.refutes, follows)


def conforming_subjects() -> list[Subject]:
    return [SOUND, *(Subject(name, settings=each.settings) for name, each in CONFORMING.items())]


def examine(order: Order, catalogue: Catalogue, told: Callable[[str], None]) -> tuple[Score, int]:
    """Run the whole order; `told` hears one line now and then. Returns the score and the requests sent.

    Whatever is not exactly as declared is tried again alone.
    """
    faults = bank(catalogue, order.faults) if order.broken else []
    results = Results({name: requirement.operation for name, requirement in catalogue.items()})
    subjects = [
        *(conforming_subjects() if order.conforming else []),
        *together(faults, order.sharing),
    ]
    expected = len(subjects)

    def then(trial: Trial) -> list[Subject]:
        nonlocal expected
        further = results.take(trial)
        if order.once:
            return []
        expected += len(further)
        return further

    with Jobs(order.conditions, order.jobs) as jobs:
        for number, trial in enumerate(jobs.attempt_all(subjects, then=then), 1):
            red, seconds = len(trial.red), trial.duration_s
            told(f"{number}/{expected} {_short(trial)}: {red} red, {seconds:.1f} s")
    decisive = frozenset(name for name, requirement in catalogue.items() if requirement.decisive)
    wanted = {name for fault in faults for name in fault.refutes} if order.faults else catalogue
    requirements = [name for name in catalogue if name in wanted] if faults else []
    in_order = [results.found[fault.name] for fault in faults]
    return Score(in_order, results.conforming, decisive, requirements), results.requests


def _short(trial: Trial) -> str:
    first, *more = trial.subject.faults or [trial.subject]
    return f"{first.name} and {len(more)} more" if more else first.name
