"""Coverage: what counts, and the floors."""

import pytest

from roamspec.contract.load import load_contract
from roamspec.errors import UsageError
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.coverage import below_floor, coverage, percentages
from roamspec.sdk.session import read_floors

CLEAR = "/o/a/rest/message/roaming/user/alice/delete/all"
TIME = "/o/a/rest/message/roaming/chat/user/alice/time?userId=bob&delTime=1710309184114"


def covered(*calls: ObservedCall) -> set[str]:
    items = coverage(calls, load_contract().operations)
    return {f"{item.operation} {item.name}" for item in items if item.covered}


def test_an_accepted_call_covers_what_it_sent() -> None:
    assert covered(ObservedCall("o", "a", "clearUser", "POST", CLEAR)) == {
        "clearUser clearUser",
        "clearUser userId in path",
    }
    assert covered(ObservedCall("o", "a", "clearChatBefore", "DELETE", TIME)) == {
        "clearChatBefore clearChatBefore",
        "clearChatBefore userId in path",
        "clearChatBefore userId in query",
        "clearChatBefore delTime in query",
        "clearChatBefore no isNotify",
    }


def test_a_rejected_call_covers_its_row_alone() -> None:
    closed = '{"error":"service open exception","error_description":"this appKey not open message roaming"}'
    call = ObservedCall("o", "a", "clearUser", "POST", CLEAR, status=400, answer=closed)
    assert covered(call) == {"clearUser not-open"}


def test_a_violation_covers_its_row_only_when_it_was_meant() -> None:
    text = '{"error":"Bad Request","error_description":"Bad Request"}'
    target = "/o/a/rest/message/roaming/chat/user/alice"
    call = ObservedCall("o", "a", "deleteChatMessages", "DELETE", target, status=400, answer=text)
    assert covered(call) == set()
    meant = ObservedCall(
        "o", "a", "deleteChatMessages", "DELETE", target, status=400, answer=text, announced=True
    )
    assert covered(meant) == {"deleteChatMessages missing-parameter"}


def test_a_call_whose_answer_was_lost_covers_nothing() -> None:
    assert covered(ObservedCall("o", "a", "clearUser", "POST", CLEAR, nuisance="lost-answer")) == set()


def test_floors() -> None:
    items = coverage([ObservedCall("o", "a", "clearUser", "POST", CLEAR)], ["clearUser"])
    assert percentages(items) == pytest.approx(
        {"operations": 100, "parameters": 100, "defaults": 100, "error-rows": 0, "all": 200 / 3}
    )
    assert below_floor(items, {"all": 66, "operations": 100}) == []
    assert below_floor(items, {"all": 67}) == [
        "Coverage of everything is 66.7%, below the 67% of --min-coverage."
    ]


def test_floors_are_read() -> None:
    assert read_floors(["80", "error-rows=50%", "all=70"]) == {"all": 70.0, "error-rows": 50.0}
    for bad in ("", "101", "-1", "x=5", "nan"):
        with pytest.raises(UsageError, match="not a percentage"):
            read_floors([bad])
