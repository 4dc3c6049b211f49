"""Faults in what the online devices are notified, and in what isNotify does."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.second_service.fault import CONVERSATIONAL, USER, Fault, fault, left, message, others
from tests.second_service.fault_spec import Call, Notice, Operation
from tests.second_service.state import Pair
from tests.second_service.web import Answer

Notices = list[Notice]


def notice_of(call: Call, user: str | None = None) -> Notices:
    """A notice of the call to every device of a user, whatever the call says."""
    thread = call.thread
    data: dict[str, Any] = {
        "operation": "delete_messages",
        "user": user or call.owner,
        "timestamp": call.app.now_ms(),
    }
    kind, partner = (thread.kind, thread.partner) if thread else (call.operation.kind, "")
    data["conversation"] = {"type": kind, "id": partner}
    data.update({"message_ids": call.ids} if call.operation.by == "ids" else {})
    if call.operation.by == "time":
        data.update({"operation": "clear_before", "del_time": call.del_time})
    name = user or call.owner
    return [Notice(name, device, data) for device in call.app.devices.get(name, {})]


def faults() -> Iterator[Fault]:
    for op in CONVERSATIONAL:
        yield from _who(op)
        yield from _whether(op)
        yield from _content(op)
        yield from _effect(op)
    yield fault(
        USER, "clearing-tells-peers", r"notify\.clearing-tells-nobody-else", pairs=_remembered, notices=_peers
    )


_peers_of: dict[int, set[str]] = {}


def _remembered(call: Call, due: list[Pair]) -> list[Pair]:
    _peers_of[id(call)] = {u for _, i in due for u in others(call, message(call, i))}
    return due


def _peers(call: Call, due: Notices) -> Notices:
    return [*due, *(n for user in sorted(_peers_of.pop(id(call), set())) for n in notice_of(call, user))]


def _counterparts(call: Call) -> list[str]:
    if call.thread is None:
        return []
    if call.thread.kind == "chat":
        return [call.thread.partner]
    room = call.app.rooms_and_groups.get(call.thread.partner)
    return [user for user in room.joined if user != call.owner] if room else []


def _for_counterparts(call: Call) -> Notices:
    return [notice for user in _counterparts(call) for notice in notice_of(call, user)]


def _who(op: Operation) -> Iterator[Fault]:
    told = r"notify\.(?:absent|true)-tells-"
    yield fault(op, "tells-nobody", told + "the-owner", notices=lambda _c, _d: [])
    yield fault(op, "tells-first-device", told + "every-device", notices=lambda c, d: _of_device(c, d, 0))
    yield fault(op, "tells-last-device", told + "every-device", notices=lambda c, d: _of_device(c, d, -1))
    yield fault(
        op,
        "tells-peers-too",
        told + "nobody-else",
        notices=lambda c, d: [*d, *(_for_counterparts(c) if d else [])],
    )
    yield fault(
        op, "tells-peers-instead", told + ".*", notices=lambda c, d: _for_counterparts(c) if d else []
    )
    yield fault(
        op,
        "tells-everybody",
        told + "nobody-else",
        notices=lambda c, d: [n for user in c.app.devices for n in notice_of(c, user)] if d else [],
    )


def _of_device(call: Call, due: Notices, place: int) -> Notices:
    names = sorted(call.app.devices.get(call.owner, {}))
    return [notice for notice in due if names and notice.device == names[place]]


def _given(value: str | None) -> Callable[[Call], bool]:
    return lambda call: call.given("isNotify") == value


def _whether(op: Operation) -> Iterator[Fault]:
    absent, true, false = _given(None), _given("true"), _given("false")
    yield fault(
        op,
        "absent-means-false",
        r"notify\.absent-tells-the-owner",
        notices=lambda c, d: [] if absent(c) else d,
    )
    yield fault(
        op, "true-tells-nobody", r"notify\.true-tells-the-owner", notices=lambda c, d: [] if true(c) else d
    )
    yield fault(
        op,
        "false-tells-the-owner",
        r"notify\.false-tells-nobody",
        notices=lambda c, d: notice_of(c) if false(c) else d,
    )
    yield fault(
        op,
        "false-tells-one-device",
        r"notify\.false-tells-nobody",
        notices=lambda c, d: notice_of(c)[-1:] if false(c) else d,
    )
    yield fault(
        op,
        "false-tells-peers",
        r"notify\.false-tells-nobody-else",
        notices=lambda c, d: _for_counterparts(c) if false(c) else d,
    )
    yield fault(
        op,
        "false-and-true-swapped",
        r"notify\.(?:true|false)-tells.*",
        notices=lambda c, d: notice_of(c) if false(c) else [] if true(c) else d,
    )
    for name, when in (("absent", absent), ("true", true), ("false", false)):
        yield fault(op, f"{name}-refused", rf"notify\.{name}-accepted|.*", refusal=_refused_when(when, 400))
        yield fault(op, f"{name}-500", rf"notify\.{name}-accepted|.*", refusal=_refused_when(when, 500))


def _refused_when(
    when: Callable[[Call], bool], status: int
) -> Callable[[Call, Answer | None], Answer | None]:
    def refusal(call: Call, found: Answer | None) -> Answer | None:
        if found is None and when(call):
            return Answer(status, {"error": "illegal_argument", "error_description": "isNotify"})
        return found

    return refusal


def _rewritten(
    change: Callable[[Call, dict[str, Any]], dict[str, Any]],
) -> Callable[[Call, Notices], Notices]:
    return lambda call, due: [n._replace(data={**n.data, **change(call, n.data)}) for n in due]


def _content(op: Operation) -> Iterator[Fault]:
    names = r"notify\.names-the-conversation"
    yield fault(
        op,
        "names-the-owner-as-conversation",
        names,
        notices=_rewritten(lambda c, d: {"conversation": {**d["conversation"], "id": c.owner}}),
    )
    yield fault(
        op,
        "names-no-conversation-id",
        names,
        notices=_rewritten(lambda _, d: {"conversation": {"type": d["conversation"]["type"], "id": ""}}),
    )
    other = "group" if op.kind == "chat" else "chat"
    yield fault(
        op,
        "names-the-other-kind",
        names,
        notices=_rewritten(lambda _, d: {"conversation": {**d["conversation"], "type": other}}),
    )
    went = r"notify\.names-what-went"
    if op.by == "ids":
        yield fault(
            op, "tells-no-ids-but-a-list", went, notices=_rewritten(lambda _c, _d: {"message_ids": []})
        )
        yield fault(
            op, "tells-first-id", went, notices=_rewritten(lambda _, d: {"message_ids": d["message_ids"][:1]})
        )
        yield fault(
            op,
            "tells-ids-off-by-one",
            went,
            notices=_rewritten(lambda _, d: {"message_ids": [str(int(i) + 1) for i in d["message_ids"]]}),
        )
        yield fault(
            op,
            "tells-all-ids-of-the-conversation",
            went,
            notices=_rewritten(lambda c, d: {"message_ids": [*d["message_ids"], *(m.id for m in left(c))]}),
        )
        yield fault(
            op,
            "tells-ids-as-floats",
            went,
            notices=_rewritten(lambda _, d: {"message_ids": [str(int(float(i))) for i in d["message_ids"]]}),
        )
    else:
        for name, change in (
            ("seconds", lambda t: t // 1000),
            ("whole-seconds", lambda t: t // 1000 * 1000),
            ("a-millisecond-more", lambda t: t + 1),
            ("zero", lambda _t: 0),
        ):
            yield fault(op, f"tells-del-time-{name}", went, notices=_time(change))
        yield fault(op, "tells-now", went, notices=_rewritten(lambda c, _: {"del_time": c.app.now_ms()}))


def _time(change: Callable[[int], int]) -> Callable[[Call, Notices], Notices]:
    return _rewritten(lambda _, data: {"del_time": change(data["del_time"])})


def _effect(op: Operation) -> Iterator[Fault]:
    for value in ("absent", "true", "false"):
        when = _given(None if value == "absent" else value)
        same = rf"notify\.{value}-deletes-the-same"
        yield fault(op, f"{value}-deletes-nothing", same, pairs=_pairs_when(when, lambda _c, _d: []))
        yield fault(
            op,
            f"{value}-deletes-all",
            same,
            pairs=_pairs_when(when, lambda c, _d: [(c.owner, m.id) for m in left(c)]),
        )


def _pairs_when(
    when: Callable[[Call], bool], change: Callable[[Call, list[Pair]], list[Pair]]
) -> Callable[[Call, list[Pair]], list[Pair]]:
    return lambda call, due: change(call, due) if when(call) else due
