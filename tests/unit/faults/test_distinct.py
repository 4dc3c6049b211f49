"""Every fault can be seen by a client, and no two are the same to all clients, without the suite's help."""

import pytest
from tests.unit.faults.fault_harness import FaultHarness
from tests.unit.faults.probes import LARGE, PROBES

from roamspec.emulator.domain.deletion import KINDS
from roamspec.faults import known

SOUND = ""


def seen(fault: str, operation: str, number: int) -> str:
    probe = PROBES[number]
    harness = FaultHarness(fault, operation, large=probe in LARGE)
    probe(harness)
    harness.look()
    return repr(harness.log)


def told_apart(names: list[str], operation: str) -> list[list[str]]:
    """Groups of faults that no probe tells from each other; with those that are told apart left out."""
    groups = [names]
    for number in range(len(PROBES)):
        finer: list[list[str]] = []
        for group in groups:
            looks: dict[str, list[str]] = {}
            for name in group:
                looks.setdefault(seen(name, operation, number), []).append(name)
            finer += [alike for alike in looks.values() if len(alike) > 1]
        groups = finer
    return groups


# The faults of `deleteGroupMessages` and `clearChatBefore` are the same functions, registered once more.
@pytest.mark.parametrize("operation", ["deleteChatMessages", "clearUser", "clearGroupBefore"])
def test_no_two_faults_are_alike_and_none_conforms(operation: str) -> None:
    names = [SOUND, *(name for name, fault in known().items() if fault.operations == (operation,))]
    assert told_apart(names, operation) == []


@pytest.mark.parametrize("operation", KINDS)
def test_a_conforming_emulator_is_the_same_twice(operation: str) -> None:
    """What tells faults apart is not what differs by itself."""
    assert [n for n in range(len(PROBES)) if seen(SOUND, operation, n) != seen(SOUND, operation, n)] == []
