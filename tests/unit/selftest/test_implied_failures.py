"""What may fail along with a broken requirement: rules about requirements that exist, none of which is
idle."""

from fnmatch import fnmatchcase

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.faults import known
from roamspec.selftest.implied_failures import RULES, ImplicationRule, implied_failures
from roamspec.selftest.selftest import bank

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.because)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(contract=load_contract())


@pytest.fixture(scope="module")
def promises(catalogue: Catalogue) -> set[str]:
    return {name.partition(".")[2] for name in catalogue}


@each_rule
def test_each_pattern_of_a_rule_names_a_promise(rule: ImplicationRule, promises: set[str]) -> None:
    idle = [p for p in (*rule.broken, *rule.along) if not any(fnmatchcase(n, p) for n in promises)]
    assert not idle


@each_rule
def test_each_rule_is_for_promises_that_faults_break(rule: ImplicationRule) -> None:
    refuted = {name.partition(".")[2] for fault in known().values() for name in fault.refutes}
    assert any(fnmatchcase(name, pattern) for name in refuted for pattern in rule.broken)


def test_many_faults_have_nothing_that_follows(catalogue: Catalogue) -> None:
    """Where much may fail along, a failure says little of its cause."""
    everything = bank(catalogue)
    assert sum(not fault.follows for fault in everything) >= len(everything) / 3


def test_a_promise_about_special_calls_drags_nothing_along() -> None:
    assert implied_failures(["auth.cut-token-refused"]) == ()
    assert implied_failures(["success.duration-is-an-integer"]) == ()


def test_rules_are_not_applied_to_what_rules_give() -> None:
    assert "one-way.*" in implied_failures(["one-way.both-sides-in-turn"])
    assert "one-way.*" not in implied_failures(["effect.single-id-gone"])


def test_what_follows_is_of_the_same_operation(catalogue: Catalogue) -> None:
    [fault] = bank(catalogue, ["clear-user.effect.nothing-deleted"])
    assert "clear-user.all.chats-cleared" in fault.follows
    assert {catalogue[name].operation for name in fault.follows} == {"clearUser"}
