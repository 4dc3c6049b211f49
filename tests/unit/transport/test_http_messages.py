"""Requests and responses as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Request, Response, segment


def answer(status: int | None = 200, body: bytes = b"{}", error: str | None = None) -> Response:
    exchange = Exchange("GET", "http://service.test/", status=status, response_body=body.decode("latin-1"))
    return Response(status, {}, body, 0.0, exchange, error)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1]}', {"a": [1]}),
        (b"[1]", [1]),
        (b"", None),
        (b"<html>", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b'{"n": NaN', None),
    ],
)
def test_a_body_is_json_or_none(body: bytes, value: object) -> None:
    assert answer(body=body).json == value
    assert answer(body=body).object == (value if isinstance(value, dict) else {})


@pytest.mark.parametrize(
    ("status", "ok", "refused", "broken"),
    [
        (200, True, False, False),
        (201, False, False, False),
        (302, False, False, False),
        (400, False, True, False),
        (499, False, True, False),
        (500, False, False, True),
        (None, False, False, True),
    ],
)
def test_what_a_status_means(status: int | None, ok: bool, refused: bool, broken: bool) -> None:
    of = answer(status)
    assert (of.ok, of.rejected, of.incomplete) == (ok, refused, broken)


def test_a_summary_is_one_short_line() -> None:
    assert answer(400, b'{\n  "error": "x"\n}').summary() == '400 { "error": "x" }'
    assert answer(200, b"").summary() == "200"
    assert answer(None, b"", "silence").summary() == "no complete response (silence)"
    assert answer(200, b"z" * 500).summary(10) == "200 zzzzzzzzzz…"


def test_a_body_is_sent_as_it_is_unless_json_is_given() -> None:
    assert Request("POST", "/", "users").content() is None
    assert Request("POST", "/", "users", body=b"\x00raw").content() == b"\x00raw"
    assert Request("POST", "/", "users", json=[]).content() == b"[]"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_segment_stays_one_segment(value: str) -> None:
    assert not set(segment(value)) & set("/?#&=+, ;%") - {"%"}
