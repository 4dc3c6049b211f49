"""Shows drawn faults to the suite, one profile after the other."""

from collections.abc import Callable, Sequence

from roamspec.contract.requirements import Catalogue
from roamspec.faults.registry import Named
from roamspec.selftest.conditional.results import Outcome, ProfileResult, outcome_of
from roamspec.selftest.subjects import BrokenEmulator, Sharing, together
from roamspec.selftest.worker_pool import Conditions, WorkerPool
from roamspec.suite.marks import Profile

NO_HASTE = 1.0


def unhurried(profiles: Sequence[Profile], seed: int) -> list[Conditions]:
    """Runs of these profiles that wait as they wait on a service."""
    return [Conditions(profile, seed, NO_HASTE) for profile in profiles]


def measure(
    faults: Sequence[Named],
    catalogue: Catalogue,
    *,
    each_under: Sequence[Conditions],
    jobs: int,
    say_progress: Callable[[str], None],
    sharing: Sharing = "none",
) -> list[ProfileResult]:
    """One run of the suite for each fault under each of these conditions, or for faults of different
    operations together; `say_progress` hears one line for each fault."""
    operation_of = {name: requirement.operation for name, requirement in catalogue.items()}
    by_text = {fault.text: fault for fault in faults}
    subjects = together([_broken(fault) for fault in faults], sharing)
    results = []
    for conditions in each_under:
        outcomes: dict[str, Outcome] = {}
        with WorkerPool(conditions, jobs) as pool:
            for fault_run in pool.attempt_all(subjects):
                broken = {each.operation for each in fault_run.subject.faults}
                for each in fault_run.subject.faults:
                    outcome = outcome_of(by_text[each.name], fault_run, operation_of, broken)
                    outcomes[each.name] = outcome
                    say_progress(f"{conditions.profile} {len(outcomes)}/{len(faults)} {_line(outcome)}")
        results.append(ProfileResult(conditions.profile, [outcomes[fault.text] for fault in faults]))
    return results


def _broken(fault: Named) -> BrokenEmulator:
    [operation] = fault.fault.operations
    return BrokenEmulator(fault.text, operation, fault.fault.refutes)


def _line(outcome: Outcome) -> str:
    state = (
        "noticed"
        if outcome.noticed
        else "unnoticed"
        if outcome.shown
        else "met"
        if outcome.met
        else "not met"
    )
    return f"{outcome.fault.text}: {state}, {outcome.requests} requests, {outcome.seconds:.1f} s"
