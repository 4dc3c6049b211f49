"""Faults of the success response."""

from dataclasses import replace
from typing import Any, Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.http.answers import HttpResponse
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import BY_TIME, EVERY, Wrapper, fault
from roamspec.faults.step_mutators import Body, answering, saying

_MEDIA_TYPE: Final = b"content-type"


def _with_field(name: str, value: Any) -> Wrapper:
    def change(body: Body, _request: IncomingRequest, _deletion: Deletion) -> None:
        body[name] = value

    return saying(change)


def _without(name: str) -> Wrapper:
    def change(body: Body, _request: IncomingRequest, _deletion: Deletion) -> None:
        body.pop(name, None)

    return saying(change)


def _bytes(body: bytes) -> Wrapper:
    return answering(lambda right: replace(right, body=body))


def _labelled(media_type: bytes) -> Wrapper:
    return answering(lambda right: replace(right, headers=((_MEDIA_TYPE, media_type),)))


# --- the status

for status, name in ((202, "accepted"), (204, "no-content")):

    def _answered(right: HttpResponse, status: int = status) -> HttpResponse:
        return replace(right, status=status, body=b"" if status == 204 else right.body)

    fault(
        f"success.status-{name}",
        at="answer",
        operations=EVERY,
        refutes=("success.status-200",),
        sentence=f"Success is answered with status {status}.",
    )(answering(_answered))

# --- the body as a whole

for name, body, sentence in (
    ("plain-ok", b"ok", "The body of a success is the word ok."),
    ("empty-body", b"", "The body of a success is empty."),
):
    fault(
        f"success.{name}", at="answer", operations=EVERY, refutes=("success.json-body",), sentence=sentence
    )(_bytes(body))

for name, media_type in (("text", b"text/plain"), ("html", b"text/html")):
    fault(
        f"success.media-type-{name}",
        at="answer",
        operations=EVERY,
        refutes=("success.json-media-type",),
        sentence=f"A success has the Content-Type {media_type.decode()}.",
    )(_labelled(media_type))

# --- requestStatusCode

for name, value in (("upper-case", "OK"), ("true", True)):
    fault(
        f"success.request-status-code-{name}",
        at="answer",
        operations=EVERY,
        refutes=("success.request-status-code-ok",),
        sentence=f"requestStatusCode is {value!r}.",
    )(_with_field("requestStatusCode", value))
fault(
    "success.request-status-code-missing",
    at="answer",
    operations=EVERY,
    refutes=("success.request-status-code-ok",),
    sentence="requestStatusCode is missing.",
)(_without("requestStatusCode"))

# --- timestamp

fault(
    "success.timestamp-missing",
    at="answer",
    operations=EVERY,
    refutes=("success.timestamp-is-a-number",),
    sentence="timestamp is missing.",
)(_without("timestamp"))


def _text(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
    body["timestamp"] = str(deletion.context.now)


def _seconds(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
    body["timestamp"] = deletion.context.now // 1000


def _microseconds(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
    body["timestamp"] = deletion.context.now * 1000


fault(
    "success.timestamp-text",
    at="answer",
    operations=EVERY,
    refutes=("success.timestamp-is-a-number",),
    sentence="timestamp is a string of digits.",
)(saying(_text))
fault(
    "success.timestamp-seconds",
    at="answer",
    operations=EVERY,
    refutes=("success.timestamp-in-milliseconds",),
    sentence="timestamp counts seconds.",
)(saying(_seconds))
fault(
    "success.timestamp-microseconds",
    at="answer",
    operations=EVERY,
    refutes=("success.timestamp-in-milliseconds",),
    sentence="timestamp counts microseconds.",
)(saying(_microseconds))
fault(
    "success.timestamp-of-the-documents-sample",
    at="answer",
    operations=EVERY,
    refutes=("success.timestamp-in-milliseconds", "success.timestamp-moves"),
    sentence="timestamp is always that of the sample in the documentation.",
)(_with_field("timestamp", 1710309184114))


@fault(
    "success.timestamp-of-the-first-answer",
    at="answer",
    operations=EVERY,
    refutes=("success.timestamp-moves",),
    sentence="timestamp is always that of the first response of the process.",
)
def timestamp_of_the_first_answer(step: Any) -> Any:
    first_answer: list[int] = []

    def change(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
        first_answer.append(deletion.context.now)
        body["timestamp"] = first_answer[0]

    return saying(change)(step)


def _named(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
    body["timestamp"] = deletion.time_ms


def _fraction(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
    body["timestamp"] = deletion.context.now + 0.25


fault(
    "success.timestamp-is-del-time",
    at="answer",
    operations=BY_TIME,
    refutes=("success.timestamp-in-milliseconds",),
    sentence="timestamp is the delTime of the call.",
)(saying(_named))
fault(
    "success.timestamp-with-a-fraction",
    at="answer",
    operations=("clearUser",),
    refutes=("success.timestamp-is-a-number",),
    sentence="timestamp, documented as Long, has a fraction.",
)(saying(_fraction))


def _none_found(body: Body, _request: IncomingRequest, deletion: Deletion) -> None:
    if not any(found for _, found in deletion.chosen):
        body["requestStatusCode"] = "none"


fault(
    "success.request-status-code-none",
    at="answer",
    operations=EVERY,
    refutes=("success.request-status-code-ok",),
    sentence="requestStatusCode differs when the call found nothing to delete.",
)(saying(_none_found))

# --- the common fields, which may be absent

for field_name, requirement, wrong, what in (
    ("organization", "success.organization-is-the-requests", "easemob", "another organization"),
    ("organization", "success.organization-is-the-requests", None, "null"),
    ("applicationName", "success.application-name-is-the-requests", "default", "another app's name"),
    ("action", "success.action-is-a-string", 5, "a number"),
    ("action", "success.action-is-a-string", None, "null"),
    ("application", "success.application-is-a-string", {"uuid": "8be024f0"}, "an object"),
    ("application", "success.application-is-a-string", 8, "a number"),
    ("uri", "success.uri-is-a-string", None, "null"),
    ("uri", "success.uri-is-a-string", ["https:"], "a list"),
    ("path", "success.path-is-a-string", False, "false"),
    ("path", "success.path-is-a-string", {"user": "alice"}, "an object"),
    ("action", "success.action-is-the-method", "get message roaming", "another action"),
    ("uri", "success.uri-is-the-url", "https://a1.easemob.com/acme/parlor/users", "another operation's"),
    ("path", "success.path-is-part-of-the-url", "/users", "another operation's"),
    ("duration", "success.duration-is-an-integer", "3 ms", "a text"),
    ("duration", "success.duration-is-an-integer", 0.5, "a fraction"),
    ("duration", "success.duration-is-an-integer", -3, "negative"),
):
    fault(
        f"success.{field_name.lower()}-{what.replace(' ', '-').replace(chr(39), '')}",
        at="answer",
        operations=EVERY,
        refutes=(requirement,),
        sentence=f"{field_name} is {what}.",
    )(_with_field(field_name, wrong))


def _app_key_as_name(body: Body, request: IncomingRequest, _deletion: Deletion) -> None:
    body["applicationName"] = str(request.app.key)


fault(
    "success.applicationname-with-its-org",
    at="answer",
    operations=EVERY,
    refutes=("success.application-name-is-the-requests",),
    sentence="applicationName is the whole App Key.",
)(saying(_app_key_as_name))
