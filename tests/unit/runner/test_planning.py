"""Which checks run, for which operations, and what of it can be judged."""

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.contract.revisions import catalogue_at
from roamspec.runner.planning import Plan
from roamspec.session.capabilities import Capabilities
from roamspec.suite.marks import PROFILES, Profile

FIFTY_ONE = "limit.fifty-one-refused"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="module")
def catalogue(contract: Contract) -> Catalogue:
    return load_catalogue(contract=contract)


def plan(contract: Contract, catalogue: Catalogue, *selected: str, profile: Profile = "quick") -> Plan:
    return Plan(catalogue, contract, profile, frozenset(selected) if selected else None)


def test_a_check_runs_for_the_operations_that_have_its_first_requirement(
    contract: Contract, catalogue: Catalogue
) -> None:
    of = plan(contract, catalogue)
    assert [o.name for o in of.operations_of([FIFTY_ONE])] == ["deleteChatMessages", "deleteGroupMessages"]
    assert [o.name for o in of.operations_of(["all.groups-cleared"])] == ["clearUser"]
    assert len(of.operations_of(["success.status-200", FIFTY_ONE])) == 5


def test_a_requirement_that_nobody_has_is_an_error_of_the_check(
    contract: Contract, catalogue: Catalogue
) -> None:
    with pytest.raises(ValueError, match=r"no operation has a requirement effect\.typo"):
        plan(contract, catalogue).operations_of([FIFTY_ONE, "effect.typo"])


@pytest.mark.parametrize("least", PROFILES)
@pytest.mark.parametrize("asked", PROFILES)
def test_a_profile_covers_the_smaller_ones(
    contract: Contract, catalogue: Catalogue, least: Profile, asked: Profile
) -> None:
    of = plan(contract, catalogue, profile=asked)
    runs = of.wants([FIFTY_ONE], contract.operation("deleteChatMessages"), least)
    assert runs == (PROFILES.index(asked) >= PROFILES.index(least))


def test_a_selection_takes_the_checks_that_can_refute_it(contract: Contract, catalogue: Catalogue) -> None:
    of = plan(contract, catalogue, f"delete-chat-messages.{FIFTY_ONE}")
    chat, group = contract.operation("deleteChatMessages"), contract.operation("deleteGroupMessages")

    assert of.wants(["limit.fifty-accepted", FIFTY_ONE], chat, "quick")
    assert not of.wants([FIFTY_ONE], group, "quick")
    assert not of.wants(["limit.fifty-accepted"], chat, "quick")
    assert of.is_selected(f"delete-chat-messages.{FIFTY_ONE}")
    assert not of.is_selected(f"delete-group-messages.{FIFTY_ONE}")


def test_without_a_selection_everything_is_selected(contract: Contract, catalogue: Catalogue) -> None:
    of = plan(contract, catalogue)
    assert all(of.is_selected(name) for name in catalogue)
    assert of.wants([FIFTY_ONE], contract.operation("deleteChatMessages"), "quick")


def test_what_the_target_lacks_cannot_be_judged(contract: Contract, catalogue: Catalogue) -> None:
    lacks = Capabilities(missing={"devices": "devices: no observer is given"})
    names = ("notify.true-tells-the-owner", "notify.true-accepted", "all.groups-cleared")

    judgeable = plan(contract, catalogue).judgeable(names, contract.operation("clearChatBefore"), lacks)

    assert judgeable == {
        "notify.true-tells-the-owner": "devices: no observer is given",
        "notify.true-accepted": "",
    }


def test_every_capability_that_a_requirement_needs_is_one_the_preflight_looks_for(
    catalogue: Catalogue,
) -> None:
    from roamspec.config.capability_names import CAPABILITIES

    assert {name for r in catalogue.values() for name in r.capabilities} <= set(CAPABILITIES)


def test_an_earlier_revision_knows_no_later_requirement(contract: Contract) -> None:
    first = catalogue_at(1, contract=contract)
    of = plan(contract, first)
    chat = contract.operation("deleteChatMessages")

    assert [o.name for o in of.operations_of(["limit.counts-per-call", FIFTY_ONE])] == [
        "deleteChatMessages",
        "deleteGroupMessages",
    ]
    assert of.operations_of(["limit.counts-per-call"]) == []
    assert of.judgeable(["limit.counts-per-call", FIFTY_ONE], chat, Capabilities()) == {FIFTY_ONE: ""}
    part, whole = "missing.user-id-client-error", "missing.user-id-refused"
    assert of.judgeable([part], chat, Capabilities()) == {part: ""}
    assert plan(contract, first, f"{chat.slug}.{whole}").wants([part], chat, "quick")
