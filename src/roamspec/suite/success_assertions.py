"""What the documentation says of every successful answer, judged wherever one comes."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from roamspec.suite.context import CheckContext
from roamspec.suite.error_assertions import check_status
from roamspec.suite.scripted_comparison import answers
from roamspec.suite.success_fields import (
    FieldComparison,
    SuccessfulRequest,
    compare_fields,
    compare_media_type,
)
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


def check_success(case: CheckContext, answer: Response) -> bool:
    """Judge status and body of a response that should be a success; returns whether it is one."""
    verdicts = case.verdicts
    if not check_status(case, "success.status-200", answer, 200):
        return False
    is_object = verdicts.check(
        "success.json-body",
        isinstance(answer.json, dict),
        answer,
        expected="a JSON object",
        actual=answer.summary(),
        compares=answers('.body | type == "object"'),
    )
    _check_fields(case, answer, [compare_media_type(answer.headers.get("content-type", ""))])
    if is_object:
        _check_fields(case, answer, compare_fields(answer.object, *_about(case, answer)))
    return True


def check_every_success(case: CheckContext) -> None:
    """What holds of every success, of those that a check met on its way as well."""
    for answer in case.responses:
        if answer.ok:
            check_success(case, answer)


def _check_fields(case: CheckContext, answer: Response, comparisons: Iterable[FieldComparison]) -> None:
    for each in comparisons:
        case.verdicts.check(
            each.name,
            each.holds,
            answer,
            expected=each.expected,
            actual=each.actual,
            compares=each.compares,
        )


def _about(case: CheckContext, answer: Response) -> tuple[SuccessfulRequest, Sequence[int]]:
    sent, key = answer.exchange, case.session.main.key
    url = urlsplit(sent.url)
    request = SuccessfulRequest(
        sent.method, url.path, key.org, key.app, case.operation.whole_timestamp, url.query
    )
    # A service whose messages are dated by a clock that is far off may still know the time.
    return request, (case.session.service_now_ms(), int(case.session.wall() * 1000))
