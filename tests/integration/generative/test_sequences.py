"""Sequences find each mistake, shorten it, blame the right operation, and find it again."""

from pathlib import Path

import pytest

from roamspec.contract.operations import slug_of
from roamspec.generative import corpus
from roamspec.generative.budget_meter import Meter
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep
from roamspec.generative.evidence import observation_of
from roamspec.generative.execution import played
from roamspec.generative.exploration_log import SequenceFinding
from roamspec.generative.requirement_mapping import requirement_of
from roamspec.generative.sequence_executor import ExplorationContext
from roamspec.generative.sequences import Sequences
from roamspec.generative.visibility_probe import assumed
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort, ExplorationLimits
from roamspec.transport.ledger import LedgerEntry
from roamspec.transport.request_budget import RequestBudget

from .conftest import Open

NOTHING_DRAWN = ExplorationLimits(0, 0, requests=0, seconds=0.0, shrinks=40, shrinking_requests=700)
MOST_STEPS = 6
MOST_REQUESTS = 1000
MOST_WITH_SHRINKING = 1750

MISTAKES = {
    "delete-group-messages.one-way.everybodys-copies-deleted": {"one-way.every-member-keeps-messages"},
    "clear-group-before.request.conversation-ignored": {
        "effect.other-conversations-stay",
        "effect.same-people-elsewhere-stay",
    },
    "delete-chat-messages.request.latest-conversation-meant": {
        "effect.single-id-gone",
        "effect.several-ids-gone",
        "value.unknown-peer-harmless",
    },
    "clear-user.list.all-conversations-stay": {"list.all-conversations-leave"},
    "clear-chat-before.time.boundary-kept": {"time.at-del-time-gone"},
    "delete-group-messages.effect.back-with-the-next-message": {"effect.stays-deleted"},
}


def named(sequences: Sequences, finding: SequenceFinding) -> str:
    observation = observation_of(
        finding.program, finding.difference, finding.operation, sequences.context.visibility
    )
    return requirement_of(observation)


@pytest.mark.parametrize(("mistake", "requirements"), MISTAKES.items(), ids=MISTAKES)
def test_a_fault_is_found_shortened_and_attributed(
    opened: Open, mistake: str, requirements: set[str]
) -> None:
    session = opened(mistake)
    before = session.client.requests

    sequences = Sequences(session, ExplorationEffort(seed=1))
    findings = sequences.explore()

    assert session.client.requests - before < MOST_WITH_SHRINKING
    assert [slug_of(finding.operation) for finding in findings] == [mistake.partition(".")[0]]
    assert len(findings[0].program) <= MOST_STEPS
    assert findings[0].exchanges
    assert named(sequences, findings[0]) in requirements


def test_a_conforming_target_gives_nothing_to_find(opened: Open) -> None:
    session = opened()
    before = session.client.requests

    sequences = Sequences(session, ExplorationEffort(seed=1))
    findings = sequences.explore()

    assert findings == []
    assert sequences.journal.sentences() == []
    assert sequences.journal.played >= 4
    assert session.client.requests - before <= MOST_REQUESTS
    assert {operation for operation, _ in sequences.journal.credits} == set(session.contract.operations)


def drawn_in(session: Session, seconds: float, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """How many calls are drawn when drawing takes so long, and what is said of it."""
    monkeypatch.setattr(Meter, "seconds", seconds)
    sequences = Sequences(session, ExplorationEffort(seed=1, profile="quick"))
    assert sequences.explore() == []
    return sequences.journal.coverage.calls, sequences.journal.sentences()


def test_a_slow_target_gets_the_same_sequences(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    quick, slow = (drawn_in(opened(), seconds, monkeypatch) for seconds in (1.0, 60.0))

    assert quick == slow
    assert quick[0] > 0


def test_sequences_that_are_left_out_because_of_the_time_are_noted(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = ExplorationEffort(profile="quick").limits.seconds

    calls, notes = drawn_in(opened(), limit + 1, monkeypatch)

    assert calls == 0
    assert notes == [
        "Sequences were left out: those before them took 180 s. Another run from the same seed may draw more."
    ]


@pytest.mark.parametrize("left", [200, 30])
def test_sequences_make_do_with_what_a_run_may_still_send(opened: Open, left: int) -> None:
    session = opened()
    session.client.allowance = RequestBudget(left)

    sequences = Sequences(session, ExplorationEffort(seed=1))
    assert sequences.explore() == []

    assert session.client.allowance.left is not None
    assert 0 <= session.client.allowance.left <= left
    drawn = sequences.journal.played > 0
    assert drawn is (left == 200)
    assert [
        note for note in sequences.journal.sentences() if "only 30 of the requests" in note
    ] != [] or drawn


def test_each_broken_operation_is_found_beside_the_others(opened: Open) -> None:
    session = opened(
        "delete-chat-messages.effect.nothing-deleted", "clear-user.one-way.everybodys-copies-deleted"
    )

    findings = Sequences(session, ExplorationEffort(seed=2)).explore()

    assert {finding.operation for finding in findings} == {"deleteChatMessages", "clearUser"}


def test_what_failed_once_is_run_first_and_found_without_drawing(opened: Open, tmp_path: Path) -> None:
    effort = ExplorationEffort(seed=1, corpus=tmp_path / "kept")
    mistake = "clear-chat-before.time.boundary-kept"
    found = Sequences(opened(mistake), effort).explore()
    assert [finding.program for finding in found] == corpus.read(tmp_path / "kept")

    again = Sequences(opened(mistake), effort, NOTHING_DRAWN).explore()

    assert [finding.program for finding in again] == [finding.program for finding in found]
    assert Sequences(opened(), effort, NOTHING_DRAWN).explore() == []


def test_what_does_not_leave_a_list_is_noticed_before_a_later_message_brings_it_back(opened: Open) -> None:
    session = opened("delete-chat-messages.list.empty-conversations-stay")
    ground = ExplorationContext(session, session.contract, assumed(session))
    deletion = DeleteStep("deleteChatMessages", "a", "chat ab", ("m1",))
    program = CallSequence((SendStep("m1", "chat ab", "a"), deletion, SendStep("m2", "chat ab", "b")))

    found, _ = played(ground, program)

    assert found is not None
    assert (found.kind, found.step, found.place) == ("listed", 1, "chat ab")


def test_nothing_is_left_behind_and_no_name_comes_twice(opened: Open) -> None:
    session = opened()
    names: list[str] = []
    fresh = session.names.fresh

    def noted(role: str = "u") -> str:
        names.append(fresh(role))
        return names[-1]

    session.names.fresh = noted  # type: ignore[method-assign]
    before = _met(session)

    Sequences(session, ExplorationEffort(seed=3)).explore()

    assert _met(session) == before
    assert len(names) == len(set(names)) >= 3


def _met(session: Session) -> set[LedgerEntry]:
    """What is there, without the users in stock, whom nobody has met."""
    stock = {LedgerEntry(app, "user", name) for app, names in session.user_pool.items() for name in names}
    return set(session.ledger.present()) - stock
