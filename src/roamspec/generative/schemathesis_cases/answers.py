"""What Schemathesis says of a response, as requirements."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
from schemathesis.core.failures import Failure, FailureGroup, MalformedJson, ServerError
from schemathesis.openapi.checks import JsonSchemaError, MissingContentType, UndefinedContentType

from roamspec.generative.schemathesis_cases.checks import Check
from roamspec.generative.schemathesis_cases.generation import Generated
from roamspec.suite.success_fields import is_json_label
from roamspec.transport.http_messages import Response

_OF_FIELD = {
    "requestStatusCode": "success.request-status-code-ok",
    "timestamp": "success.timestamp-is-a-number",
    "action": "success.action-is-a-string",
    "application": "success.application-is-a-string",
    "organization": "success.organization-is-the-requests",
    "applicationName": "success.application-name-is-the-requests",
    "uri": "success.uri-is-a-string",
    "path": "success.path-is-a-string",
    "duration": "success.duration-is-an-integer",
}
NAMES = ("success.json-body", "success.json-media-type", *_OF_FIELD.values())
"""What a response may refute, without the operation."""
DECIDED = tuple(name for name in NAMES if not name.endswith("-is-the-requests"))
"""What a success that keeps the schema shows: of the other two a schema knows the type alone."""


def refuted_by(
    generated: Generated, answer: Response, checks: list[Check], asked: str
) -> Iterator[tuple[str, str]]:
    """(requirement, what is wrong) for each failure that Schemathesis finds in a response; `asked` is the
    requirement that the call itself may refute."""
    try:
        generated.validate_response(_as_response(answer), checks=checks)
    except FailureGroup as group:  # a BaseExceptionGroup: it must be named to be caught
        for failure in group.exceptions:
            yield from _named(failure, answer, asked)


def _as_response(answer: Response) -> httpx.Response:
    request = httpx.Request(answer.exchange.method, answer.exchange.url)
    response = httpx.Response(
        answer.status or 0, headers=dict(answer.headers), content=answer.body, request=request
    )
    response.elapsed = timedelta(seconds=answer.elapsed_s)
    return response


def _named(failure: Failure, answer: Response, asked: str) -> Iterator[tuple[str, str]]:
    if isinstance(failure, ServerError):
        yield asked, answer.summary()
    elif isinstance(failure, MissingContentType | UndefinedContentType):
        # What the contract does not name may be JSON of a kind of its own.
        media_type = answer.headers.get("content-type", "")
        if not is_json_label(media_type):
            yield "success.json-media-type", f"Content-Type: {media_type or '(none)'}"
    elif isinstance(failure, MalformedJson):
        yield "success.json-body", "the body is no JSON"
    elif isinstance(failure, JsonSchemaError):
        yield from _of_schema(failure, answer)


def _of_schema(failure: JsonSchemaError, answer: Response) -> Iterator[tuple[str, str]]:
    if not isinstance(answer.json, dict):
        yield "success.json-body", "the body is no JSON object"
        return
    path = list(failure.instance_path)
    fields = [str(path[0])] if path else [name for name in _OF_FIELD if name not in answer.object]
    for field in fields:
        value = answer.object.get(field)
        if field in _OF_FIELD:
            shown = f"{field} is {value!r}" if field in answer.object else f"{field} is missing"
            if path or field in ("requestStatusCode", "timestamp"):
                yield _OF_FIELD[field], shown
