"""Which faults are tried again alone, and which finding of a fault counts."""

import pytest
from tests.unit.selftest.conftest import CLEARED, GONE, OPERATION_OF, fault_run

from roamspec.selftest.results import Results

AS_DECLARED = {"one.effect.gone": 0.1, "two.effect.gone": 0.1}
TOO_MUCH = {**AS_DECLARED, "one.effect.kept": 0.1}


@pytest.fixture
def results() -> Results:
    return Results(OPERATION_OF)


def test_what_is_as_declared_is_not_tried_again(results: Results) -> None:
    assert results.take(fault_run(GONE, CLEARED, red=AS_DECLARED)) == []
    assert set(results.found) == {GONE.name, CLEARED.name}
    assert results.requests == 10


def test_only_what_is_not_as_declared_is_tried_again(results: Results) -> None:
    [again] = results.take(fault_run(GONE, CLEARED, red=TOO_MUCH))
    assert again.faults == (GONE,)


def test_a_fault_that_nothing_notices_is_tried_again(results: Results) -> None:
    [again] = results.take(fault_run(GONE, CLEARED, red={"two.effect.gone": 0.1}))
    assert again.faults == (GONE,)


def test_who_does_the_same_alone_did_it(results: Results) -> None:
    results.take(fault_run(GONE, CLEARED, red=TOO_MUCH))
    assert results.take(fault_run(GONE, red={"one.effect.gone": 0.1, "one.effect.kept": 0.1})) == []
    assert results.found[GONE.name].surplus == ("one.effect.kept",)


def test_what_nobody_does_alone_was_done_by_the_company(results: Results) -> None:
    results.take(fault_run(GONE, CLEARED, red=TOO_MUCH))
    [suspect] = results.take(fault_run(GONE, red={"one.effect.gone": 0.1}))
    assert suspect.faults == (CLEARED,)
    assert results.take(fault_run(CLEARED, red={"two.effect.gone": 0.1, "one.effect.kept": 0.1})) == []
    assert results.found[GONE.name].exact
    assert results.found[CLEARED.name].elsewhere == ("one.effect.kept",)


def test_what_is_tried_alone_from_the_start_is_not_tried_again(results: Results) -> None:
    assert results.take(fault_run(GONE, red={})) == []


def test_conforming_settings_are_kept_apart(results: Results) -> None:
    conforming = fault_run(red={}, status=0)
    assert results.take(conforming) == []
    assert results.conforming == [conforming]
    assert not results.found
