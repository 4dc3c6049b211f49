"""One exchange alone: which answers of the service the contract accepts, and which it does not."""

import json
import time
from typing import Any

import pytest

from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import service_catalogue
from roamspec.sdk.exchange_verdict import judge_entries
from roamspec.sdk.rules.answers import judge_answer

NOW = 1_710_309_184_114
CHAT = "/o/a/rest/message/roaming/chat/user/alice"
GOOD: dict[str, Any] = {
    "path": "/rest/message/roaming/chat/user/alice",
    "uri": f"https://example.com{CHAT}",
    "timestamp": NOW,
    "organization": "o",
    "application": "8be024f0",
    "action": "delete",
    "duration": 3,
    "applicationName": "a",
    "requestStatusCode": "ok",
}


def call(
    query: str = "?userId=bob&msgIdList=1", status: int = 200, body: Any = None, **more: Any
) -> ObservedCall:
    given: dict[str, Any] = {
        "operation": "deleteChatMessages",
        "method": "DELETE",
        "target": CHAT + query,
        "headers": (("authorization", "Bearer x"),),
        "answer_headers": (("content-type", "application/json"),),
    }
    answer = body if isinstance(body, str) else json.dumps(GOOD if body is None else body)
    return ObservedCall("o", "a", **(given | more), status=status, answer=answer)


def failing(of: ObservedCall) -> set[str]:
    found = list(judge_answer(of, (NOW,)))
    names = {f"delete-chat-messages.{each.name}" for each in found}
    assert names <= set(service_catalogue()), "every finding is about a requirement that there is"
    return {each.name for each in found if each.verdict == "fail"}


def refusal(kind: str, text: str) -> dict[str, str]:
    return {"error": kind, "error_description": text}


IDS_51 = "?userId=bob&msgIdList=" + ",".join(map(str, range(51)))
NOT_OPEN = refusal("service open exception", "this appKey not open message roaming")


@pytest.mark.parametrize(
    "accepted",
    [
        call(),
        call(status=400, body=NOT_OPEN),
        call(status=401, body=refusal("unauthorized", "x")),
        call(status=429, body=refusal("reach_limit", "x")),
        call(status=503, body="busy"),
        call(IDS_51, 400, refusal("param exception", "delete msg list limit can not greater than 50")),
        call(IDS_51, 400, NOT_OPEN),
        call(IDS_51, 429, refusal("reach_limit", "x")),
        call("?userId=bob", 400, {"error": "Bad Request"}),
        call("", 400, refusal("Bad Request", "Bad Request")),
        call(headers=(), status=401, body=refusal("unauthorized", "x")),
    ],
)
def test_what_the_contract_accepts(accepted: ObservedCall) -> None:
    assert failing(accepted) == set()


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        (call(body="[]"), {"success.json-body"}),
        (call(body="{"), {"success.json-body"}),
        (call(body=GOOD | {"requestStatusCode": "OK"}), {"success.request-status-code-ok"}),
        (call(body=GOOD | {"timestamp": "1"}), {"success.timestamp-is-a-number"}),
        (call(body=GOOD | {"timestamp": 1_710_309_184}), {"success.timestamp-in-milliseconds"}),
        (call(body=GOOD | {"organization": "p"}), {"success.organization-is-the-requests"}),
        (call(body=GOOD | {"action": "put"}), {"success.action-is-the-method"}),
        (call(body=GOOD | {"uri": "https://example.com/x"}), {"success.uri-is-the-url"}),
        (call(body=GOOD | {"duration": 1.5}), {"success.duration-is-an-integer"}),
        (call(answer_headers=(("content-type", "text/html"),)), {"success.json-media-type"}),
        (call(IDS_51), {"limit.fifty-one-refused"}),
        (call(IDS_51.replace("=0,", "=" + "9," * 60)), {"limit.far-more-refused"}),
        (call(IDS_51, 400, refusal("x", "y")), {"limit.fifty-one-error-type", "limit.fifty-one-error-text"}),
        (call("?userId=bob"), {"missing.msg-id-list-refused"}),
        (call("?msgIdList=1", 422, {}), {"missing.user-id-status"}),
        (call("?userId=bob", 400, refusal("x", "")), {"missing.msg-id-list-error-type"}),
        (call(""), {"missing.everything-refused"}),
        (call(status=400, body=refusal("service open exception", "no")), {"not-open.error-text"}),
        (call(status=400, body=refusal("no", NOT_OPEN["error_description"])), {"not-open.error-type"}),
        (call(headers=()), {"auth.no-token-refused"}),
    ],
)
def test_what_it_does_not_accept(wrong: ObservedCall, names: set[str]) -> None:
    assert failing(wrong) == names


@pytest.mark.parametrize(
    "unjudged",
    [
        call(operation="deleteChatMessagesAsClient", body="[]"),
        call(operation="pullMessages", body="[]"),
        call(nuisance="truncated", body="["),
        call(status=0, body=""),
        call(status=404, body=refusal("organization_application_not_found", "x")),
    ],
)
def test_what_the_documentation_does_not_describe(unjudged: ObservedCall) -> None:
    assert list(judge_answer(unjudged, (NOW,))) == []


def entry(target: str, body: str, operation: str = "deleteChatMessages", **more: Any) -> dict[str, Any]:
    headers = [["authorization", "Bearer x"], ["accept", "*/*"], ["content-type", "application/json"]]
    return {
        "org": "o", "app": "a", "operation": operation, "started_ms": 1.0, "duration_ms": 1.0,
        "timestamp": NOW, "nuisance": "", "problem": "",
        "request": {"method": "DELETE", "target": target, "headers": headers, "body": ""},
        "response": {"status": 200, "body": body},
    } | more  # fmt: skip


def test_an_entry_of_the_journal_has_one_verdict_for_both_sides() -> None:
    good = json.dumps(GOOD | {"timestamp": time.time_ns() // 1_000_000})
    target = f"{CHAT}?userId=bob&msgIdList=1"
    found = judge_entries(
        [
            entry(target, good),
            entry(target, json.dumps(GOOD | {"requestStatusCode": "no"})),
            entry(f"{target}&x=1", good),
            entry("/o/a/nowhere", "{}", operation=""),
        ]
    )
    assert [each["verdict"] for each in found] == ["pass", "fail", "minor", "none"]
    (finding,) = found[1]["findings"]
    assert (finding["side"], finding["actual"]) == ("answer", "\"requestStatusCode\": 'no'")
    assert found[2]["findings"][0]["side"] == "request"
