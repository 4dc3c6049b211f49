"""What passes is read beside it: where a request ends, which answer belongs to it, and nothing is changed."""

import gzip
import zlib

import pytest

from roamspec.proxy.framing import AnswerReader, NotUnderstood, RequestReader, addressed, end_of_head
from roamspec.proxy.passed import BODY_MAX, PassedBody, PassedExchange

HEAD = b"DELETE /o/a/x?y=1&&z HTTP/1.1\r\nhOST:  here:80\r\nX: Host: no\r\n\r\n"


def test_the_service_is_asked_under_its_own_name_and_all_else_stays() -> None:
    assert addressed(HEAD, b"there:443", b"") == HEAD.replace(b"here:80", b"there:443")
    assert addressed(HEAD, b"h", b"/base").startswith(b"DELETE /base/o/a/x?y=1&&z HTTP/1.1\r\nhOST:  h\r\n")
    absolute = b"GET http://x/y HTTP/1.0\r\n\r\n"
    assert addressed(absolute, b"h", b"/base") == absolute


@pytest.mark.parametrize(
    ("data", "length"),
    [(b"GET / HTTP/1.1\r\n", None), (b"a\r\n\r\nbody", 5), (b"a\n\nb", 3), (HEAD, len(HEAD))],
)
def test_the_end_of_a_head(data: bytes, length: int | None) -> None:
    assert end_of_head(data) == length


def test_a_head_without_end_is_not_waited_for() -> None:
    with pytest.raises(NotUnderstood):
        end_of_head(b"x" * 70_000)


@pytest.mark.parametrize(
    ("headers", "pieces", "body", "rest"),
    [
        (b"", [b""], b"", b""),
        (b"", [b"GET /next"], b"", b"GET /next"),
        (b"Content-Length: 5\r\n", [b"he", b"lloGET"], b"hello", b"GET"),
        (b"Transfer-Encoding: chunked\r\n", [b"3\r\nabc\r", b"\n0\r\n\r\nGET"], b"abc", b"GET"),
    ],
)
def test_where_a_request_ends(headers: bytes, pieces: list[bytes], body: bytes, rest: bytes) -> None:
    reader = RequestReader(b"POST /p HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n", 1)
    *first, last = pieces
    assert [reader.feed(piece) for piece in first] == [None] * len(first)
    taken = reader.feed(last)
    assert taken is not None
    assert (bytes(reader.exchange.body.data), last[taken:]) == (body, rest)
    assert (reader.exchange.method, reader.exchange.target) == (b"POST", b"/p")


@pytest.mark.parametrize("head", [b"hello\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_no_request(head: bytes) -> None:
    with pytest.raises(NotUnderstood):
        RequestReader(head, 1)


def exchange(method: bytes = b"GET", **headers: bytes) -> PassedExchange:
    return PassedExchange(method, b"/", tuple((n.encode(), v) for n, v in headers.items()), 1)


@pytest.mark.parametrize(
    ("of", "pieces", "status", "body", "rest"),
    [
        (exchange(), [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"okHTTP"], 200, b"ok", b"HTTP"),
        (exchange(b"HEAD"), [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP"], 200, b"", b"HTTP"),
        (exchange(), [b"HTTP/1.1 204 No\r\n\r\nrest"], 204, b"", b"rest"),
        (exchange(), [b"HTTP/1.0 200 OK\r\n\r\nto the", b" end", b""], 200, b"to the end", b""),
        (exchange(), [b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 400 B\r\nContent-Length: 1\r\n\r\nx"], 400, b"x", b""),
        (
            exchange(upgrade=b"websocket"),
            [b"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x82\x00"],
            101,
            b"",
            b"\x82\x00",
        ),
    ],
)
def test_which_bytes_are_the_answer(
    of: PassedExchange, pieces: list[bytes], status: int, body: bytes, rest: bytes
) -> None:
    reader = AnswerReader(of)
    *first, last = pieces
    assert [reader.feed(piece) for piece in first] == [None] * len(first)
    taken = reader.feed(last)
    assert taken is not None
    assert (of.status, bytes(of.answer.data), last[taken:]) == (status, body, rest)
    assert of.switched is (status == 101)


@pytest.mark.parametrize(
    "pieces", [[b"hello there\r\n\r\n"], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", b""]]
)
def test_what_is_no_answer_or_no_whole_one(pieces: list[bytes]) -> None:
    reader = AnswerReader(exchange())
    *first, last = pieces
    assert [reader.feed(piece) for piece in first] == [None] * len(first)
    with pytest.raises(NotUnderstood):
        reader.feed(last)


def test_bodies_are_decoded_where_that_is_known_here_and_bounded() -> None:
    data = b'{"a": 1}'
    assert PassedBody(bytearray(data)).decoded(b"") == data
    assert PassedBody(bytearray(gzip.compress(data))).decoded(b"gzip") == data
    assert PassedBody(bytearray(zlib.compress(data))).decoded(b"deflate") == data
    assert PassedBody(bytearray(b"no gzip")).decoded(b"gzip") is None
    assert PassedBody(bytearray(gzip.compress(bytes(BODY_MAX * 2)))).decoded(b"gzip") is None
    assert PassedBody(bytearray(data)).decoded(b"br") is None
    body = PassedBody()
    body.add(bytes(BODY_MAX))
    assert not body.cut
    body.add(b"x")
    assert (body.cut, len(body.data), body.decoded(b"")) == (True, BODY_MAX, None)
