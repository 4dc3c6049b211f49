"""Each relation, shown red once: what differs is attributed to the operation that is at fault."""

from typing import Any

import pytest
from benchmarks.false_alarms import DrawnChecks

from roamspec.contract.operations import Contract, slug_of
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.runner.planning import Plan
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import LEFT_TO_DRAWN_CALLS, ExplorationEffort
from roamspec.transport.request_budget import RequestBudget

from .conftest import ChecksOf, Open

RED = {
    "delete-chat-messages.effect.earlier-call-undone": "effect.two-calls-add-up",
    "clear-chat-before.request.parameters-by-position": "request.parameters-in-any-order",
    "delete-group-messages.request.encoded-commas-not-split": "request.encoded-commas-separate",
    "clear-group-before.effect.repetition-clears-more": "effect.same-call-twice-harmless",
    "clear-user.one-way.everybodys-chats-cleared": "one-way.uninvolved-users-keep-messages",
    "delete-group-messages.effect.several-ids-ignored": "effect.several-ids-gone",
    "clear-chat-before.time.last-message-before-kept": "time.at-del-time-gone",
}


@pytest.fixture(scope="module")
def relations(checks_of: ChecksOf) -> list[Any]:
    return checks_of("test_relation")


def judged(session: Session, relations: list[Any], seed: int = 1) -> dict[str, str]:
    """Requirement -> verdict."""
    drawn = DrawnChecks(
        session,
        Plan(_catalogue(session.contract), session.contract, "standard", None),
        ExplorationEffort(seed),
    )
    for check in relations:
        drawn.run(check)
    for case in drawn.cases:
        case.close()
    found: dict[str, str] = {}
    for case in drawn.cases:
        for judgement in case.verdicts.recorded():
            if found.get(judgement.requirement) != "fail":
                found[judgement.requirement] = judgement.verdict
    return found


def _catalogue(contract: Contract) -> Catalogue:
    return load_catalogue(contract=contract)


@pytest.mark.parametrize(("mistake", "requirement"), RED.items(), ids=RED)
def test_a_fault_is_attributed_to_its_operation(
    opened: Open, relations: list[Any], mistake: str, requirement: str
) -> None:
    slug = mistake.partition(".")[0]

    found = judged(opened(mistake), relations)

    failing = {name for name, verdict in found.items() if verdict == "fail"}
    assert f"{slug}.{requirement}" in failing
    assert {name.partition(".")[0] for name in failing} == {slug}


def test_a_finding_is_of_the_sentence_that_it_breaks_and_shows_the_pull(
    opened: Open, relations: list[Any]
) -> None:
    """A call at exactly a message's time says nothing of a time between two messages."""
    session = opened("clear-chat-before.time.last-message-before-kept")
    plan = Plan(_catalogue(session.contract), session.contract, "standard", None)
    drawn = DrawnChecks(session, plan, ExplorationEffort(1))
    [check] = [each for each in relations if "up_to_a_message" in each.__name__]

    drawn.run(check)

    failed = [
        judgement
        for case in drawn.cases
        for judgement in case.verdicts.recorded()
        if judgement.verdict == "fail"
    ]
    assert {judgement.requirement for judgement in failed} == {"clear-chat-before.time.at-del-time-gone"}
    assert failed[0].failure is not None
    shown = [exchange["method"] for exchange in failed[0].failure.exchanges]
    assert shown == ["DELETE", "POST", "DELETE", "POST"], "each call, and what is pulled after it"
    for case in drawn.cases:
        case.close()


def test_all_hold_on_a_conforming_target_for_every_operation(opened: Open, relations: list[Any]) -> None:
    session = opened()

    found = judged(session, relations)

    assert set(found.values()) == {"pass"}
    assert {name.partition(".")[0] for name in found} == {
        slug_of(name) for name in session.contract.operations
    }


def test_what_the_sequences_need_is_left_to_them(opened: Open, relations: list[Any]) -> None:
    session = opened()
    session.client.allowance = RequestBudget(LEFT_TO_DRAWN_CALLS + 100)

    found = judged(session, relations[:1], seed=2)

    assert session.client.allowance.left is not None
    assert session.client.allowance.left >= LEFT_TO_DRAWN_CALLS
    third = list(session.contract.operations)[2]
    assert {name.partition(".")[0] for name in found} >= {slug_of(third)}
    assert len({name.partition(".")[0] for name in found}) < len(session.contract.operations)
