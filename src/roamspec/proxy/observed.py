"""What passed, as calls that can be judged: named by the contracts' operations, and without secrets."""

import json
import re
from functools import cache
from typing import Final

from starlette.routing import compile_path

from roamspec.emulator.http.routes import TABLE
from roamspec.proxy.passed import Headers, PassedExchange
from roamspec.sdk.calls import ObservedCall
from roamspec.security.redactor import Redactor

_BEARER: Final = re.compile(r"(?i)bearer +(\S+)")
_GRANT: Final = "createToken"
_PROBLEMS: Final = {"not-http": "not-http", "left-early": "left-early"}
"""What the client is to blame for, in the words of the emulator's journal."""


def observed(exchange: PassedExchange, redactor: Redactor) -> ObservedCall:
    """`redactor` learns the secrets of the exchange first, so that none of them is kept anywhere."""
    raw_path = exchange.target.partition(b"?")[0].decode("latin-1")
    org, app, operation = named(exchange.method.decode("latin-1"), raw_path)
    body = (exchange.body.decoded(b"") or b"").decode("utf-8", "replace")
    answer = _answer(exchange)
    _learn(exchange, operation, body, answer, redactor)
    return ObservedCall(
        org=org,
        app=app,
        operation=operation,
        method=exchange.method.decode("latin-1"),
        target=redactor.text(exchange.target.decode("utf-8", "replace")),
        headers=redactor.headers(_texts(exchange.headers)),
        body=redactor.text(body),
        status=exchange.status,
        answer=redactor.text(answer),
        answer_headers=redactor.headers(_texts(exchange.answer_headers)),
        started_ms=exchange.started_ns / 1e6,
        duration_ms=(exchange.ended_ns - exchange.started_ns) / 1e6,
        problem=_PROBLEMS.get(exchange.problem, ""),
    )


def named(method: str, raw_path: str) -> tuple[str, str, str]:
    """Org and app as they stand in the path, and the operation; empty where nothing fits."""
    for each, path, operation in _routes():
        if each == method and (match := path.fullmatch(raw_path)):
            return match["org"], match["app"], operation
    org, app = [*raw_path.split("/")[1:3], "", ""][:2]
    return org, app, ""


@cache
def _routes() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (method, compile_path("/{org}/{app}" + path)[0], operation) for method, path, operation, _ in TABLE
    )


def _texts(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1").lower(), value.decode("utf-8", "replace")) for name, value in headers]


def _answer(exchange: PassedExchange) -> str:
    decoded = exchange.answer.decoded(exchange.answer_header(b"content-encoding"))
    return "" if decoded is None else decoded.decode("utf-8", "replace")


def _learn(exchange: PassedExchange, operation: str, body: str, answer: str, redactor: Redactor) -> None:
    for name, value in _texts(exchange.headers):
        if name == "authorization" and (found := _BEARER.fullmatch(value.strip())):
            redactor.learn(found[1], "token")
    if operation == _GRANT:
        for text in (body, answer):
            try:
                redactor.learn_from(json.loads(text))
            except ValueError:
                continue
