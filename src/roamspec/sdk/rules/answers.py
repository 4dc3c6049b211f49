"""The service's answers against the contract, as far as one exchange alone can tell: no effect is looked at.

Names are those of the requirements on the service.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from roamspec.contract.operations import ErrorRow, Operation
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.contracted import contract
from roamspec.sdk.finding import ClientFinding, finding_about
from roamspec.suite.success_assertions import SUCCESS
from roamspec.suite.success_fields import SuccessfulRequest, compare_fields, compare_media_type

_OTHER_REASONS: Final = frozenset((401, 403, 404, 429))
"""A request may be rejected for these before anything else is looked at."""
_FAR_MORE: Final = 100
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


ANSWER_RULES: Final = (
    *SUCCESS,
    "auth.no-token-refused",
    "limit.fifty-one-refused",
    "limit.fifty-one-error-type",
    "limit.fifty-one-error-text",
    "limit.far-more-refused",
    *(
        f"missing.{name}-{what}"
        for name in ("user-id", "group-id", "msg-id-list", "del-time")
        for what in ("refused", "status", "error-type", "error-text")
    ),
    "missing.everything-refused",
    "not-open.error-type",
    "not-open.error-text",
)
"""What `judge_answer` can judge; not every operation has each of them."""


def judge_answer(call: ObservedCall, clocks_ms: Sequence[int]) -> Iterator[ClientFinding]:
    """`clocks_ms` are the times that an answer may name.

    Nothing is said of what the documentation does not describe: the clients' form of a path, an answer that
    never came or was disturbed on purpose.
    """
    operation = contract().operations.get(call.deletion)
    if operation is None or call.client_form or not call.status or call.nuisance or call.of_unknown_app:
        return
    if call.header("authorization") is None:
        yield from _without_token(call)
        return
    ids = sum(len(pair.value.split(",")) for pair in call.values("msgIdList"))
    missing = _missing(call, operation)
    if operation.most_ids is not None and ids > operation.most_ids:
        yield from _too_many_ids(call, operation, ids)
    elif missing:
        yield from _missing_parameter(call, operation, missing)
    elif call.status == 200:
        yield from _success(call, operation, clocks_ms)
    elif call.status == 400:
        yield from _not_open(call, operation)


def _without_token(call: ObservedCall) -> Iterator[ClientFinding]:
    if call.status != 429 and call.status < 500:
        wrong = "" if call.status == 401 else _seen(call)
        yield finding_about(call, "auth.no-token-refused", wrong=wrong, expected="status 401")


def _too_many_ids(call: ObservedCall, operation: Operation, ids: int) -> Iterator[ClientFinding]:
    if call.status in _OTHER_REASONS or call.status >= 500 or _is(call, operation.find_error_row("not-open")):
        return
    name = "limit.far-more" if ids >= _FAR_MORE else "limit.fifty-one"
    wrong = "" if call.status == 400 else _seen(call)
    yield finding_about(call, f"{name}-refused", wrong=wrong, expected=f"status 400 for {ids} IDs")
    if call.status == 400 and ids < _FAR_MORE:
        yield from _texts(call, "limit.fifty-one-", operation.find_error_row("too-many-ids"))


def _missing(call: ObservedCall, operation: Operation) -> list[str]:
    """The required query parameters that are absent; an empty value is another matter."""
    sent = {pair.key for pair in call.query}
    required = [p.name for p in operation.parameters if p.location == "query" and p.required]
    missing = [name for name in required if name not in sent]
    return ["everything"] if missing and not sent else missing


def _missing_parameter(
    call: ObservedCall, operation: Operation, missing: Sequence[str]
) -> Iterator[ClientFinding]:
    name = f"missing.{_HUMP.sub('-', missing[0]).lower()}"
    wrong = _seen(call) if call.status < 400 else ""
    yield finding_about(call, f"{name}-refused", wrong=wrong, expected="no success")
    if missing == ["everything"] or call.status in _OTHER_REASONS or not 400 <= call.status < 500:
        return
    if _is(call, operation.find_error_row("not-open")):
        return
    wrong = "" if call.status == 400 else _seen(call)
    yield finding_about(call, f"{name}-status", wrong=wrong, expected="status 400")
    if call.status == 400:
        yield from _texts(call, f"{name}-", operation.find_error_row("missing-parameter"), may_lack_text=True)


def _not_open(call: ObservedCall, operation: Operation) -> Iterator[ClientFinding]:
    row = operation.find_error_row("not-open")
    if row is not None and (call.error[0] == row.error or call.error[1] == row.description):
        yield from _texts(call, "not-open.", row)


def _texts(
    call: ObservedCall, prefix: str, row: ErrorRow | None, *, may_lack_text: bool = False
) -> Iterator[ClientFinding]:
    if row is None:
        return
    kind, text = call.error
    yield finding_about(
        call,
        f"{prefix}error-type",
        wrong="" if kind == row.error else f'"error": "{kind}"',
        expected=f'"error": "{row.error}"',
    )
    holds = text == row.description or (may_lack_text and not text)
    yield finding_about(
        call,
        f"{prefix}error-text",
        wrong="" if holds else f'"error_description": "{text}"',
        expected=f'"error_description": "{row.description}"',
    )


def _success(call: ObservedCall, operation: Operation, clocks_ms: Sequence[int]) -> Iterator[ClientFinding]:
    yield finding_about(call, "success.status-200")
    body = _json(call.answer)
    is_object = isinstance(body, dict)
    yield finding_about(
        call, "success.json-body", wrong="" if is_object else _seen(call), expected="a JSON object"
    )
    comparisons = []
    if call.answer_headers:
        comparisons.append(compare_media_type(dict(call.answer_headers).get("content-type", "")))
    if is_object:
        sent = SuccessfulRequest(call.method, call.path, call.org, call.app, operation.whole_timestamp)
        comparisons += compare_fields(body, sent, clocks_ms)
    for each in comparisons:
        wrong = "" if each.holds else each.actual
        yield finding_about(call, each.name, wrong=wrong, expected=each.expected)


def _is(call: ObservedCall, row: ErrorRow | None) -> bool:
    return row is not None and call.error == (row.error, row.description)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _seen(call: ObservedCall) -> str:
    return f"status {call.status}" + (f" with {call.answer[:120]!r}" if call.answer else "")
