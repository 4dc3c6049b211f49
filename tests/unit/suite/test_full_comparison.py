"""Where the comparison after a check looks, and how often."""

from dataclasses import replace
from typing import Any

import pytest
from tests.unit.suite.conftest import KEY, judging, verdicts

from roamspec.api.deletions import Query
from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.call_records import record
from roamspec.suite.full_comparison import (
    COMPARED,
    MOST_FAR_LOOKS_PER_CHECK,
    MOST_LOOKS,
    compare_everything,
)
from roamspec.suite.success_assertions import SUCCESS
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.transport.ledger import LedgerEntry
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.facts import facts_of
from roamspec.world.world import World

NAMED = Conversation("chat", ("owner", "peer"))
PEOPLE = [f"u{number}" for number in range(7)]
FAR = [Conversation("chat", ("peer", name)) for name in PEOPLE]
OPERATION = "clearChatBefore"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Conversation]]:
    """Who looked at what: everybody sees everything that was said."""
    found: list[tuple[str, Conversation]] = []

    def view(self: World, user: str, conversation: Conversation, **_: Any) -> HistoryView:
        found.append((user, conversation))
        facts = facts_of(self.session)
        said = [each.message for every in facts.said.values() for each in every]
        there = tuple(
            PulledMessage(m.id, m.sender, "x", "chat", m.time_ms, "hello")
            for m in said
            if m.id.startswith(f"{conversation.members[1]}-")
        )
        seen = HistoryView(user, conversation, there)
        facts.look(KEY, OPERATION, seen, newer=False, pages=1)
        return seen

    monkeypatch.setattr(World, "view", view)
    return found


def check(
    session: Session,
    contract: Contract,
    operation: str = OPERATION,
    query: Query = (("userId", "peer"), ("delTime", "1600000000000")),
    body: bytes = b"{}",
    status: int = 200,
) -> CheckContext:
    """A check that has said something everywhere, and called once for the owner in the named conversation."""
    case = judging(session, contract.operation(operation), *COMPARED, *SUCCESS)
    case.limits = type(case.limits)(profile="quick")
    case.world()
    facts = facts_of(session)
    for conversation in (NAMED, *FAR):
        message = Message(
            f"{conversation.members[1]}-{case.began}", conversation.members[0], 1_700_000_000_000
        )
        facts.say(KEY, OPERATION, conversation, message, "hello", dated=True)
    sent = Exchange("DELETE", "http://h/")
    answer = Response(status, {"content-type": "application/json"}, body, 0.0, sent)
    record(facts, case.operation, KEY, "owner", query, answer, usual=True)
    return case


@pytest.fixture
def crowded(session: Session) -> Session:
    for name in PEOPLE:
        session.ledger.made(LedgerEntry(KEY, "user", name))
    return session


def test_where_a_call_acts_comes_first_and_elsewhere_only_a_few_are_looked_at(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    compare_everything(check(crowded, contract))

    # Of what the owner has left nothing is certain: nobody has seen when it was said.
    assert looks[0] == ("peer", NAMED)
    assert NAMED not in [conversation for _, conversation in looks[1:]]
    assert len(looks) == 1 + MOST_FAR_LOOKS_PER_CHECK["quick"]


def test_the_next_check_looks_elsewhere_at_what_nobody_has_looked_at_yet(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    for _ in range(3):
        compare_everything(check(crowded, contract))

    elsewhere = [look for look in looks if look[1] != NAMED]
    assert len(elsewhere) == 3 * MOST_FAR_LOOKS_PER_CHECK["quick"]
    assert len(set(elsewhere)) == len(elsewhere)


def test_what_was_looked_at_since_the_last_call_is_not_looked_at_again(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    case = check(crowded, contract)
    for user in NAMED.members:
        case.worlds[0].view(user, NAMED)
    before = len(looks)
    compare_everything(case)

    assert NAMED not in [conversation for _, conversation in looks[before:]]


def test_a_deletion_that_nobody_has_looked_for_is_looked_for_whatever_was_spent(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    facts_of(crowded).more_looks = MOST_LOOKS["quick"]
    case = check(crowded, contract, "deleteChatMessages", (("userId", "peer"), ("msgIdList", "peer-1")))

    compare_everything(case)

    assert set(looks) == {("owner", NAMED)}
    assert "effect.single-id-gone" in failures(case)


REJECTED = "effect.refused-call-deletes-nothing"


def test_after_a_rejected_call_somebody_else_is_looked_at_whatever_was_spent(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    facts_of(crowded).more_looks = MOST_LOOKS["quick"]
    case = check(crowded, contract, status=401)

    compare_everything(case)

    assert looks == [("peer", NAMED)]
    assert verdicts(case)[REJECTED] == "pass"


def test_what_was_seen_before_a_rejected_call_says_nothing_of_it(
    crowded: Session,
    contract: Contract,
    looks: list[tuple[str, Conversation]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = check(crowded, contract, status=401)
    case.worlds[0].view("peer", NAMED)
    facts = facts_of(crowded)
    [before] = facts.calls
    facts.calls.append(replace(before, number=facts.number()))
    facts.more_looks = MOST_LOOKS["quick"]
    monkeypatch.setattr(type(crowded.client.allowance), "can_spare", lambda _self, _count: False)

    compare_everything(case)

    assert looks == [("peer", NAMED)]
    assert verdicts(case)[REJECTED] == "inconclusive"


def failures(case: CheckContext) -> list[str]:
    return [name for name, verdict in verdicts(case).items() if verdict == "fail"]


def test_every_success_of_a_check_is_one_as_the_document_describes_it(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    case = check(crowded, contract, body=b"[]")

    compare_everything(case)

    assert "success.json-body" in failures(case)
    assert looks


def test_the_views_of_others_are_compared_after_a_call_that_the_document_does_not_describe(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    query = (("userId", "peer"), ("msgIdList", "peer-1"), ("isNotify", "perhaps"))

    compare_everything(check(crowded, contract, "deleteChatMessages", query))

    assert ("peer", NAMED) in looks


def test_what_a_failed_call_deletes_is_found_although_the_check_found_that_it_failed(
    crowded: Session, contract: Contract, looks: list[tuple[str, Conversation]]
) -> None:
    case = judging(crowded, contract.operation("deleteChatMessages"), *COMPARED, *SUCCESS)
    crowded.hasten(1_000)
    facts, message = facts_of(crowded), Message("1", "peer", 1_700_000_000_000)
    case.world()
    facts.say(KEY, "deleteChatMessages", NAMED, message, "hello", dated=True)
    answer = Response(500, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
    query = (("userId", "peer"), ("msgIdList", "1"))
    record(facts, case.operation, KEY, "owner", query, answer, usual=True)
    case.verdicts.check("effect.single-id-gone", False, answer, expected="deleted", actual="answered 500")
    facts.look(KEY, "deleteChatMessages", HistoryView("owner", NAMED, ()), newer=False, pages=1)

    compare_everything(case)

    assert failures(case) == ["effect.single-id-gone", "effect.refused-call-deletes-nothing"]
    assert set(looks) == {("owner", NAMED)}
