"""Faults before the deletion: tokens, methods, App Keys, rates; and 5xx or harm for values that cannot be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.second_service.broken_notices import notice_of
from tests.second_service.fault import (
    ALL,
    BY_ID,
    BY_TIME,
    CONVERSATIONAL,
    IN_CHAT,
    IN_GROUP,
    Fault,
    fault,
    left,
)
from tests.second_service.fault_spec import Call, Check, Operation
from tests.second_service.state import Pair
from tests.second_service.web import Answer

ESCAPED = frozenset(" %/?#&+=@:;,\"'<>\\|^~`!*()[]{}$")


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _tokens(op)
        yield from _methods(op)
        yield fault(op, "forty-per-second", r"rate\.below-the-limit-served", rate=40)
        yield fault(op, "thirty-per-second", r"rate\.below-the-limit-served", rate=30)
        yield fault(op, "ten-per-second", r"rate\.below-the-limit-served", rate=10)
        yield fault(op, "unknown-app-served", r"tenancy\.unknown-app-refused", unknown_app=200)
        yield fault(op, "org-ignored", r"tenancy\.unknown-app-refused", org_ignored=True)
        yield fault(op, "unknown-app-500", r"tenancy\.unknown-app-refused", unknown_app=500)
        yield from _values(op)


def _header(call: Call) -> tuple[str, str]:
    scheme, _, text = call.request.headers.get("authorization", "").partition(" ")
    return scheme, text


def _in_another_case(call: Call) -> bool:
    scheme, text = _header(call)
    return scheme == "Bearer" and any(text != t and text.lower() == t.lower() for t in call.known_tokens)


def _accept(when: Callable[[Call], bool]) -> Mapping[str, Check]:
    return {"auth": lambda call, refusal: None if refusal is not None and when(call) else refusal}


def _cut(call: Call) -> bool:
    text = _header(call)[1]
    return bool(text) and any(known.startswith(text) and known != text for known in call.known_tokens)


def _tokens(op: Operation) -> Iterator[Fault]:
    def refused(name: str) -> str:
        return rf"auth\.{name}-token-refused"

    yield fault(op, "no-authentication", r"auth\..*-refused", checks=_accept(lambda _: True))
    yield fault(op, "no-token-accepted", refused("no"), checks=_accept(lambda c: not _header(c)[0]))
    yield fault(
        op,
        "any-token-accepted",
        refused("malformed") + "|" + refused("cut"),
        checks=_accept(lambda c: _header(c)[0] == "Bearer" and bool(_header(c)[1])),
    )
    yield fault(
        op,
        "any-scheme-accepted",
        r"auth\.wrong-scheme-refused",
        checks=_accept(lambda c: _header(c)[1] in c.known_tokens),
    )
    yield fault(op, "token-in-any-case-accepted", refused("malformed"), checks=_accept(_in_another_case))
    yield fault(
        op, "empty-token-accepted", refused("no"), checks=_accept(lambda c: _header(c) == ("Bearer", ""))
    )
    yield fault(op, "cut-token-accepted", refused("cut"), checks=_accept(_cut))
    yield fault(
        op, "foreign-token-accepted", refused("foreign"), checks=_accept(lambda c: c.token_state == "foreign")
    )
    yield fault(
        op, "expired-token-accepted", refused("expired"), checks=_accept(lambda c: c.token_state == "expired")
    )
    yield fault(
        op,
        "user-token-for-others",
        r"auth\.user-token-never-for-others",
        decisive=False,
        checks=_accept(lambda c: c.token is not None),
    )
    for status in (200, 400, 403, 500):
        yield fault(op, f"unauthorized-{status}", r"auth\..*-refused", checks={"auth": _as(status)})
    for name, when in (
        ("no", lambda c: not _header(c)[0]),
        ("malformed", lambda c: c.token_state == "unknown" and not _cut(c) and _header(c)[0] == "Bearer"),
        ("foreign", lambda c: c.token_state == "foreign"),
        ("expired", lambda c: c.token_state == "expired"),
    ):
        yield fault(
            op,
            f"{name}-token-403",
            refused(name),
            checks={"auth": lambda c, a, w=when: replace(a, status=403) if a is not None and w(c) else a},
        )
    yield fault(
        op,
        "unauthorized-but-done",
        r"auth\..*-deletes-nothing",
        effective_though_rejected=lambda _, a: a.status == 401,
    )
    yield fault(
        op,
        "unauthorized-without-token-but-done",
        r"auth\.no-token-deletes-nothing",
        effective_though_rejected=lambda c, a: a.status == 401 and not _header(c)[0],
    )
    yield fault(
        op,
        "unauthorized-but-told",
        r"auth\.refusal-notifies-nobody",
        notified_though_rejected=lambda _, a: a.status == 401,
        notices=lambda c, due: due or (notice_of(c) if c.token is None else []),
    )


def _as(status: int) -> Check:
    return lambda _, refusal: None if refusal is None else replace(refusal, status=status)


def _methods(op: Operation) -> Iterator[Fault]:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        if method == op.method:
            continue
        expect = r"method\.other-methods-(?:refused|delete-nothing)"
        # The vendor's table of rate limits lists POST for the deletions by time: there it may be served.
        if method != "POST" or op not in BY_TIME:
            yield fault(op, f"{method.lower()}-deletes", expect, methods={method: True})
        yield fault(
            op,
            f"{method.lower()}-refused-but-done",
            r"method\.other-methods-delete-nothing",
            methods={method: False},
            notices=lambda c, due: due if c.request.method == c.operation.method else [],
        )
    yield fault(
        op,
        "get-answers-ok",
        r"method\.other-methods-refused",
        methods={"GET": True},
        pairs=lambda c, due: due if c.request.method == op.method else [],
    )


def _odd(text: str | None) -> bool:
    return bool(text) and bool(ESCAPED & set(text or ""))


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdigit()


def _value_cases(op: Operation) -> Iterator[tuple[str, str, Callable[[Call], bool]]]:
    """A name, the requirement, and whether a call carries such a value."""

    def empty(name: str) -> Callable[[Call], bool]:
        return lambda c: c.given(name) == ""

    yield "unknown-owner", "unknown-owner", lambda c: c.owner not in c.app.people and not _odd(c.owner)
    yield "escaped-owner", "owner-needs-escaping", lambda c: _odd(c.owner)
    if op in IN_CHAT:
        yield "empty-peer", "empty-user-id", empty("userId")
        yield "escaped-peer", "peer-needs-escaping", lambda c: _odd(c.given("userId"))
        yield (
            "unknown-peer",
            "unknown-peer",
            lambda c: (
                bool(c.given("userId"))
                and not _odd(c.given("userId"))
                and c.given("userId") not in c.app.people
            ),
        )
    if op in IN_GROUP:
        yield "empty-group", "empty-group-id", empty("groupId")
        yield "escaped-group", "group-needs-escaping", lambda c: _odd(c.given("groupId"))
        yield (
            "unknown-group",
            "unknown-group",
            lambda c: (
                bool(c.given("groupId"))
                and not _odd(c.given("groupId"))
                and c.given("groupId") not in c.app.rooms_and_groups
            ),
        )
    if op in CONVERSATIONAL:
        yield "empty-notify", "is-notify-empty", empty("isNotify")
        yield (
            "odd-notify",
            "is-notify-unknown",
            lambda c: (c.given("isNotify") or "true") not in ("true", "false"),
        )
    if op in BY_ID:
        yield "empty-list", "empty-msg-id-list", empty("msgIdList")
        yield "empty-item", "empty-item-in-list", lambda c: _has_empty_item(c.given("msgIdList"))
        yield "odd-id", "message-id-not-a-number", lambda c: any(not i.isdigit() for i in c.ids)
        yield "huge-id", "message-id-huge", lambda c: any(i.isdigit() and int(i) >= 2**64 for i in c.ids)
    if op in BY_TIME:
        yield "empty-time", "empty-del-time", empty("delTime")
        yield "time-no-number", "del-time-not-a-number", lambda c: _is_words(c.given("delTime"))
        yield "time-negative", "del-time-negative", lambda c: _number(c) < 0
        yield "time-fraction", "del-time-fraction", lambda c: "." in (c.given("delTime") or "")
        yield "time-huge", "del-time-huge", lambda c: _number(c) >= 2**63


def _has_empty_item(text: str | None) -> bool:
    return bool(text) and "" in (text or "").split(",")


def _number(call: Call) -> int:
    """delTime as it was sent, whatever the checks have made of it; 0 when it is not a whole number."""
    text = call.given("delTime") or ""
    return int(text) if _is_number(text) else 0


def _is_words(text: str | None) -> bool:
    return bool(text) and "." not in (text or "") and not _is_number(text or "")


def _values(op: Operation) -> Iterator[Fault]:
    for name, requirement, when in _value_cases(op):
        expect = rf"value\.{requirement}-harmless"
        crashes = rf"value\.{requirement}-no-server-error"
        yield fault(op, f"{name}-500", crashes, decisive=False, refusal=_broken_when(when))
        yield fault(op, f"{name}-clears", expect, **_clearing(when))
        yield fault(
            op,
            f"{name}-refused-but-clears",
            expect,
            effective_though_rejected=lambda c, _, w=when: w(c),
            pairs=_harm(when),
        )


def _broken_when(when: Callable[[Call], bool]) -> Check:
    def refusal(call: Call, found: Answer | None) -> Answer | None:
        if call.token is None or not call.app.is_open or not when(call):
            return found
        return Answer(500, {"error": "internal", "error_description": "unexpected"})

    return refusal


def _clearing(when: Callable[[Call], bool]) -> dict[str, Any]:
    def lenient(call: Call, refusal: Answer | None) -> Answer | None:
        return None if when(call) else refusal

    names = ("missing", "values", "owner", "partner")
    return {"checks": dict.fromkeys(names, lenient), "pairs": _harm(when)}


def _harm(when: Callable[[Call], bool]) -> Callable[[Call, list[Pair]], list[Pair]]:
    """What goes for such a value: the conversation, else all of the owner, else all of the peer."""

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        if not when(call):
            return due
        if call.owner in call.app.people:
            # A time beyond all bounds names the whole conversation, so only more than that is harm.
            known = call.thread is not None and left(call) and _number(call) < 2**63
            mine = left(call) if known else call.app.everything(call.owner)
            return [(call.owner, m.id) for m in mine]
        near = [u for u in call.app.people if _odd(call.owner) and call.owner.startswith(u)]
        if call.thread is not None and call.thread.kind == "chat":
            near.append(call.thread.partner)
        elif call.thread is not None and call.thread.partner in call.app.rooms_and_groups:
            near += call.app.rooms_and_groups[call.thread.partner].joined
        else:
            near += [u for u in call.app.people if u[:3] == call.owner[:3]]
        return [(u, m.id) for u in near for m in call.app.everything(u)]

    return pairs
