"""The success response: what the documentation requirements of it, and what it leaves open."""

import json
import time
from typing import Any

import pytest
from tests.unit.suite.conftest import judging, verdicts

from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite.success_assertions import SUCCESS, check_success
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response

JSON = "application/json"
STATUS = "success.status-200"


def body(session: Session, **changes: Any) -> bytes:
    fields = {"requestStatusCode": "ok", "timestamp": session.service_now_ms()}
    return json.dumps({**fields, **changes}).encode()


def judged(
    session: Session,
    contract: Contract,
    content: bytes,
    status: int | None = 200,
    media_type: str = JSON,
    *,
    of: str = "clearUser",
    query: str = "x=1",
) -> dict[str, str]:
    case = judging(session, contract.operation(of), *SUCCESS)
    headers = {"content-type": media_type} if media_type else {}
    exchange = Exchange(
        "POST", f"http://service.test/a/b/c?{query}", status=status, response_body=content.decode()
    )
    holds = check_success(case, Response(status, headers, content, 0.01, exchange))
    assert holds == (status == 200)
    return verdicts(case)


def failed(of: dict[str, str]) -> list[str]:
    return [name for name, verdict in of.items() if verdict == "fail"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"action": "post", "application": "a1", "uri": "http://h/a/b/c", "path": "/c", "duration": 3},
        {"action": "POST", "uri": "https://elsewhere/a/b", "path": "/b/c"},
        {"uri": "http://inner:8080/a/c", "path": "/a/c", "duration": 3.0},
        {"organization": "acme", "applicationName": "parlor"},
        {"entities": [], "data": None, "anything": {"else": 1}},
    ],
)
def test_what_the_document_allows(session: Session, contract: Contract, changes: dict[str, Any]) -> None:
    assert set(judged(session, contract, body(session, **changes)).values()) == {"pass"}


def test_a_service_whose_clock_differs(session: Session, contract: Contract) -> None:
    session.capabilities = type(session.capabilities)(clock_offset_ms=-40 * 86_400_000)
    assert not failed(judged(session, contract, body(session)))


@pytest.mark.parametrize(
    "media_type",
    [JSON, "application/json;charset=UTF-8", "Application/JSON ; charset=utf-8", "application/hal+json"],
)
def test_media_types_of_json(session: Session, contract: Contract, media_type: str) -> None:
    assert not failed(judged(session, contract, body(session), media_type=media_type))


@pytest.mark.parametrize("media_type", ["", "text/html", "text/plain; charset=application/json"])
def test_other_media_types(session: Session, contract: Contract, media_type: str) -> None:
    of = judged(session, contract, body(session), media_type=media_type)
    assert failed(of) == ["success.json-media-type"]


@pytest.mark.parametrize(
    ("changes", "refuted"),
    [
        ({"requestStatusCode": "OK"}, ["success.request-status-code-ok"]),
        ({"requestStatusCode": None}, ["success.request-status-code-ok"]),
        ({"timestamp": "1710309184114"}, ["success.timestamp-is-a-number"]),
        ({"timestamp": True}, ["success.timestamp-is-a-number"]),
        ({"timestamp": None}, ["success.timestamp-is-a-number"]),
        ({"timestamp": 1_710_309_184}, ["success.timestamp-in-milliseconds"]),
        ({"timestamp": int(time.time() * 1000) - 3_600_000}, ["success.timestamp-in-milliseconds"]),
        ({"timestamp": 1_710_309_184_114_000}, ["success.timestamp-in-milliseconds"]),
        ({"organization": "other"}, ["success.organization-is-the-requests"]),
        ({"organization": None}, ["success.organization-is-the-requests"]),
        ({"applicationName": "acme#parlor"}, ["success.application-name-is-the-requests"]),
        ({"action": 5}, ["success.action-is-a-string"]),
        ({"application": {}}, ["success.application-is-a-string"]),
        ({"uri": []}, ["success.uri-is-a-string"]),
        ({"path": False}, ["success.path-is-a-string"]),
        ({"uri": "http://h/a/c/b"}, ["success.uri-is-the-url"]),
        ({"uri": "http://h/"}, ["success.uri-is-the-url"]),
        ({"path": "/a/b/c/d"}, ["success.path-is-part-of-the-url"]),
        ({"path": "/b2"}, ["success.path-is-part-of-the-url"]),
        ({"duration": "3"}, ["success.duration-is-an-integer"]),
        ({"duration": 1.5}, ["success.duration-is-an-integer"]),
        ({"duration": True}, ["success.duration-is-an-integer"]),
        ({"duration": -1}, ["success.duration-is-an-integer"]),
    ],
)
def test_one_wrong_field_refutes_one_promise(
    session: Session, contract: Contract, changes: dict[str, Any], refuted: list[str]
) -> None:
    assert failed(judged(session, contract, body(session, **changes))) == refuted


def test_a_fraction_of_a_millisecond_where_the_document_says_long(
    session: Session, contract: Contract
) -> None:
    now = session.service_now_ms()
    name = "success.timestamp-is-a-number"
    assert failed(judged(session, contract, body(session, timestamp=now + 0.5))) == [name]
    assert failed(judged(session, contract, body(session, timestamp=float(now)))) == []
    assert failed(judged(session, contract, body(session, timestamp=now + 0.5), of="clearChatBefore")) == []


@pytest.mark.parametrize("name", ["requestStatusCode", "timestamp"])
def test_a_field_that_must_be_there(session: Session, contract: Contract, name: str) -> None:
    content = json.loads(body(session))
    del content[name]
    assert len(failed(judged(session, contract, json.dumps(content).encode()))) == 1


@pytest.mark.parametrize("content", [b"", b"ok", b"[]", b"null", b'"ok"'])
def test_a_body_that_is_no_object(session: Session, contract: Contract, content: bytes) -> None:
    of = judged(session, contract, content)
    assert failed(of) == ["success.json-body"]
    assert of["success.timestamp-is-a-number"] == "inconclusive", "nothing is said of fields that nobody saw"


@pytest.mark.parametrize("status", [201, 204, 302, 400, 401, 500, None])
def test_another_status_says_nothing_of_the_body(
    session: Session, contract: Contract, status: int | None
) -> None:
    of = judged(session, contract, b"{}", status=status)
    assert failed(of) == [STATUS]
    assert {verdict for name, verdict in of.items() if name != STATUS} == {"inconclusive"}


@pytest.mark.parametrize(("age_ms", "failing"), [(60_000, ["success.timestamp-in-milliseconds"]), (0, [])])
def test_a_timestamp_that_repeats_the_time_of_the_request(
    session: Session, contract: Contract, age_ms: int, failing: list[str]
) -> None:
    time_ms = session.service_now_ms() - age_ms
    content = body(session, timestamp=time_ms)

    found = judged(session, contract, content, of="clearChatBefore", query=f"delTime={time_ms}")

    assert failed(found) == failing
