"""Trials and scores made by hand, with requirements that exist nowhere else."""

from collections.abc import Callable, Mapping

import pytest

from roamspec.selftest.fault_run import FaultRun
from roamspec.selftest.score import Score, fault_results
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest

OPERATION_OF: Mapping[str, str] = {
    "one.effect.gone": "deleteChatMessages",
    "one.effect.kept": "deleteChatMessages",
    "one.list.left": "deleteChatMessages",
    "one.notify.told": "deleteChatMessages",
    "two.effect.gone": "clearUser",
    "two.effect.seen": "clearUser",
}
DECISIVE = frozenset(OPERATION_OF) - {"two.effect.seen"}


def _broken(name: str, operation: str, promise: str, *follows: str) -> BrokenEmulator:
    return BrokenEmulator(name, operation, (promise,), frozenset(follows))


GONE = _broken("one.effect.nothing-deleted", "deleteChatMessages", "one.effect.gone", "one.list.left")
TOLD = _broken("one.notify.nobody", "deleteChatMessages", "one.notify.told")
LEFT = _broken("one.list.stays", "deleteChatMessages", "one.list.left")
CLEARED = _broken("two.effect.nothing-cleared", "clearUser", "two.effect.gone")
SEEN = _broken("two.effect.half-seen", "clearUser", "two.effect.seen")


def fault_run(
    *faults: BrokenEmulator, red: Mapping[str, float], status: int = 1, trouble: str = ""
) -> FaultRun:
    subject = EmulatorUnderTest(" + ".join(fault.name for fault in faults), faults)
    return FaultRun(subject, dict(red), status, 1.0, 10, trouble)


@pytest.fixture
def score_of() -> Callable[..., Score]:
    """The score of fault runs; those without a fault are conforming settings."""

    def make(*fault_runs: FaultRun) -> Score:
        found = [each for one in fault_runs for each in fault_results(one, OPERATION_OF)]
        conforming = [one for one in fault_runs if not one.subject.faults]
        return Score(found, conforming, DECISIVE, list(OPERATION_OF))

    return make
