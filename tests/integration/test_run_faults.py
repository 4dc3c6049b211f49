"""An emulator that breaks one requirement of one operation: the run accuses that operation, and no other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import Done, failing, report_of, roamspec, selecting

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.faults import Fault, known


def promise(requirement: str) -> str:
    return requirement.partition(".")[2]


CATALOGUE = load_catalogue(contract=load_contract())
FIRST = (
    "limit.fifty-one-refused",
    "notify.absent-tells-the-owner",
    "one-way.others-keep-what-they-received",
    "time.at-del-time-gone",
    "all.groups-cleared",
)
BREAKABLE = [r.id for r in CATALOGUE.values() if promise(r.id) in FIRST]


def breaking(requirement: str) -> Fault | None:
    """The fault that breaks this requirement of this operation, and little else."""
    found = [fault for fault in known().values() if requirement in fault.refutes]
    return min(found, key=lambda fault: (fault.refutes.index(requirement), len(fault.refutes)), default=None)


FAULTS = [fault for fault in map(breaking, BREAKABLE) if fault]


def rounds() -> list[list[Fault]]:
    """The faults in as few runs as there can be: each run breaks each operation in one way at most."""
    by_operation: dict[str, list[Fault]] = {}
    for fault in FAULTS:
        [operation] = fault.operations
        by_operation.setdefault(operation, []).append(fault)
    # Turned, so that one run mixes faults of several kinds.
    columns = [
        faults[i % len(faults) :] + faults[: i % len(faults)]
        for i, faults in enumerate(by_operation.values())
    ]
    return [[fault for fault in row if fault] for row in zip_longest(*columns)]


def test_there_is_a_fault_for_each_of_these_promises() -> None:
    assert [requirement for requirement in BREAKABLE if breaking(requirement) is None] == []
    assert sum(map(len, rounds())) == len(FAULTS) == len(BREAKABLE)


def test_what_a_fault_refutes_is_in_the_catalogue() -> None:
    assert [name for fault in known().values() for name in fault.refutes if name not in CATALOGUE] == []


@dataclass(frozen=True, slots=True)
class Round:
    """One run with several faults, and what it said."""

    faults: list[Fault]
    done: Done
    report: dict[str, Any]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[Round]:
    """All rounds at the same time: runs on broken services spend most of their time waiting."""

    def play(faults: list[Fault]) -> Round:
        folder = tmp_path_factory.mktemp("round")
        # Every requirement that is broken somewhere is judged for all operations, also where it is kept.
        broken = sorted({promise(name) for fault in faults for name in fault.refutes})
        switches = [word for fault in faults for word in ("--fault", fault.name)]
        patterns = selecting([f"*.{name}" for name in broken])
        done = roamspec(folder, "run", "--profile", "quick", *switches, *patterns)
        return Round(faults, done, report_of(folder / "reports/latest"))

    with ThreadPoolExecutor(max(1, len(rounds()))) as pool:
        return list(pool.map(play, rounds()))


def test_a_broken_service_does_not_conform(played: list[Round]) -> None:
    assert [one.done.status for one in played] == [1] * len(rounds())
    assert {one.report["verdict"] for one in played} == {"non-conforming"}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_is_noticed(played: list[Round], fault: Fault) -> None:
    one = next(one for one in played if fault in one.faults)
    noticed = failing(one.report) & set(fault.refutes)
    assert noticed
    assert all(f"FAIL  {name}" in one.done.out for name in noticed)


def test_nothing_is_attributed_that_another_operation_does(played: list[Round]) -> None:
    for one in played:
        failed = [entry for entry in one.report["requirements"] if entry["verdict"] == "fail"]
        attributed = {operation for entry in failed for operation in entry["operations"]}
        assert attributed == {operation for fault in one.faults for operation in fault.operations}


def test_a_failure_can_be_repeated_by_hand(tmp_path: Path) -> None:
    fault = breaking("delete-chat-messages.limit.fifty-one-refused")
    assert fault
    done = roamspec(
        tmp_path, "run", "--profile", "quick", "--fault", fault.name, "--req", "delete-chat-messages.limit.*"
    )

    assert done.status == 1
    report = report_of(tmp_path / "reports/latest")
    [entry] = [e for e in report["requirements"] if e["id"] == "delete-chat-messages.limit.fifty-one-refused"]
    # Drawn calls may find it as well.
    [failure] = [
        each["failure"] for each in entry["checks"] if each["id"].startswith("limit.fifty-and-fifty-one")
    ]
    assert failure["expected"] == "status 400"
    assert failure["actual"].startswith("200 ")
    assert failure["reproduce"].startswith("curl -sS -X DELETE ")
    assert "$ROAMSPEC_TOKEN" in failure["reproduce"]
    assert failure["exchanges"][0]["status"] == 200
    assert {e["operations"][0] for e in report["requirements"] if e["verdict"] == "fail"} == {
        "deleteChatMessages"
    }
