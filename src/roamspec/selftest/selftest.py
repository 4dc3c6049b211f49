"""The self-test from end to end: what to try, in which order, and what to look at again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from roamspec.contract.requirements import Catalogue
from roamspec.errors import UsageError
from roamspec.faults import Fault, known
from roamspec.faults.conforming_variants import CONFORMING
from roamspec.faults.registry import selected
from roamspec.selftest.fault_run import FaultRun
from roamspec.selftest.implied_failures import implied_failures
from roamspec.selftest.results import Results
from roamspec.selftest.score import Score
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest, Sharing, together
from roamspec.selftest.worker_pool import Conditions, WorkerPool
from roamspec.suite.checks import judged_by

SOUND: Final = EmulatorUnderTest("sound")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: `faults` are name patterns, empty for all; `checks` narrow them to those that a
    change of these checks could disturb; `sharing` says which of them share a
    run, `once` leaves it at the first, `conforming` says whether the conforming emulator and the conforming
    settings are tried too, `broken` whether there are faults at all."""

    conditions: Conditions
    faults: tuple[str, ...] = ()
    jobs: int = 2
    sharing: Sharing = "operations"
    once: bool = False
    conforming: bool = True
    broken: bool = True
    checks: tuple[str, ...] = ()


def bank(
    catalogue: Catalogue, patterns: Sequence[str] = (), checks: Sequence[str] = ()
) -> list[BrokenEmulator]:
    """The faults whose names match, of `checks` only those that refute what these judge; UsageError for a
    pattern that matches none, and for an unknown check."""
    try:
        chosen = selected(patterns) if patterns else list(known().values())
    except UsageError as error:
        raise UsageError(f"--faults: {error}") from error
    if checks:
        judged = {name for check in checks for name in judged_by(check)}
        chosen = [fault for fault in chosen if judged & set(map(_promise, fault.refutes))]
    return [_broken(fault, catalogue) for fault in chosen]


def _promise(requirement: str) -> str:
    return requirement.partition(".")[2]


def _broken(fault: Fault, catalogue: Catalogue) -> BrokenEmulator:
    """With what follows, by the rules, of what the fault refutes: requirements of the same operation."""
    [operation] = fault.operations
    patterns = implied_failures(name.partition(".")[2] for name in fault.refutes)
    follows = frozenset(
        name
        for name, requirement in catalogue.items()
        if requirement.operation == operation
        and any(fnmatchcase(name.partition(".")[2], pattern) for pattern in patterns)
    )
    return BrokenEmulator(fault.name, operation, fault.refutes, follows)


def conforming_subjects() -> list[EmulatorUnderTest]:
    """The emulators that conform: the usual one, and every variant."""
    return [SOUND, *(EmulatorUnderTest(name, settings=each.settings) for name, each in CONFORMING.items())]


def examine(order: Order, catalogue: Catalogue, say_progress: Callable[[str], None]) -> tuple[Score, int]:
    """Run the whole order; `say_progress` gets a line now and then. Returns the score and the requests sent.

    Whatever is not exactly as declared is tried again alone.
    """
    faults = bank(catalogue, order.faults, order.checks) if order.broken else []
    results = Results({name: requirement.operation for name, requirement in catalogue.items()})
    subjects = [
        *(conforming_subjects() if order.conforming else []),
        *together(faults, order.sharing),
    ]
    expected = len(subjects)

    def then(fault_run: FaultRun) -> list[EmulatorUnderTest]:
        nonlocal expected
        further = results.take(fault_run)
        if order.once:
            return []
        expected += len(further)
        return further

    with WorkerPool(order.conditions, order.jobs) as jobs:
        for number, fault_run in enumerate(jobs.attempt_all(subjects, then=then), 1):
            red, seconds = len(fault_run.failing), fault_run.duration_s
            say_progress(f"{number}/{expected} {_short(fault_run)}: {red} failing, {seconds:.1f} s")
    decisive = frozenset(name for name, requirement in catalogue.items() if requirement.decisive)
    narrowed = order.faults or order.checks
    wanted = {name for fault in faults for name in fault.refutes} if narrowed else catalogue
    requirements = [name for name in catalogue if name in wanted] if faults else []
    in_order = [results.found[fault.name] for fault in faults]
    return Score(in_order, results.conforming, decisive, requirements), results.requests


def _short(fault_run: FaultRun) -> str:
    first, *more = fault_run.subject.faults or [fault_run.subject]
    return f"{first.name} and {len(more)} more" if more else first.name
