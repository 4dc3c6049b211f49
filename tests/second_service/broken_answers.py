"""Faults in the response to a call that succeeded."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.second_service.fault import ALL, CONVERSATIONAL, USER, Fault, fault
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.web import Answer

Change = Callable[[Call, Answer], Answer]

FIELDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "status-code-upper-case": (r"success\.request-status-code-ok", {"requestStatusCode": "OK"}),
    "status-code-success": (r"success\.request-status-code-ok", {"requestStatusCode": "success"}),
    "status-code-number": (r"success\.request-status-code-ok", {"requestStatusCode": 200}),
    "status-code-true": (r"success\.request-status-code-ok", {"requestStatusCode": True}),
    "status-code-absent": (r"success\.request-status-code-ok", {"requestStatusCode": None}),
    "status-code-padded": (r"success\.request-status-code-ok", {"requestStatusCode": "ok "}),
    "timestamp-absent": (r"success\.timestamp-is-a-number", {"timestamp": None}),
    "timestamp-true": (r"success\.timestamp-is-a-number", {"timestamp": True}),
    "timestamp-zero": (r"success\.timestamp-in-milliseconds", {"timestamp": 0}),
    "timestamp-of-the-example": (
        r"success\.timestamp-(?:moves|in-milliseconds)",
        {"timestamp": 1710309184114},
    ),
    "timestamp-date": (r"success\.timestamp-is-a-number", {"timestamp": "2024-03-13T05:53:04.114Z"}),
    "organization-other": (r"success\.organization-is-the-requests", {"organization": "easemob-demo"}),
    "organization-number": (r"success\.organization-is-the-requests", {"organization": 17}),
    "organization-empty": (r"success\.organization-is-the-requests", {"organization": ""}),
    "application-name-other": (r"success\.application-name-is-the-requests", {"applicationName": "chatdemo"}),
    "application-name-list": (r"success\.application-name-is-the-requests", {"applicationName": []}),
    "action-number": (r"success\.action-is-a-string", {"action": 3}),
    "action-object": (r"success\.action-is-a-string", {"action": {"method": "delete"}}),
    "application-number": (r"success\.application-is-a-string", {"application": 8}),
    "uri-list": (r"success\.uri-is-a-string", {"uri": ["http://localhost"]}),
    "path-false": (r"success\.path-is-a-string", {"path": False}),
    "duration-string": (r"success\.duration-is-an-integer", {"duration": "3ms"}),
    "duration-digits": (r"success\.duration-is-an-integer", {"duration": "3"}),
    "duration-fraction": (r"success\.duration-is-an-integer", {"duration": 0.25}),
}


def _with(fields: Mapping[str, Any]) -> Change:
    return lambda _, answer: answer.having(**fields)


def _stamp(make: Callable[[int], Any]) -> Change:
    return lambda _, answer: answer.having(timestamp=make(int(answer.body["timestamp"])))


def _status(status: int, **fields: Any) -> Change:
    return lambda _, answer: replace(answer.having(**fields) if fields else answer, status=status)


def _raw(make: Callable[[str], str], media_type: str | None = None) -> Change:
    return lambda _, answer: replace(
        answer, body=make(json.dumps(answer.body)).encode(), media_type=media_type
    )


JSON_BODY = r"success\.json-body|success\.json-media-type"
OTHERS: Mapping[str, tuple[str, Change]] = {
    "timestamp-in-seconds": (r"success\.timestamp-in-milliseconds", _stamp(lambda t: t // 1000)),
    "timestamp-in-seconds-fraction": (r"success\.timestamp-in-milliseconds", _stamp(lambda t: t / 1000)),
    "timestamp-in-microseconds": (r"success\.timestamp-in-milliseconds", _stamp(lambda t: t * 1000)),
    "timestamp-string": (r"success\.timestamp-is-a-number", _stamp(str)),
    "timestamp-list": (r"success\.timestamp-is-a-number", _stamp(lambda t: [t])),
    "timestamp-eight-hours-off": (
        r"success\.timestamp-in-milliseconds",
        _stamp(lambda t: t + 8 * 3_600_000),
    ),
    "timestamp-of-the-day": (r"success\.timestamp-.*", _stamp(lambda t: t // 86_400_000 * 86_400_000)),
    "status-201": (r"success\.status-200", _status(201)),
    "status-202": (r"success\.status-200", _status(202)),
    "status-204": (r"success\.status-200", lambda _, a: replace(a, status=204, body=b"")),
    "done-but-500": (r"success\.status-200", _status(500, requestStatusCode="error")),
    "done-but-400": (r"success\.status-200", _status(400, requestStatusCode="error")),
    "done-but-404": (r"success\.status-200", _status(404, requestStatusCode=None)),
    "media-type-text": (r"success\.json-media-type", lambda _, a: replace(a, media_type="text/plain")),
    "media-type-html": (r"success\.json-media-type", lambda _, a: replace(a, media_type="text/html")),
    "media-type-octets": (
        r"success\.json-media-type",
        lambda _, a: replace(a, media_type="application/octet-stream"),
    ),
    "body-empty": (JSON_BODY, _raw(lambda _: "")),
    "body-words": (JSON_BODY, _raw(lambda _: "ok")),
    "body-cut": (JSON_BODY, _raw(lambda text: text[:-1])),
    "body-array": (JSON_BODY, _raw(lambda text: f"[{text}]")),
    "body-string": (JSON_BODY, _raw(json.dumps)),
    "body-html": (JSON_BODY, _raw(lambda _: "<html><body>ok</body></html>", "text/html")),
    "body-null": (JSON_BODY, _raw(lambda _: "null")),
    "body-single-quotes": (JSON_BODY, _raw(lambda text: text.replace('"', "'"))),
    "body-in-data": (r"success\..*", lambda _, a: replace(a, body={"data": a.body})),
}


def faults() -> Iterator[Fault]:
    for op in ALL:
        for name, (expect, fields) in FIELDS.items():
            yield fault(op, name, expect, answer=_with(fields))
        for name, (expect, change) in OTHERS.items():
            yield fault(op, name, expect, answer=change)
        yield from _query_order(op)
        yield fault(
            op,
            "resource-crashes",
            r"request\.resource-parameter-tolerated",
            decisive=False,
            refusal=lambda c, r: r or _crashed_for(c, "resource"),
        )
    for op in CONVERSATIONAL:
        yield fault(
            op,
            "resource-not-understood",
            r"request\.resource-parameter-tolerated",
            decisive=False,
            pairs=lambda c, due: [] if c.given("resource") else due,
        )
    yield fault(
        USER,
        "is-notify-crashes",
        r"request\.is-notify-tolerated",
        decisive=False,
        refusal=lambda c, r: r or _crashed_for(c, "isNotify"),
    )


def _crashed_for(call: Call, name: str) -> Answer | None:
    return None if call.given(name) is None else Answer(500, {"error": "Internal Server Error"})


def _query_order(op: Operation) -> Iterator[Fault]:
    if not op.required:
        return

    def refusal(call: Call, found: Answer | None) -> Answer | None:
        names = [name for name, _ in call.request.query if name in (*op.required, "isNotify")]
        sorted_names = [name for name in (*op.required, "isNotify") if name in names]
        if found is None and names != sorted_names:
            return Answer(400, {"error": "illegal_argument", "error_description": "unexpected order"})
        return found

    yield fault(op, "order-matters", r"request\.parameters-in-any-order", refusal=refusal)
