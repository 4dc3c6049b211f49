"""What stands in a conversation list after a call, and who is given as the cause of it."""

from collections.abc import Collection, Iterable, Mapping, Sized
from typing import Any

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.api.conversation_lists import ListedConversation
from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.list_assertions import (
    AFTER_REJECTED,
    NO_DELETED_MESSAGE,
    check_listed,
    check_listed_after_rejected,
    check_no_deleted_message_shown,
    is_emptied,
)
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.wire.message import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.world import World, listed_as

NAMED, OTHER = Conversation("chat", ("owner", "peer")), Conversation("group", ("owner", "peer"), "77")


class Listing(World):
    """Its owner's list shows what the test says."""

    def __init__(self, session: Session, listed: Collection[Conversation]) -> None:
        super().__init__(session)
        self._listed = listed

    def lists_when(
        self,
        user: str,  # noqa: ARG002
        expected: Mapping[Conversation, bool],
        *,
        waits: bool = True,  # noqa: ARG002
    ) -> dict[Conversation, bool]:
        return {conversation: conversation in self._listed for conversation in expected}


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    return judging(session, contract.operation("deleteChatMessages"), "leaves", "stays")


def judged(case: CheckContext, status: int, *listed: Conversation) -> dict[str, str]:
    exchange = Exchange("DELETE", "http://h/", status=status, response_body="{}")
    answer = Response(status, {}, b"{}", 0.0, exchange)
    expected = {NAMED: ("leaves", False), OTHER: ("stays", True)}
    check_listed(case, Listing(case.session, listed), "owner", answer, expected)
    return verdicts(case)


def test_what_was_emptied_left_and_the_other_stayed(case: CheckContext) -> None:
    assert judged(case, 200, OTHER) == {"leaves": "pass", "stays": "pass"}


def test_what_was_emptied_stayed(case: CheckContext) -> None:
    assert judged(case, 200, NAMED, OTHER) == {"leaves": "fail", "stays": "pass"}


def test_the_other_left(case: CheckContext) -> None:
    assert judged(case, 200) == {"leaves": "pass", "stays": "fail"}


def test_what_stayed_is_not_attributed_to_a_rejected_call(case: CheckContext) -> None:
    assert judged(case, 400, NAMED, OTHER) == {"leaves": "fail", "stays": "pass"}


def test_what_a_rejected_call_takes_off_the_list_is_attributed_to_it(case: CheckContext) -> None:
    assert judged(case, 400, NAMED) == {"leaves": "fail", "stays": "fail"}


def test_what_left_after_a_rejection_did_not_leave_by_a_success(case: CheckContext) -> None:
    assert judged(case, 400, OTHER) == {"leaves": "fail", "stays": "pass"}


@pytest.mark.parametrize("full", [False, True])
def test_a_conversation_that_has_messages_left_is_not_waited_for(case: CheckContext, full: bool) -> None:
    class Waiting(Listing):
        waited = False

        def lists_when(
            self, user: str, expected: Mapping[Conversation, bool], *, waits: bool = True
        ) -> dict[Conversation, bool]:
            self.waited = waits
            return super().lists_when(user, expected)

    exchange = Exchange("DELETE", "http://h/", status=200, response_body="{}")
    listing = Waiting(case.session, [NAMED])
    answer = Response(200, {}, b"{}", 0.0, exchange)
    check_listed(case, listing, "owner", answer, {NAMED: ("leaves", False)}, full=full)
    assert listing.waited == (not full)
    assert verdicts(case) == {"leaves": "fail", "stays": "inconclusive"}


def answered(status: int) -> Response:
    exchange = Exchange("DELETE", "http://h/", status=status, response_body="{}")
    return Response(status, {}, b"{}", 0.0, exchange)


