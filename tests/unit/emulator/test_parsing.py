"""Percent escapes, queries and JSON from callers who may send anything."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.parsing import decoded, parse_json, parse_query


@pytest.mark.parametrize(
    ("raw", "parsed"),
    [
        (b"", {}),
        (b"&&a=1&&&b=2&", {"a": "1", "b": "2"}),
        (b"a=1&a=2", {"a": "1"}),
        (b"a", {"a": ""}),
        (b"a=b=c", {"a": "b=c"}),
        (b"a=1%2C2&b=1,2", {"a": "1,2", "b": "1,2"}),
        (b"a=x+y&b=%2B", {"a": "x y", "b": "+"}),
        (b"%61=%C3%A4", {"a": "ä"}),
        (b"a=%2525", {"a": "%25"}),
    ],
)
def test_queries(raw: bytes, parsed: dict[str, str]) -> None:
    assert parse_query(raw) == parsed


@pytest.mark.parametrize("raw", [b"a=%", b"a=%4", b"a=%gg", b"a=%ff", b"a=\xff", b"%=1", b"a=%ed%a0%80"])
def test_queries_that_are_no_text_are_rejected(raw: bytes) -> None:
    with pytest.raises(ApiError, match="bad-encoding"):
        parse_query(raw)


@given(st.binary(max_size=40))
def test_any_query_is_read_or_rejected(raw: bytes) -> None:
    parsed: dict[str, str] = {}
    with suppress(ApiError):
        parsed = parse_query(raw)
    assert all(isinstance(value, str) for value in parsed.values())


def test_segments_are_decoded_once() -> None:
    assert decoded("a%252Fb") == "a%2Fb"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b"[Infinity]", b"\xff", b"[" * 100_000, b"9" * 9999, b'"\\ud800"', b'{"\\udfff":1}'],
)
def test_json_that_cannot_be_kept_is_rejected(body: bytes) -> None:
    with pytest.raises(ApiError, match="bad-json"):
        parse_json(body)


def test_escaped_pairs_are_fine() -> None:
    assert parse_json(b'"\\ud83d\\ude00"') == "\U0001f600"
