"""Faults in the documented error responses: the limit, the service that is not open, missing parameters."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.second_service.broken_notices import notice_of
from tests.second_service.deletions import missing, too_many
from tests.second_service.fault import ALL, BY_ID, CHAT_IDS, CONVERSATIONAL, Fault, fault, left
from tests.second_service.fault_spec import Call, Check, Operation
from tests.second_service.state import Pair
from tests.second_service.web import Answer

SLUG = {"userId": "user-id", "groupId": "group-id", "msgIdList": "msg-id-list", "delTime": "del-time"}
ACCEPTED = Answer(200, {"requestStatusCode": "ok", "timestamp": 1})
ROWS: Mapping[str, tuple[str, Callable[[Answer], Answer]]] = {
    "error-other": ("error-type", lambda a: a.having(error="illegal_argument")),
    "error-camel-case": (
        "error-type",
        lambda a: a.having(error=str(a.body["error"]).title().replace(" ", "")),
    ),
    "error-absent": ("error-type", lambda a: a.having(error=None)),
    "text-other": ("error-text", lambda a: a.having(error_description="bad parameter")),
    "text-with-stop": ("error-text", lambda a: a.having(error_description=f"{a.body['error_description']}.")),
    "text-absent": ("error-text", lambda a: a.having(error_description=None)),
    "type-and-text-swapped": (
        "error-t(?:ype|ext)",
        lambda a: a.having(error=a.body["error_description"], error_description=a.body["error"]),
    ),
}


def faults() -> Iterator[Fault]:
    for op in BY_ID:
        yield from _limit(op)
    for op in ALL:
        yield from _not_open(op)
    for op in CONVERSATIONAL:
        for name in op.required:
            yield from _missing(op, name)
        yield fault(
            op,
            "everything-missing-accepted",
            r"missing\.everything-refused|missing\..*",
            checks=dict.fromkeys(("missing", "values"), lambda c, a: None if not c.request.query else a),
        )
        yield fault(
            op,
            "everything-missing-500",
            r"missing\.everything-refused|missing\..*",
            checks={"missing": lambda c, a: _as(a, 500) if a and not c.request.query else a},
        )


def _as(answer: Answer | None, status: int) -> Answer | None:
    return None if answer is None else replace(answer, status=status)


def _changed(change: Callable[[Answer], Answer]) -> Check:
    return lambda _, refusal: None if refusal is None else change(refusal)


def _is_limit(call: Call, _refusal: Answer) -> bool:
    return len(call.ids) > 50


def _limit(op: Operation) -> Iterator[Fault]:
    for name, most, expect in (
        ("forty-nine", 49, r"limit\.fifty-accepted"),
        ("twenty", 20, r"limit\.fifty-accepted"),
        ("fifty-one", 51, r"limit\.fifty-one-refused"),
        ("ninety-nine", 99, r"limit\.fifty-one-refused"),
        ("none", 10**6, r"limit\.(?:fifty-one|far-more)-refused"),
    ):
        yield fault(op, f"limit-{name}", expect, checks={"limit": _limited_to(most)})
    yield fault(
        op,
        "limit-cuts-the-list",
        r"limit\.fifty-one-refused",
        checks={"limit": lambda c, _: setattr(c, "ids", c.ids[:50])},
    )
    for status in (403, 413, 422, 500):
        yield fault(
            op, f"limit-answers-{status}", r"limit\.fifty-one-refused", checks={"limit": _status(status)}
        )
    yield fault(
        op,
        "far-more-500",
        r"limit\.far-more-refused",
        checks={"limit": lambda c, a: _as(a, 500) if len(c.ids) > 90 else a},
    )
    yield fault(
        op,
        "far-more-accepted",
        r"limit\.far-more-refused",
        checks={"limit": lambda c, a: None if len(c.ids) > 90 else a},
    )
    for name, (expect, change) in ROWS.items():
        yield fault(op, f"limit-{name}", rf"limit\.fifty-one-{expect}", checks={"limit": _changed(change)})
    yield fault(
        op, "limit-refused-but-done", r"limit\.fifty-one-deletes-nothing", effective_though_rejected=_is_limit
    )
    yield fault(
        op,
        "limit-refused-but-first-done",
        r"limit\.fifty-one-deletes-nothing",
        effective_though_rejected=_is_limit,
        pairs=_first_if_refused,
    )
    yield fault(
        op, "limit-refused-but-told", r"limit\.fifty-one-notifies-nobody", notified_though_rejected=_is_limit
    )


def _first_if_refused(call: Call, due: list[Pair]) -> list[Pair]:
    return [pair for pair in due if pair[1] == call.ids[0]] if len(call.ids) > 50 else due


def _limited_to(most: int) -> Check:
    return lambda call, _refusal: too_many(call, most)


def _status(status: int) -> Check:
    return lambda _, refusal: _as(refusal, status)


def _not_open(op: Operation) -> Iterator[Fault]:
    for status in (200, 401, 403, 404, 500):
        yield fault(op, f"not-open-{status}", r"not-open\.status", checks={"open": _status(status)})
    yield fault(op, "not-open-served", r"not-open\.status", checks={"open": lambda _c, _a: None})
    for name, (expect, change) in ROWS.items():
        yield fault(op, f"not-open-{name}", rf"not-open\.{expect}", checks={"open": _changed(change)})
    yield fault(
        op,
        "not-open-but-told",
        r"not-open\.notifies-nobody",
        notified_though_rejected=lambda c, _: not c.app.is_open,
        notices=lambda c, d: d or _plain_notice(c),
    )


def _plain_notice(call: Call) -> list[Any]:
    return [] if call.app.is_open else notice_of(call)


def _lacks(call: Call, name: str) -> bool:
    return call.given(name) is None


def _missing(op: Operation, name: str) -> Iterator[Fault]:
    slug = SLUG[name]
    other = tuple(n for n in op.required if n != name)

    def only_other(call: Call, refusal: Answer | None) -> Answer | None:
        return missing(call, other) if _lacks(call, name) else refusal

    def unless(call: Call, refusal: Answer | None) -> Answer | None:
        return ACCEPTED if refusal is not None and _lacks(call, name) and call.request.query else refusal

    def broken(call: Call, refusal: Answer | None) -> Answer | None:
        return _as(refusal, 500) if _lacks(call, name) else refusal

    lenient: Mapping[str, Check] = {"missing": only_other, "values": _lenient(name)}
    yield fault(op, f"{slug}-optional", rf"missing\.{slug}-refused", checks={"missing": unless})
    yield fault(
        op,
        f"{slug}-missing-clears",
        rf"missing\.{slug}-(?:refused|deletes-nothing)",
        checks=lenient,
        pairs=lambda c, d: _anything(c) if _lacks(c, name) else d,
    )
    yield fault(
        op, f"{slug}-missing-500", rf"missing\.{slug}-(?:client-error|status)", checks={"missing": broken}
    )
    yield fault(
        op,
        f"{slug}-missing-refused-but-done",
        rf"missing\.{slug}-deletes-nothing",
        effective_though_rejected=lambda c, _: _lacks(c, name) and c.token is not None,
        pairs=lambda c, d: _anything(c) if _lacks(c, name) else d,
    )
    yield fault(
        op,
        f"{slug}-missing-refused-but-told",
        rf"missing\.{slug}-notifies-nobody",
        notified_though_rejected=lambda c, _: _lacks(c, name) and c.token is not None,
        notices=lambda c, d: d or (notice_of(c) if _lacks(c, name) else []),
    )
    if op is not CHAT_IDS:
        return
    for status in (404, 422):
        yield fault(
            op,
            f"{slug}-missing-{status}",
            rf"missing\.{slug}-status",
            checks={"missing": lambda c, a, s=status: _as(a, s) if _lacks(c, name) else a},
        )
    for row, (expect, change) in ROWS.items():
        if row in ("error-camel-case", "type-and-text-swapped", "text-absent"):
            # Its type and its text are the same and already spelt so, and a text beside it is not a
            # requirement.
            continue
        yield fault(
            op,
            f"{slug}-missing-{row}",
            rf"missing\.{slug}-{expect}",
            checks={"missing": lambda c, a, f=change: f(a) if a is not None and _lacks(c, name) else a},
        )


def _lenient(name: str) -> Check:
    return lambda call, refusal: None if _lacks(call, name) else refusal


def _anything(call: Call) -> list[Pair]:
    """What a call that lacks a parameter might take: the conversation, or without one all of its kind."""
    if call.thread is not None:
        return [(call.owner, m.id) for m in left(call)]
    kinds = ("chat",) if call.operation.kind == "chat" else ("group", "room")
    return [(call.owner, m.id) for m in call.app.everything(call.owner) if m.kind in kinds]