class Subject:
    """Answers each call with the next of some statuses; `query` has two parameters."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.calls: list[tuple[int, bool]] = []

    def query(self, *_: object) -> list[tuple[str, str]]:
        return [("userId", "peer"), ("msgIdList", "1")]

    def call(self, _app: object, _owner: str, query: Sized, *, anonymous: bool = False) -> Response:
        self.calls.append((len(query), anonymous))
        return answered(self._statuses.pop(0))


@pytest.mark.parametrize(
    ("statuses", "listed", "verdict"),
    [
        ((401, 400), [NAMED], "pass"),
        ((401, 400), [], "fail"),
        ((200, 400), [], "inconclusive"),
        ((401, 200), [NAMED], "inconclusive"),
        ((401, 500), [NAMED], "inconclusive"),
    ],
)
def test_a_list_after_rejected_requests(
    session: Session,
    contract: Contract,
    monkeypatch: pytest.MonkeyPatch,
    statuses: tuple[int, ...],
    listed: list[Conversation],
    verdict: str,
) -> None:
    case = judging(session, contract.operation("deleteChatMessages"), AFTER_REJECTED)
    subject = Subject(*statuses)
    monkeypatch.setattr(CheckContext, "subject", property(lambda _: subject))
    world = Listing(session, listed)
    rejected = check_listed_after_rejected(case, world, "owner", NAMED, [Message("1", "peer", 0)])
    assert verdicts(case) == {AFTER_REJECTED: verdict}
    assert rejected == (verdict != "inconclusive")
    assert subject.calls == [(2, True), (1, False)]


def test_a_list_that_is_behind_after_rejected_requests_is_read_again(
    session: Session, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FromTwoMachines(World):
        """The first reading comes from a machine that does not know the conversation yet."""

        readings = 0

        def listed(self, user: str) -> set[ListedConversation]:
            self.readings += 1
            return {listed_as(NAMED, user)} if self.readings > 1 else set()

    session.sleep = lambda _: None
    case = judging(session, contract.operation("deleteChatMessages"), AFTER_REJECTED)
    monkeypatch.setattr(CheckContext, "subject", property(lambda _: Subject(401, 400)))
    world = FromTwoMachines(session)
    check_listed_after_rejected(case, world, "owner", NAMED, [Message("1", "peer", 0)])
    assert verdicts(case) == {AFTER_REJECTED: "pass"}


class Fixture:
    """A conversation that begins with a notice of the service, which is still there or not."""

    def __init__(self, *, is_only_ours: bool) -> None:
        self.is_only_ours = lambda _view: is_only_ours


@pytest.mark.parametrize("only_ours", [True, False])
def test_what_the_service_has_put_into_a_conversation_may_keep_it_in_the_list(
    case: CheckContext, only_ours: bool
) -> None:
    fixture: Any = Fixture(is_only_ours=only_ours)
    view: Any = None

    assert is_emptied(case, fixture, view, "leaves") == only_ours

    reasons = {each.requirement.partition(".")[2]: each.reason for each in case.verdicts.recorded()}
    assert ("did not send" in reasons.get("leaves", "")) != only_ours


class Showing(Listing):
    """Each reading of the list shows the next of some messages, and then the last one again and again."""

    def __init__(self, session: Session, *shown: str) -> None:
        super().__init__(session, [NAMED])
        self._shown = list(shown)

    def lists_now(self, user: str, conversations: Iterable[Conversation]) -> dict[Conversation, bool]:  # noqa: ARG002
        del self._shown[: len(self._shown) > 1]
        return dict.fromkeys(conversations, True)

    def shown_in_list(self, user: str, conversation: Conversation) -> str:  # noqa: ARG002
        return self._shown[0]


@pytest.mark.parametrize(
    ("status", "shown", "left", "verdict"),
    [
        (200, ["7"], [], "pass"),
        (200, ["1", "1", "7"], [], "pass"),
        (200, ["1"], [], "fail"),
        (200, ["1"], ["1"], "pass"),
        (200, ["2"], ["1"], "fail"),
        (200, ["1"], ["1", "2"], "inconclusive"),
        (200, [""], [], "inconclusive"),
        (500, ["1"], [], "inconclusive"),
    ],
)
def test_what_a_list_shows_of_a_conversation(
    session: Session, contract: Contract, status: int, shown: list[str], left: list[str], verdict: str
) -> None:
    """That a message is not deleted is no matter of the list."""
    case = judging(session, contract.operation("deleteChatMessages"), NO_DELETED_MESSAGE)
    world = Showing(session, *shown)
    named = [Message("1", "peer", 0), Message("2", "owner", 1)]
    pulled = tuple(PulledMessage(one, "peer", "owner", "chat", 0, "") for one in left)
    view = HistoryView("owner", NAMED, pulled)
    check_no_deleted_message_shown(case, world, answered(status), named, view)
    assert verdicts(case) == {NO_DELETED_MESSAGE: verdict}
