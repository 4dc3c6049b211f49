"""Gone, kept, unchanged: as a report can show them."""

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.view_assertions import check_deleted, check_retained, check_unchanged
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message

GROUP = Conversation("group", ("owner", "peer"), "77")
MESSAGES = [Message(str(n), "peer", n) for n in range(1, 6)]


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    return judging(session, contract.operation("deleteGroupMessages"), "x")


def answer(status: int = 200) -> Response:
    exchange = Exchange("DELETE", "http://h/", status=status, response_body="{}")
    return Response(status, {}, b"{}", 0.0, exchange)


def view(*numbers: int, user: str = "owner", says: str = "hello") -> HistoryView:
    messages = (PulledMessage(str(n), "peer", "77", "group", n, says, "txt") for n in numbers)
    return HistoryView(user, GROUP, tuple(messages), Exchange("POST", "http://h/pull", status=200))


def shown(case: CheckContext) -> tuple[str, str]:
    [judgement] = case.verdicts.judgements()
    assert judgement.failure is not None
    return judgement.failure.expected, judgement.failure.actual


def test_deleted(case: CheckContext) -> None:
    assert check_deleted(case, "x", answer(), view(3, 4, 5), MESSAGES[:2])
    assert verdicts(case) == {"x": "pass"}


def test_some_are_left(case: CheckContext) -> None:
    assert not check_deleted(case, "x", answer(), view(2, 3, 4, 5), MESSAGES[:2])
    assert shown(case) == (
        "2 messages deleted from the history of owner",
        "answered 200 {}; 1 message still in the history: 2",
    )


def test_deleted_after_a_rejection_is_no_success(case: CheckContext) -> None:
    assert not check_deleted(case, "x", answer(500), view(), MESSAGES[:1])


def test_kept(case: CheckContext) -> None:
    assert check_retained(case, "x", answer(), view(1, 2, 3), MESSAGES[:3])
    assert check_retained(case, "x", None, view(1, 2, 3), MESSAGES[:3])
    assert check_retained(case, "x", answer(404), view(1), MESSAGES[:1]), "a refusal keeps as well"


def test_lost(case: CheckContext) -> None:
    assert not check_retained(case, "x", answer(), view(5), MESSAGES)
    assert shown(case) == (
        "5 messages of the group 77 still in the history of owner",
        "answered 200 {}; 4 messages deleted: 1, 2, 3, 4",
    )


def test_unchanged_allows_what_came_since(case: CheckContext) -> None:
    assert check_unchanged(case, "x", answer(), view(1, 2, user="peer"), view(1, 2, 3, user="peer"))


def test_changed(case: CheckContext) -> None:
    assert not check_unchanged(case, "x", answer(), view(1, 2, user="peer"), view(2, 3, user="peer"))
    assert shown(case)[0] == "the group 77 as in the earlier history query of peer (2 messages)"


def test_evidence_is_the_call_and_the_pull(case: CheckContext) -> None:
    check_retained(case, "x", answer(), view(), MESSAGES[:1])
    [judgement] = case.verdicts.judgements()
    assert judgement.failure is not None
    assert [e["url"] for e in judgement.failure.exchanges] == ["http://h/", "http://h/pull"]


@pytest.mark.parametrize("says", ["", "peer recalled a message"])
def test_there_with_another_text_is_not_kept(case: CheckContext, says: str) -> None:
    before, now = view(1, 2), view(1, 2, says=says)
    assert check_retained(case, "x", answer(), now, MESSAGES[:2]), "what nobody saw before says what it says"
    assert check_retained(case, "x", answer(), now, MESSAGES[4:5], before=before) is False, "it is gone"
    assert not check_unchanged(case, "x", answer(), before, now)
    assert not check_retained(case, "x", answer(), now, MESSAGES[:1], before=before)


def test_another_text_is_reported(case: CheckContext) -> None:
    assert not check_retained(case, "x", answer(), view(1, 2, says=""), MESSAGES[:1], before=view(1, 2))
    assert shown(case)[1] == "answered 200 {}; 1 message retained with another text: 1"


def test_what_came_later_has_no_former_text(case: CheckContext) -> None:
    assert check_unchanged(case, "x", answer(), view(1), view(1, 2))
