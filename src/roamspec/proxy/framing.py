"""Reads the bytes that pass: where a request ends, and which answer belongs to it. It changes nothing."""

import re
from collections.abc import Iterator
from typing import Final

import h11

from roamspec.proxy.passed import PassedBody, PassedExchange

HEAD_MAX: Final = 64 << 10
_END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_HOST: Final = re.compile(rb"(?im)^(host[ \t]*:[ \t]*)[^\r\n]*")
_REQUEST_LINE: Final = re.compile(rb"^([^ \r\n]+ )(/[^ \r\n]*)")


class NotUnderstood(Exception):  # noqa: N818 - what happened
    """What passes is no HTTP, as far as we can tell; it is passed on all the same."""


def end_of_head(data: bytes) -> int | None:
    """How many bytes the head of a message takes; None while its end has not come."""
    found = _END_OF_HEAD.search(data)
    if found is None and len(data) > HEAD_MAX:
        raise NotUnderstood
    return None if found is None else found.end()


def addressed(head: bytes, host: bytes, prefix: bytes) -> bytes:
    """The head of a request as the service gets it: its own name, and its own path before the client's."""
    head = _HOST.sub(lambda match: match[1] + host, head, count=1)
    return _REQUEST_LINE.sub(lambda match: match[1] + prefix + match[2], head, count=1) if prefix else head


class RequestReader:
    """One request: fed with its head, then with what follows, until it says that the request is over."""

    def __init__(self, head: bytes, started_ns: int) -> None:
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_MAX)
        event = _first(self._parser, head)
        if not isinstance(event, h11.Request):
            raise NotUnderstood
        self.exchange = PassedExchange(event.method, event.target, tuple(event.headers), started_ns)

    def feed(self, data: bytes) -> int | None:
        """Takes the next bytes; how many of them belong to the request when it is over, None before."""
        return _read_body(self._parser, data, self.exchange.body)


class AnswerReader:
    """The answer to one request."""

    def __init__(self, exchange: PassedExchange) -> None:
        self._exchange = exchange
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_MAX)
        upgrade = [pair for pair in exchange.headers if pair[0] == b"upgrade"]
        # What the parser has to know: whether a body can follow, and whether a change was offered.
        request = h11.Request(method=exchange.method, target=b"/", headers=[(b"host", b"x"), *upgrade])
        self._parser.send(request)
        self._parser.send(h11.EndOfMessage())

    def feed(self, data: bytes) -> int | None:
        """Takes the next bytes, none for the end of the connection; how many belong to the answer when it is
        over, None before."""
        parser, exchange = self._parser, self._exchange
        parser.receive_data(data)
        for event in _events(parser):
            if isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                continue
            if isinstance(event, h11.InformationalResponse | h11.Response):
                exchange.status, exchange.reason = event.status_code, bytes(event.reason)
                exchange.answer_headers = tuple(event.headers)
                exchange.switched = event.status_code == 101
            elif isinstance(event, h11.Data):
                exchange.answer.add(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                return len(data) - len(parser.trailing_data[0])
            if exchange.switched:
                return len(data) - len(parser.trailing_data[0])
        return None


def _first(parser: h11.Connection, head: bytes) -> object:
    try:
        parser.receive_data(head)
        return parser.next_event()
    except h11.RemoteProtocolError as error:
        raise NotUnderstood from error


def _read_body(parser: h11.Connection, data: bytes, body: PassedBody) -> int | None:
    if data:
        parser.receive_data(data)
    for event in _events(parser):
        if isinstance(event, h11.Data):
            body.add(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            return len(data) - len(parser.trailing_data[0])
    return None


def _events(parser: h11.Connection) -> Iterator[object]:
    try:
        while (event := parser.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            yield event
            if isinstance(event, h11.ConnectionClosed):
                return
    except h11.RemoteProtocolError as error:
        raise NotUnderstood from error
