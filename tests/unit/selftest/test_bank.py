"""The bank of faults: each names what exists, and every requirement can be broken."""

from typing import Any

import pytest

from roamspec.appkey import AppKey
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.emulator.domain.deletion import KINDS
from roamspec.emulator.http.operations.deletions import STEPS, DeletionSteps
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings, describe
from roamspec.errors import UsageError
from roamspec.faults import known, switch_on
from roamspec.faults.conforming_variants import CONFORMING
from roamspec.faults.exemptions import EXCUSED
from roamspec.faults.registry import matching
from roamspec.selftest.selftest import bank


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(contract=load_contract())


def test_each_fault_refutes_requirements_of_its_operation(catalogue: Catalogue) -> None:
    strange = [
        (fault.name, name)
        for fault in known().values()
        for name in fault.refutes
        if name not in catalogue or catalogue[name].operation not in fault.operations
    ]
    assert not strange


def test_each_fault_refutes_something_once() -> None:
    for fault in known().values():
        assert fault.refutes, fault.name
        assert len(set(fault.refutes)) == len(fault.refutes), fault.name


def test_names_begin_with_the_operation() -> None:
    slugs = {kind.operation: kind.slug for kind in KINDS.values()}
    for name, fault in known().items():
        assert [name.partition(".")[0]] == [slugs[operation] for operation in fault.operations]


def test_each_fault_is_one_sentence() -> None:
    for fault in known().values():
        assert fault.sentence.endswith("."), fault.name
        assert len(fault.sentence.split()) > 2, fault.name


def test_each_fault_is_at_a_named_step() -> None:
    points = set(DeletionSteps.__dataclass_fields__)
    assert {fault.point for fault in known().values()} <= points


def test_every_requirement_has_a_fault_or_a_reason(catalogue: Catalogue) -> None:
    broken = {name for fault in known().values() for name in fault.refutes}
    without = [
        name
        for name, requirement in catalogue.items()
        if name not in broken and name.partition(".")[2] not in EXCUSED and not requirement.unchecked
    ]
    assert not without


def test_excuses_are_for_what_no_fault_breaks(catalogue: Catalogue) -> None:
    broken = {name.partition(".")[2] for fault in known().values() for name in fault.refutes}
    assert not broken & set(EXCUSED)
    assert set(EXCUSED) <= {name.partition(".")[2] for name in catalogue}


def test_a_conforming_app_shares_the_conforming_steps() -> None:
    app = Service(STEPS).create(AppKey("acme", "parlor"), AppSettings())
    switch_on(app, ["effect.nothing-deleted"])
    assert app.steps is not STEPS
    switch_on(app, [])
    assert app.steps is STEPS


def test_a_fault_changes_one_step_of_its_operation() -> None:
    app = Service(STEPS).create(AppKey("acme", "parlor"), AppSettings())
    for fault in known().values():
        switch_on(app, [fault.name])
        changed = [
            (operation, point)
            for operation in STEPS
            for point in DeletionSteps.__dataclass_fields__
            if getattr(app.steps[operation], point) is not getattr(STEPS[operation], point)
        ]
        assert changed == [(fault.operations[0], fault.point)]


def test_each_conforming_setting_is_accepted() -> None:
    for name, each in CONFORMING.items():
        changed = AppSettings().with_changes(each.settings, where=name)
        assert changed != AppSettings(), name
        assert each.sentence.endswith("."), name


# Whoever closes message roaming has the row of the error table, which the app with message roaming disabled
# of every run shows.
NOT_A_FREEDOM = {"message_roaming"}


def test_each_freedom_of_a_service_is_a_conforming_setting() -> None:
    tried = [(name, value) for each in CONFORMING.values() for name, value in each.settings.items()]
    usual = AppSettings()
    untried = [
        (row["name"], value)
        for row in describe()
        if row["name"] not in NOT_A_FREEDOM
        for value in _others(row, getattr(usual, row["name"]))
        if not any(name == row["name"] and value in (given, None) for name, given in tried)
    ]
    assert untried == []


def _others(row: dict[str, Any], usual: object) -> list[object]:
    """The values that a conforming setting must try: each one that is accepted, each form of the list on
    its own, and for numbers None: any other than the usual one."""
    if "members" in row:
        return [[], *([member] for member in row["members"])]
    if "accepted" in row:
        return [value for value in row["accepted"] if value != usual]
    return [None]


def test_patterns_speak_of_names_with_and_without_the_operation(catalogue: Catalogue) -> None:
    assert len(matching("effect.nothing-deleted")) == len(KINDS)
    assert [fault.name for fault in matching("clear-user.effect.nothing-*")] == [
        "clear-user.effect.nothing-deleted"
    ]
    assert len(bank(catalogue, ["effect.nothing-deleted", "*.effect.nothing-deleted"])) == len(KINDS)
    assert len(bank(catalogue)) == len(known())


def test_a_pattern_that_matches_nothing(catalogue: Catalogue) -> None:
    with pytest.raises(
        UsageError, match=r"--faults: no fault matches 'clear-user.effect.nothing-deletd'; did you mean"
    ):
        bank(catalogue, ["clear-user.effect.nothing-deletd"])
