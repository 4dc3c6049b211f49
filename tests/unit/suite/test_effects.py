"""Gone, kept, unchanged: as a report can show them."""

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.client.exchange import Exchange
from roamspec.client.messages import Answer
from roamspec.contract.operations import Contract
from roamspec.suite import Case
from roamspec.suite.effects import judge_gone, judge_kept, judge_unchanged
from roamspec.target.session import Session
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, Message, View

GROUP = Conversation("group", ("owner", "peer"), "77")
MESSAGES = [Message(str(n), "peer", n) for n in range(1, 6)]


@pytest.fixture
def case(session: Session, contract: Contract) -> Case:
    return judging(session, contract.operation("deleteGroupMessages"), "x")


def answer(status: int = 200) -> Answer:
    exchange = Exchange("DELETE", "http://h/", status=status, response_body="{}")
    return Answer(status, {}, b"{}", 0.0, exchange)


def view(*numbers: int, user: str = "owner", says: str = "hello") -> View:
    messages = (PulledMessage(str(n), "peer", "77", "group", n, says, "txt") for n in numbers)
    return View(user, GROUP, tuple(messages), Exchange("POST", "http://h/pull", status=200))


def shown(case: Case) -> tuple[str, str]:
    [judgement] = case.judge.judgements()
    assert judgement.failure is not None
    return judgement.failure.expected, judgement.failure.actual


def test_gone(case: Case) -> None:
    assert judge_gone(case, "x", answer(), view(3, 4, 5), MESSAGES[:2])
    assert verdicts(case) == {"x": "pass"}


def test_some_are_left(case: Case) -> None:
    assert not judge_gone(case, "x", answer(), view(2, 3, 4, 5), MESSAGES[:2])
    assert shown(case) == (
        "2 messages gone from what owner pulls",
        "answered 200 {}; 1 message still pulled: 2",
    )


def test_gone_after_a_refusal_is_no_success(case: Case) -> None:
    assert not judge_gone(case, "x", answer(500), view(), MESSAGES[:1])


def test_kept(case: Case) -> None:
    assert judge_kept(case, "x", answer(), view(1, 2, 3), MESSAGES[:3])
    assert judge_kept(case, "x", None, view(1, 2, 3), MESSAGES[:3])
    assert judge_kept(case, "x", answer(404), view(1), MESSAGES[:1]), "a refusal keeps as well"


def test_lost(case: Case) -> None:
    assert not judge_kept(case, "x", answer(), view(5), MESSAGES)
    assert shown(case) == (
        "5 messages of the group 77 still pulled by owner",
        "answered 200 {}; 4 messages gone: 1, 2, 3, 4",
    )


def test_unchanged_allows_what_came_since(case: Case) -> None:
    assert judge_unchanged(case, "x", answer(), view(1, 2, user="peer"), view(1, 2, 3, user="peer"))


def test_changed(case: Case) -> None:
    assert not judge_unchanged(case, "x", answer(), view(1, 2, user="peer"), view(2, 3, user="peer"))
    assert shown(case)[0] == "the group 77 as peer pulled it before (2 messages)"


def test_evidence_is_the_call_and_the_pull(case: Case) -> None:
    judge_kept(case, "x", answer(), view(), MESSAGES[:1])
    [judgement] = case.judge.judgements()
    assert judgement.failure is not None
    assert [e["url"] for e in judgement.failure.exchanges] == ["http://h/", "http://h/pull"]


@pytest.mark.parametrize("says", ["", "peer recalled a message"])
def test_there_with_another_text_is_not_kept(case: Case, says: str) -> None:
    before, now = view(1, 2), view(1, 2, says=says)
    assert judge_kept(case, "x", answer(), now, MESSAGES[:2]), "what nobody saw before says what it says"
    assert judge_kept(case, "x", answer(), now, MESSAGES[4:5], before=before) is False, "it is gone"
    assert not judge_unchanged(case, "x", answer(), before, now)
    assert not judge_kept(case, "x", answer(), now, MESSAGES[:1], before=before)


def test_another_text_is_told(case: Case) -> None:
    assert not judge_kept(case, "x", answer(), view(1, 2, says=""), MESSAGES[:1], before=view(1, 2))
    assert shown(case)[1] == "answered 200 {}; 1 message there with another text: 1"


def test_what_came_later_has_no_former_text(case: Case) -> None:
    assert judge_unchanged(case, "x", answer(), view(1), view(1, 2))
