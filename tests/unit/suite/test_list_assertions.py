"""What stands in a conversation list after a call, and who is given as the cause of it."""

from collections.abc import Collection, Mapping

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.list_assertions import check_listed
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation
from roamspec.world.world import World

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


def test_a_refused_call_is_not_accused_of_what_stayed(case: CheckContext) -> None:
    assert judged(case, 400, NAMED, OTHER) == {"leaves": "fail", "stays": "pass"}


def test_a_refused_call_that_takes_the_other_along_is(case: CheckContext) -> None:
    assert judged(case, 400, NAMED) == {"leaves": "fail", "stays": "fail"}


def test_what_left_after_a_refusal_did_not_leave_by_a_success(case: CheckContext) -> None:
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
