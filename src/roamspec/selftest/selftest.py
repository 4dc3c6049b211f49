"""The self-test from end to end: what to try, in which order, and what to look at twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from roamspec.contract.requirements import Catalogue
from roamspec.emulator.conforming import CONFORMING
from roamspec.emulator.faults import known
from roamspec.emulator.faults.registry import matching
from roamspec.errors import UsageError
from roamspec.selftest.jobs import Conditions, attempt_all
from roamspec.selftest.score import Finding, Score, findings, needs_second_look
from roamspec.selftest.subjects import Broken, Subject, side_by_side, together
from roamspec.selftest.trial import Trial
from roamspec.target.spelling import nearest

SOUND = Subject("sound")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: `faults` are name patterns, empty for all; `alone` gives each fault a run of its
    own, `once` leaves it at the first, and `conforming` says whether the sound emulator and the conforming
    settings are tried too, `broken` whether there are faults at all."""

    conditions: Conditions
    faults: tuple[str, ...] = ()
    jobs: int = 2
    alone: bool = False
    once: bool = False
    conforming: bool = True
    broken: bool = True


def bank(patterns: Sequence[str] = ()) -> list[Broken]:
    """The faults whose names match; UsageError for a pattern that matches none."""
    chosen = {} if patterns else dict(known())
    for pattern in patterns:
        hits = matching(pattern)
        if not hits:
            near = nearest(pattern, known())
            hint = f"did you mean {near!r}?" if near else "`roamspec faults` lists them."
            raise UsageError(f"--faults: no fault matches {pattern!r}; {hint}")
        chosen |= {fault.name: fault for fault in hits}
    return [
        Broken(fault.name, fault.operations[0], fault.breaks, fault.refutes, fault.may_refute)
        for fault in chosen.values()
    ]


def conforming_subjects() -> list[Subject]:
    return [SOUND, *(Subject(name, settings=each.settings) for name, each in CONFORMING.items())]


def examine(order: Order, catalogue: Catalogue, told: Callable[[str], None]) -> tuple[Score, int]:
    """Run the whole order; `told` hears one line now and then. Returns the score and the requests sent."""
    faults = bank(order.faults) if order.broken else []
    alone = [side_by_side([fault]) for fault in faults]
    subjects = [
        *(conforming_subjects() if order.conforming else []),
        *(alone if order.alone else together(faults)),
    ]
    requests = 0
    conforming: list[Trial] = []
    found: dict[str, Finding] = {}
    operation_of = {name: requirement.operation for name, requirement in catalogue.items()}

    def take(trials: Iterator[Trial], count: int) -> None:
        nonlocal requests
        for number, trial in enumerate(trials, 1):
            requests += trial.requests
            if trial.subject.faults:
                found.update({each.fault.name: each for each in findings(trial, operation_of)})
            else:
                conforming.append(trial)
            told(f"{number}/{count} {_short(trial)}: {len(trial.red)} red, {trial.duration_s:.1f} s")

    take(attempt_all(subjects, order.conditions, order.jobs), len(subjects))
    doubtful = [] if order.alone or order.once else needs_second_look(found.values())
    if doubtful:
        told(f"{len(doubtful)} faults are tried once more, each alone")
        again = [side_by_side([fault]) for fault in doubtful]
        take(attempt_all(again, order.conditions, order.jobs), len(again))
    decisive = frozenset(name for name, requirement in catalogue.items() if requirement.decisive)
    in_order = [found[fault.name] for fault in faults]
    return Score(in_order, conforming, decisive, list(catalogue)), requests


def _short(trial: Trial) -> str:
    first, *more = trial.subject.faults or [trial.subject]
    return f"{first.name} and {len(more)} more" if more else first.name
