"""What the documentation says of the fields of a success: pure, values in and comparisons out.

Two things look at it: a check, which has the session's clocks, and a judgement on traffic that passes by.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from roamspec.suite.scripted_comparison import Comparison, answers, answers_field

_STRINGS: Final = ("action", "application", "uri", "path")
# The clock of the answers may differ a little from that of the messages, but not by an hour of some zone.
_CLOCK_TOLERANCE_MS: Final = 600_000
_A_MOMENT_MS: Final = 10_000
"""Longer than a request takes."""

# The same comparisons as filters for jq.
_JSON_LABEL: Final = (
    '.headers["content-type"] // "" | split(";")[0] | ascii_downcase | gsub("\\s"; "")'
    ' | . == "application/json" or endswith("+json")'
)
_NUMBER: Final = '.body.timestamp | type == "number"'
_WHOLE_NUMBER: Final = f"({_NUMBER}) and (.body.timestamp | floor == .)"
_NEAR_NOW: Final = (
    f"(.body.timestamp - now * 1000) | . < {_CLOCK_TOLERANCE_MS} and . > -{_CLOCK_TOLERANCE_MS}"
)
_DURATION: Final = (
    '(.body | has("duration") | not) or (.body.duration | type == "number" and floor == . and . >= 0)'
)


@dataclass(frozen=True, slots=True)
class SuccessfulRequest:
    """The request that was answered with a success; `path` and `query` are raw, `whole_timestamp` as in the
    contract."""

    method: str
    path: str
    org: str
    app: str
    whole_timestamp: bool
    query: str = ""


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One comparison: `name` is the requirement without its operation; `compares` says the same to jq."""

    name: str
    holds: bool
    expected: str
    actual: str
    compares: Comparison | None = None


def compare_media_type(media_type: str) -> FieldComparison:
    """The `Content-Type` of a success."""
    return FieldComparison(
        "success.json-media-type",
        is_json_label(media_type),
        "Content-Type: application/json",
        f"Content-Type: {media_type or '(none)'}",
        answers(_JSON_LABEL),
    )


def compare_fields(
    body: Mapping[str, Any], sent: SuccessfulRequest, clocks_ms: Sequence[int]
) -> Iterator[FieldComparison]:
    """`clocks_ms` are the times that the answer may name: the service's own, where it is known, and ours."""
    yield FieldComparison(
        "success.request-status-code-ok",
        body.get("requestStatusCode") == "ok",
        '"requestStatusCode": "ok"',
        _shown(body, "requestStatusCode"),
        answers_field("requestStatusCode", "ok"),
    )
    yield from _timestamp(body, clocks_ms, sent)
    yield _equals(body, "success.organization-is-the-requests", "organization", sent.org)
    yield _equals(body, "success.application-name-is-the-requests", "applicationName", sent.app)
    for name in _STRINGS:
        yield FieldComparison(
            f"success.{name}-is-a-string",
            isinstance(body.get(name, ""), str),
            f"no {name}, or a string",
            _shown(body, name),
            answers(f'(.body | has("{name}") | not) or (.body.{name} | type == "string")'),
        )
    yield from _of_the_request(body, sent)
    duration = body.get("duration", 0)
    yield FieldComparison(
        "success.duration-is-an-integer",
        is_number(duration) and not _has_fraction(duration) and duration >= 0,
        "no duration, or a whole number that is not negative",
        _shown(body, "duration"),
        answers(_DURATION),
    )


def _timestamp(
    body: Mapping[str, Any], clocks_ms: Sequence[int], sent: SuccessfulRequest
) -> Iterator[FieldComparison]:
    timestamp, whole = body.get("timestamp"), sent.whole_timestamp
    yield FieldComparison(
        "success.timestamp-is-a-number",
        is_number(timestamp) and not (whole and _has_fraction(timestamp)),
        f'"timestamp": a {"whole " if whole else ""}number',
        _shown(body, "timestamp"),
        answers(_WHOLE_NUMBER if whole else _NUMBER),
    )
    if (
        isinstance(timestamp, int | float)
        and is_number(timestamp)
        and not (whole and _has_fraction(timestamp))
    ):
        near = any(abs(timestamp - now) < _CLOCK_TOLERANCE_MS for now in clocks_ms)
        repeated = _is_old_del_time(sent, timestamp, clocks_ms)
        clocks = "of this machine"
        if clocks_ms[1:]:
            clocks = f"of the service ({clocks_ms[0]}) or of this machine"
        yield FieldComparison(
            "success.timestamp-in-milliseconds",
            near and not repeated,
            f"a Unix time in milliseconds, close to the clock {clocks}",
            f"{_shown(body, 'timestamp')}{', the delTime of the request' if repeated else ''}",
            answers(_NEAR_NOW),
        )


def _is_old_del_time(sent: SuccessfulRequest, timestamp: float, clocks_ms: Sequence[int]) -> bool:
    """Whether a timestamp is the time that the request named, and no clock shows that time now."""
    named = parse_qs(sent.query).get("delTime", ())
    return str(timestamp) in named and all(abs(timestamp - now) > _A_MOMENT_MS for now in clocks_ms)


def _of_the_request(body: Mapping[str, Any], sent: SuccessfulRequest) -> Iterator[FieldComparison]:
    """What the common fields repeat of the request. A gateway may have changed scheme, host and prefix, and
    other operations of the vendor leave out IDs, at the end of a path and within it."""
    path = unquote(sent.path).casefold()
    action = body.get("action")
    yield FieldComparison(
        "success.action-is-the-method",
        not isinstance(action, str) or action.upper() == sent.method.upper(),
        f"no action, or {sent.method} in any case",
        _shown(body, "action"),
        answers(
            f'(.body.action | type != "string") or (.body.action | ascii_upcase == "{sent.method.upper()}")'
        ),
    )
    for name, field in (("success.uri-is-the-url", "uri"), ("success.path-is-part-of-the-url", "path")):
        said = body.get(field)
        part = unquote(urlsplit(said).path).casefold() if isinstance(said, str) else path
        yield FieldComparison(
            name,
            len(part) > 1 and _is_left_of(part, path),
            f"no {field}, or one whose path is a part of {path}",
            _shown(body, field),
        )


def _is_left_of(part: str, path: str) -> bool:
    """Whether a path is another one, or what is left of it without some of its segments."""
    segments = iter(path.split("/"))
    return all(segment in segments for segment in part.split("/") if segment)


def _equals(body: Mapping[str, Any], name: str, field: str, wanted: str) -> FieldComparison:
    return FieldComparison(
        name,
        body.get(field, wanted) == wanted,
        f'no {field}, or "{wanted}"',
        _shown(body, field),
        answers(f'(.body | has("{field}") | not) or .body.{field} == {json.dumps(wanted)}'),
    )


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _has_fraction(number: Any) -> bool:
    return isinstance(number, float) and not number.is_integer()


def is_json_label(media_type: str) -> bool:
    """Whether a Content-Type says that the body is JSON, of whatever kind."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _shown(body: Mapping[str, Any], name: str) -> str:
    return f'"{name}": {body[name]!r}' if name in body else f"no {name}"
