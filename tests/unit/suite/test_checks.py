"""Every check by its name, with what it judges and what it may cost."""

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import UsageError
from roamspec.selftest.selftest import bank
from roamspec.suite.checks import checks, judged_by
from roamspec.suite.marks import MARKERS, costs


@pytest.fixture(autouse=True, scope="module")
def known_marks(pytestconfig: pytest.Config) -> None:
    """This session of pytest is not one of checks, and rejects marks that it does not know."""
    for mark in MARKERS:
        pytestconfig.addinivalue_line("markers", mark)


def test_checks_are_named_as_in_reports() -> None:
    assert "limit.fifty-one-refused" in judged_by("limit.fifty-and-fifty-one")
    assert judged_by("limit.fifty-and-fifty-one[clearUser]") == judged_by("limit.fifty-and-fifty-one")


def test_every_check_judges_what_the_catalogue_has() -> None:
    names = {name.partition(".")[2] for name in load_catalogue(contract=load_contract())}

    assert len(checks()) > 20
    assert {name for judged in checks().values() for name in judged} <= names


def test_an_unknown_check() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'limit\.fifty-and-fifty-one'\?"):
        judged_by("limit.fifty-and-fifty-two")


def test_the_faults_that_a_change_of_a_check_could_disturb() -> None:
    catalogue = load_catalogue(contract=load_contract())

    found = {fault.name for fault in bank(catalogue, (), ("notify.clearing-is-not-told-to-others",))}

    assert found
    assert all(name.startswith("clear-user.") for name in found)
    assert "clear-user.success.status-accepted" not in found


def test_the_mark_says_how_many_requests() -> None:
    assert costs(20).mark.args == (20,)  # type: ignore[attr-defined]
