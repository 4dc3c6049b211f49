"""The floor that the pipeline keeps, against the bank as it is: whichever check no longer bites, it shows."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.selftest.baseline import below, read_baselines
from roamspec.selftest.fault_run import FaultRun
from roamspec.selftest.score import Score, fault_results
from roamspec.selftest.selftest import bank
from roamspec.selftest.subjects import BrokenEmulator, together

FLOOR = Path(__file__).parents[3] / "contracts" / "selftest-floor.json"
PROFILES = ("quick", "standard")
Scored = Callable[[Collection[str]], Score]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(contract=load_contract())


@pytest.fixture(scope="module")
def faults(catalogue: Catalogue) -> list[BrokenEmulator]:
    return bank(catalogue)


@pytest.fixture(scope="module")
def scored(catalogue: Catalogue, faults: list[BrokenEmulator]) -> Scored:
    """The score of a suite that fails what each fault refutes, but for what it no longer looks at."""
    operation_of = {name: requirement.operation for name, requirement in catalogue.items()}

    def score(overlooked: Collection[str]) -> Score:
        found = []
        for subject in together(faults, "operations"):
            red = {
                name: 0.1
                for fault in subject.faults
                for name in fault.refutes
                if _promise(name) not in overlooked
            }
            found += fault_results(FaultRun(subject, red, int(bool(red)), 1.0, 1), operation_of)
        return Score(found, (), frozenset(), ())

    return score


def _promise(name: str) -> str:
    return name.partition(".")[2]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_family_has_a_floor(profile: str, faults: list[BrokenEmulator]) -> None:
    floors = read_baselines(FLOOR, profile)
    assert set(floors) == {fault.family for fault in faults}
    for family, floor in floors.items():
        assert floor.faults <= sum(fault.family == family for fault in faults)
        assert floor.exact <= floor.caught <= floor.faults


@pytest.mark.parametrize("profile", PROFILES)
def test_a_suite_that_sees_everything_is_above_it(profile: str, scored: Scored) -> None:
    floors = read_baselines(FLOOR, profile)
    assert below(scored(()), floors, floors) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_check_that_no_longer_bites_is_below_it(
    profile: str, scored: Scored, faults: list[BrokenEmulator]
) -> None:
    """Of each requirement in turn: nobody looks at it any more. A family to which faults were added since its
    floor was measured has room below it until the floor is raised."""
    floors = read_baselines(FLOOR, profile)
    grown = {
        family
        for family, floor in floors.items()
        if floor.faults < sum(fault.family == family for fault in faults)
    }
    assert len(grown) <= 2
    promises = {_promise(name) for fault in faults if fault.family not in grown for name in fault.refutes}
    promises = {promise for promise in promises if promise.partition(".")[0] not in grown}
    unnoticed = [promise for promise in promises if not below(scored([promise]), floors, floors)]
    assert unnoticed == []
