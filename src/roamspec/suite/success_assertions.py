"""What the document says of every successful answer, judged wherever one comes."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from roamspec.suite.context import CheckContext
from roamspec.suite.recorder import VerdictRecorder
from roamspec.suite.scripted_comparison import answers, answers_field, answers_status
from roamspec.transport.http_messages import Response

SUCCESS = (
    "success.status-200",
    "success.json-body",
    "success.json-media-type",
    "success.request-status-code-ok",
    "success.timestamp-is-a-number",
    "success.timestamp-in-milliseconds",
    "success.organization-is-the-requests",
    "success.application-name-is-the-requests",
    "success.action-is-a-string",
    "success.application-is-a-string",
    "success.uri-is-a-string",
    "success.path-is-a-string",
    "success.action-is-the-method",
    "success.uri-is-the-url",
    "success.path-is-part-of-the-url",
    "success.duration-is-an-integer",
)

_STRINGS = ("action", "application", "uri", "path")
# The clock of the answers may differ a little from that of the messages, but not by an hour of some zone.
_CLOCK_TOLERANCE_MS = 600_000
_A_MOMENT_MS = 10_000
"""Longer than a request takes."""

# The same comparisons as filters for jq.
_JSON_LABEL = (
    '.headers["content-type"] // "" | split(";")[0] | ascii_downcase | gsub("\\s"; "")'
    ' | . == "application/json" or endswith("+json")'
)
_NUMBER = '.body.timestamp | type == "number"'
_WHOLE_NUMBER = f"({_NUMBER}) and (.body.timestamp | floor == .)"
_NEAR_NOW = f"(.body.timestamp - now * 1000) | . < {_CLOCK_TOLERANCE_MS} and . > -{_CLOCK_TOLERANCE_MS}"
_DURATION = '(.body | has("duration") | not) or (.body.duration | type == "number" and floor == . and . >= 0)'


def check_success(case: CheckContext, answer: Response) -> bool:
    """Judge status and body of an answer that should be a success; returns whether it is one."""
    judge = case.verdicts
    succeeded = judge.check(
        "success.status-200",
        answer.ok,
        answer,
        expected="status 200",
        actual=answer.summary(),
        compares=answers_status(200),
    )
    if not succeeded:
        return False
    is_object = judge.check(
        "success.json-body",
        isinstance(answer.json, dict),
        answer,
        expected="a JSON object",
        actual=answer.summary(),
        compares=answers('.body | type == "object"'),
    )
    media_type = answer.headers.get("content-type", "")
    judge.check(
        "success.json-media-type",
        is_json_label(media_type),
        answer,
        expected="Content-Type: application/json",
        actual=f"Content-Type: {media_type or '(none)'}",
        compares=answers(_JSON_LABEL),
    )
    if is_object:
        _judge_fields(case, answer)
    return True


def check_every_success(case: CheckContext) -> None:
    """What holds of every success, of those that a check met on its way as well."""
    for answer in case.responses:
        if answer.ok:
            check_success(case, answer)


def _judge_fields(case: CheckContext, answer: Response) -> None:
    judge, body = case.verdicts, answer.object
    judge.check(
        "success.request-status-code-ok",
        body.get("requestStatusCode") == "ok",
        answer,
        expected='"requestStatusCode": "ok"',
        actual=_shown(body, "requestStatusCode"),
        compares=answers_field("requestStatusCode", "ok"),
    )
    timestamp, long = body.get("timestamp"), case.operation.whole_timestamp
    if judge.check(
        "success.timestamp-is-a-number",
        is_number(timestamp) and not (long and _has_fraction(timestamp)),
        answer,
        expected=f'"timestamp": a {"whole " if long else ""}number',
        actual=_shown(body, "timestamp"),
        compares=answers(_WHOLE_NUMBER if long else _NUMBER),
    ):
        # A service whose messages are dated by a clock that is far off may still know the time.
        known = (case.session.service_now_ms(), int(case.session.wall() * 1000))
        assert isinstance(timestamp, int | float)
        near = any(abs(timestamp - now) < _CLOCK_TOLERANCE_MS for now in known)
        repeated = _is_old_del_time(answer, timestamp, known)
        judge.check(
            "success.timestamp-in-milliseconds",
            near and not repeated,
            answer,
            expected=f"a Unix time in milliseconds near the service's own clock ({known[0]}) or ours",
            actual=f"{_shown(body, 'timestamp')}{', the delTime of the request' if repeated else ''}",
            compares=answers(_NEAR_NOW),
        )
    key = case.session.main.key
    _equals(judge, answer, "success.organization-is-the-requests", "organization", key.org)
    _equals(judge, answer, "success.application-name-is-the-requests", "applicationName", key.app)
    for name in _STRINGS:
        judge.check(
            f"success.{name}-is-a-string",
            isinstance(body.get(name, ""), str),
            answer,
            expected=f"no {name}, or a string",
            actual=_shown(body, name),
            compares=answers(f'(.body | has("{name}") | not) or (.body.{name} | type == "string")'),
        )
    _judge_of_the_request(judge, answer)
    duration = body.get("duration", 0)
    judge.check(
        "success.duration-is-an-integer",
        isinstance(duration, int) and not isinstance(duration, bool) and duration >= 0,
        answer,
        expected="no duration, or a whole number that is not negative",
        actual=_shown(body, "duration"),
        compares=answers(_DURATION),
    )


def _is_old_del_time(answer: Response, timestamp: float, known: Iterable[int]) -> bool:
    """Whether a timestamp is the time that the request named, and no clock shows that time now."""
    named = parse_qs(urlsplit(answer.exchange.url).query).get("delTime", ())
    return str(timestamp) in named and all(abs(timestamp - now) > _A_MOMENT_MS for now in known)


def _judge_of_the_request(judge: VerdictRecorder, answer: Response) -> None:
    """What the common fields repeat of the request. A proxy may have changed scheme and host, and paths may
    end early: other operations of the vendor leave parts away."""
    body, sent = answer.object, answer.exchange
    path = unquote(urlsplit(sent.url).path).casefold()
    action = body.get("action")
    judge.check(
        "success.action-is-the-method",
        not isinstance(action, str) or action.upper() == sent.method.upper(),
        answer,
        expected=f"no action, or {sent.method} in any case",
        actual=_shown(body, "action"),
        compares=answers(
            f'(.body.action | type != "string") or (.body.action | ascii_upcase == "{sent.method.upper()}")'
        ),
    )
    for name, field in (("success.uri-is-the-url", "uri"), ("success.path-is-part-of-the-url", "path")):
        said = body.get(field)
        part = unquote(urlsplit(said).path).casefold() if isinstance(said, str) else path
        judge.check(
            name,
            len(part) > 1 and part in path,
            answer,
            expected=f"no {field}, or one whose path is a part of {path}",
            actual=_shown(body, field),
        )


def _equals(judge: VerdictRecorder, answer: Response, name: str, field: str, wanted: str) -> None:
    judge.check(
        name,
        answer.object.get(field, wanted) == wanted,
        answer,
        expected=f'no {field}, or "{wanted}"',
        actual=_shown(answer.object, field),
        compares=answers(f'(.body | has("{field}") | not) or .body.{field} == {json.dumps(wanted)}'),
    )


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _has_fraction(number: Any) -> bool:
    return isinstance(number, float) and not number.is_integer()


def is_json_label(media_type: str) -> bool:
    """Whether a Content-Type says that the body is JSON, of whatever kind."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _shown(body: dict[str, Any], name: str) -> str:
    return f'"{name}": {body[name]!r}' if name in body else f"no {name}"
