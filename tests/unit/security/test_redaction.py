"""Nothing that the secret gate would reject is left of a secret, wherever it stands."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamspec.report.junit import junit_xml
from roamspec.security.redaction import redacted, redacted_header, redacted_tree
from roamspec.security.secret_scan import SecretScan

SECRET = "q7Zr0Tn4vKx2Lw9s"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
BODY = {"grant_type": "client_credentials", "client_id": SECRET, "client_secret": SECRET}
DEEP = {"a": [{"b": {"c": [1, {"client_secret": SECRET, "clientId": SECRET, "new_password": SECRET}]}}]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BODY),
        json.dumps(BODY, indent=2),
        json.dumps(BODY).replace('": "', '":"'),
        json.dumps(DEEP),
        json.dumps({"said": json.dumps(DEEP)}),
        json.dumps({"said": json.dumps({"said": json.dumps(DEEP)})}),
        json.dumps(BODY).replace("_", "\\u005f"),
        json.dumps({"password": [SECRET]}),
        json.dumps({"password": f'"{SECRET}, and more"'}),
        json.dumps(BODY)[:-4],
        urlencode(BODY),
        urlencode(BODY).replace("_", "%5F"),
        f"/o/a/token?{urlencode(BODY)}&x=1",
        f"q=access_token%3D{SECRET}",
        f"password={SECRET},{SECRET};{SECRET}",
        f"Authorization: Bearer {SECRET}\r\nHost: x",
        f"proxy said bearer {SECRET}",
        f"Authorization: Basic {SECRET}==",
        f"Cookie: session={SECRET}; Path=/",
        f"data: {json.dumps(BODY)}\n\n",
        f"http://user:{SECRET}@emulator.test/",
        f"X-Api-Key: {SECRET}, api_key={SECRET}",
        f"Bearer%20YWMt{SECRET}",
        f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----",
    ],
)
def test_no_letter_of_a_secret_is_left(text: str) -> None:
    assert SECRET in text
    shown = redacted(text)
    assert SECRET not in shown
    assert "<redacted:" in shown
    assert redacted(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"client_id":"a-b"}', '{"client_id":"<redacted:client-id>"}'),
        ('{"client_secret" : "a\\"b"}', '{"client_secret" : "<redacted:client-secret>"}'),
        ("client_id=abc&x=1", "client_id=<redacted:client-id>&x=1"),
        ("password: 1", "password: <redacted:password>"),
        ("http://a:b@host/", "http://<redacted:credentials>@host/"),
        (f"a {JWT}", "a <redacted:token>"),
    ],
)
def test_the_kind_says_what_stood_there(text: str, shown: str) -> None:
    assert redacted(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The word Bearer is missing.",
        "a bearer token is demanded; basic credentials are refused",
        '{"client_id":"<redacted:client-id-2>"}',
        '{"grant_type":"client_credentials","expires_in":60,"token":"short"}',
        '{"userId":"amper&sand=x","msgIdList":"1623645681115825266,1623645681115825267"}',
        "http://127.0.0.1:8080/acme/parlor/users/a@b?limit=5",
        "-H 'Authorization: Bearer $ROAMSPEC_TOKEN'",
        "the password:\n  see the manual",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", f"Bearer {SECRET}", "Bearer <redacted:token>"),
        ("proxy-authorization", f"Basic {SECRET}", "Basic <redacted:token>"),
        ("authorization", SECRET, "<redacted:token>"),
        ("authorization", f"Bearer  {SECRET}", "Bearer  <redacted:token>"),
        ("authorization", "Bearer ", "<redacted:token>"),
        ("Set-Cookie", f"a={SECRET}; Path=/", "<redacted:cookie>"),
        ("X-Api-Key", "abc", "<redacted:token>"),
        ("X-Auth-Token", "abc", "<redacted:token>"),
        ("Accept", "application/json", "application/json"),
        ("X-Forwarded", f"client_secret={SECRET}", "client_secret=<redacted:client-secret>"),
        ("Cookie", "", ""),
    ],
)
def test_headers(name: str, value: str, shown: str) -> None:
    assert redacted_header(name, value) == shown


def test_a_tree_is_redacted_to_its_leaves() -> None:
    tree = {"a": [{"password": 123456, "clientSecret": ["x", {"y": "z"}]}], "b": f"token={SECRET}", "n": None}
    assert redacted_tree(tree) == {
        "a": [{"password": "<redacted:password>", "clientSecret": ["<redacted:client-secret>", {"y": "z"}]}],
        "b": "token=<redacted:token>",
        "n": None,
    }


_PIECES = st.sampled_from(
    [
        "client_id", "clientSecret", "password", "token", "Bearer ", "basic ", "authorization", "Cookie", "=",
        ":", '"', "\\", "'", "&", " ", "\n", "\t", "%3D", "{", "}", "[", "]", ",", ";", "://", "@", "<", ">",
        "YWMt", "YXA6", "eyJ", ".", "-", SECRET, JWT, "YWMt" + SECRET, "a", "né", "<redacted:token>",
        "\x0b", "\x01", quote("ä€"), "x" * 20,
    ]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_the_gate_finds_nothing_in_what_is_redacted(text: str) -> None:
    """As it stands, in a report and in JUnit XML."""
    shown = redacted(text)
    report: Any = json.dumps({"x": [shown]}, ensure_ascii=False, indent=1)
    assert SecretScan().leaks(shown) == []
    assert SecretScan().leaks(report) == []
    assert redacted(shown) == shown


def test_the_gate_finds_nothing_in_junit_xml() -> None:
    texts = [redacted(f"the client sent Bearer {SECRET}"), redacted(json.dumps(BODY))]
    error = {"id": "check", "detail": " ".join(texts)}
    report = {
        "duration_s": 0.0, "requirements": [], "verdict": "incomplete", "because": texts,
        "started_at": "2026-01-01T00:00:00Z", "checks": {"errors": [error]},
    }  # fmt: skip
    xml = junit_xml(report).decode()
    assert "redacted:token" in xml
    assert SecretScan().leaks(xml) == []
