"""Faults in what goes: the wrong messages, too many, too few."""

import time
from collections.abc import Iterator
from typing import Any

from tests.second_service.fault import (
    ALL,
    BY_ID,
    BY_TIME,
    CLEARING,
    CONVERSATIONAL,
    IN_CHAT,
    Fault,
    besides,
    chosen,
    fault,
    instead,
    left,
    message,
    oldest_first,
)
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.state import App, Change, Message, Pair, Thread
from tests.second_service.web import Answer

ANY_GONE = r"effect\..*gone"


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _too_little(op)
        yield from _afterwards(op)
    for op in CONVERSATIONAL:
        yield from _too_much(op)
    for op in BY_ID:
        yield from _of_the_list(op)
    for op in BY_TIME:
        yield fault(
            op,
            "earliest-of-times-at-once",
            r"effect\.concurrent-calls-all-count",
            slow_s=0.03,
            **_earliest_at_once(),
        )
        yield fault(op, "on-later-pages", r"effect\.messages-gone", lingers="cursor")
    for op in CLEARING:
        yield fault(
            op,
            "first-hundred",
            r"effect\.more-than-a-hundred-gone",
            pairs=lambda c, d: oldest_first(c, d)[:100],
        )
        yield fault(
            op,
            "last-hundred",
            r"effect\.more-than-a-hundred-gone",
            pairs=lambda c, d: oldest_first(c, d)[-100:],
        )


def _too_little(op: Operation) -> Iterator[Fault]:
    yield fault(op, "nothing-goes", ANY_GONE, pairs=lambda _c, _d: [])
    yield fault(
        op, "only-sent", r"effect\.received-messages-gone", pairs=chosen(lambda c, m: m.sender == c.owner)
    )
    yield fault(
        op, "only-received", r"effect\.sent-messages-gone", pairs=chosen(lambda c, m: m.sender != c.owner)
    )
    yield fault(op, "not-the-newest", r"effect\.newest-message-gone", pairs=chosen(_is_not_newest))
    yield fault(op, "not-the-oldest", r"effect\.oldest-message-gone", pairs=chosen(_is_not_oldest))
    yield fault(
        op, "owner-still-pulls", r"effect\.gone-for-(?:the-owners-own-token|a-new-login)", lingers="own-token"
    )
    yield fault(op, "pulled-with-types", r"effect\.(messages-gone|several-ids-gone)", lingers="named-types")
    yield fault(
        op,
        "only-of-the-last-hour",
        r"effect\.oldest-message-gone",
        pairs=chosen(lambda c, m: m.time_ms > c.app.now_ms() - 3_600_000),
    )
    yield fault(
        op,
        "only-without-dots",
        r"request\.(?:path-user|query-names).*",
        pairs=lambda c, due: [] if "." in c.owner else due,
    )
    yield fault(op, "only-texts", r"effect\.every-type-gone", pairs=chosen(lambda _, m: m.type == "txt"))
    yield fault(op, "no-videos", r"effect\.every-type-gone", pairs=chosen(lambda _, m: m.type != "video"))
    yield fault(op, "only-the-newest", ANY_GONE + r"|all\..*", pairs=lambda c, d: oldest_first(c, d)[-1:])
    yield fault(
        op, "only-live-ones", ANY_GONE + r"|all\..*|time\..*gone", pairs=chosen(lambda _, m: m.how == "rest")
    )
    yield fault(
        op,
        "lost-update",
        r"effect\.concurrent-calls-all-count",
        slow_s=0.03,
        pairs=lambda c, d: [] if c.overlapping else d,
    )


def _earliest_at_once() -> dict[str, Any]:
    """Of several calls at the same time the one with the earliest time has its effect."""
    arrived: list[tuple[float, str, Thread | None, int]] = []

    def prepare(call: Call) -> None:
        if call.del_time is not None:
            arrived.append((time.monotonic(), call.owner, call.thread, call.del_time))

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        since = time.monotonic() - 0.05
        here = (call.owner, call.thread)
        times = [ms for when, *place, ms in arrived if when > since and tuple(place) == here]
        return [pair for pair in due if message(call, pair[1]).time_ms <= min(times)] if times else due

    return {"prepare": prepare, "pairs": pairs}


def _thread_of(call: Call, one: Message) -> list[Message]:
    found = call.app.view(call.owner, one.thread_of(call.owner))
    return sorted(found, key=lambda m: (m.time_ms, m.seq))


def _is_not_newest(call: Call, one: Message) -> bool:
    return _thread_of(call, one)[-1] is not one


def _is_not_oldest(call: Call, one: Message) -> bool:
    return _thread_of(call, one)[0] is not one


class _Memory:
    """Which conversations of whom the broken operation has touched."""

    def __init__(self) -> None:
        self.touched: dict[tuple[str, tuple[str, ...]], list[Pair]] = {}

    def keep(self, call: Call, due: list[Pair]) -> list[Pair]:
        for pair in due:
            self.touched.setdefault((call.owner, message(call, pair[1]).place), []).append(pair)
        return due

    def give_back(self, app: App, arrived: Message, _changes: list[Change]) -> None:
        for user in app.participants(arrived):
            for pair in self.touched.pop((user, arrived.place), []):
                app.lost.pop(pair, None)

    def take_too(self, app: App, arrived: Message, _changes: list[Change]) -> None:
        for user in app.participants(arrived):
            if (user, arrived.place) in self.touched:
                app.lost[user, arrived.id] = 0.0


def _afterwards(op: Operation) -> Iterator[Fault]:
    back, too = _Memory(), _Memory()
    yield fault(op, "comes-back", r"effect\.stays-deleted", pairs=back.keep, arrival=back.give_back)
    yield fault(
        op,
        "later-ones-too",
        r"effect\.later-messages-stay|list\.returns.*",
        pairs=too.keep,
        arrival=too.take_too,
    )
    yield fault(op, "repeat-500", r"effect\.same-call-twice-no-server-error", refusal=_repeat_500)


def _repeat_500(call: Call, refusal: Answer | None) -> Answer | None:
    if refusal is not None:
        return refusal
    lost = [user for user, _ in call.app.lost if user == call.owner]
    named = bool(call.ids) and all((call.owner, i) in call.app.lost for i in call.ids)
    if call.operation.by == "everything":
        repeated = bool(lost) and not call.app.everything(call.owner)
    elif call.operation.by == "ids":
        repeated = named
    else:
        repeated = _cleared_before(call)
    return Answer(500, {"error": "internal", "error_description": "nothing to delete"}) if repeated else None


def _cleared_before(call: Call) -> bool:
    gone = [m for (u, i) in call.app.lost if u == call.owner for m in [call.app.by_id[i]]]
    limit = call.del_time or 0
    here = [m for m in gone if call.thread is not None and m.thread_of(call.owner) == call.thread]
    return any(m.time_ms <= limit for m in here) and not any(m.time_ms <= limit for m in left(call))


def _too_much(op: Operation) -> Iterator[Fault]:
    kept = (
        r"effect\.only-named-messages-gone"
        if op.by == "ids"
        else r"time\..*(?:stays?|between.*|nothing)|effect\..*stay"
    )
    yield fault(op, "whole-conversation", kept, pairs=besides(lambda c: [(c.owner, m.id) for m in left(c)]))
    yield fault(
        op,
        "everything",
        r"effect\.other-conversations-stay",
        pairs=besides(lambda c: [(c.owner, m.id) for m in c.app.everything(c.owner)]),
    )
    yield fault(
        op,
        "another-conversation-instead",
        r"effect\.other-conversations-stay|" + ANY_GONE,
        pairs=instead(lambda c: [p for p in _elsewhere(c) if message(c, p[1]).kind == op.kind]),
    )
    yield fault(
        op, "same-people-elsewhere", r"effect\.same-people-elsewhere-stay", pairs=besides(_same_people)
    )
    yield fault(op, "repeat-takes-more", r"effect\.same-call-twice-harmless", pairs=_more_when_repeated)
    if op in IN_CHAT:
        yield fault(
            op,
            "longer-peer-names",
            r"tenancy\.longer-peer-name-keeps-messages",
            pairs=besides(
                lambda c: [
                    (c.owner, m.id)
                    for m in c.app.everything(c.owner)
                    if c.thread
                    and m.kind == "chat"
                    and m.thread_of(c.owner).partner.startswith(c.thread.partner)
                    and m.thread_of(c.owner) != c.thread
                ]
            ),
        )


def _elsewhere(call: Call) -> list[Pair]:
    return [
        (call.owner, m.id) for m in call.app.everything(call.owner) if m.thread_of(call.owner) != call.thread
    ]


def _same_people(call: Call) -> list[Pair]:
    """In chats: groups in which the peer is too; in groups: chats with their members."""
    if call.thread is None:
        return []
    found = []
    for one in call.app.everything(call.owner):
        thread = one.thread_of(call.owner)
        if call.thread.kind == "chat" and thread.kind != "chat":
            if call.thread.partner in call.app.participants(one):
                found.append((call.owner, one.id))
        elif call.thread.kind != "chat" and thread.kind == "chat":
            room = call.app.rooms_and_groups.get(call.thread.partner)
            if room and thread.partner in room.joined:
                found.append((call.owner, one.id))
    return found


def _more_when_repeated(call: Call, due: list[Pair]) -> list[Pair]:
    if call.operation.by == "ids":
        named = bool(call.ids) and all((call.owner, i) in call.app.lost for i in call.ids)
    else:
        named = _cleared_before(call)
    return [*due, *((call.owner, m.id) for m in left(call)[:1])] if named else due


def _of_the_list(op: Operation) -> Iterator[Fault]:
    yield fault(op, "first-id-only", r"effect\.(?:several|middle|last).*", pairs=lambda c, d: _at(c, d, [0]))
    yield fault(op, "last-id-only", r"effect\.(?:several|middle|first).*", pairs=lambda c, d: _at(c, d, [-1]))
    yield fault(
        op,
        "first-id-spared",
        r"effect\.first-in-list-gone",
        pairs=lambda c, d: [p for p in d if len(c.ids) < 2 or p[1] != c.ids[0]],
    )
    yield fault(
        op,
        "last-id-spared",
        r"effect\.last-in-list-gone",
        pairs=lambda c, d: [p for p in d if len(c.ids) < 2 or p[1] != c.ids[-1]],
    )
    yield fault(
        op,
        "middle-ids-spared",
        r"effect\.middle-in-list-gone|effect\.several-ids-gone",
        pairs=lambda c, d: [p for p in d if p[1] in (c.ids[0], c.ids[-1])],
    )
    yield fault(
        op, "single-id-spared", r"effect\.single-id-gone", pairs=lambda c, d: d if len(c.ids) > 1 else []
    )
    yield fault(
        op, "two-at-most", r"effect\..*gone|limit\.fifty-all-gone", pairs=lambda c, d: _at(c, d, [0, 1])
    )
    yield fault(op, "twenty-at-most", r"limit\.fifty-all-gone", pairs=lambda c, d: _at(c, d, list(range(20))))
    yield fault(
        op, "forty-nine-at-most", r"limit\.fifty-all-gone", pairs=lambda c, d: _at(c, d, list(range(49)))
    )
    yield fault(
        op, "next-one-too", r"effect\.only-named-messages-gone", pairs=lambda c, d: [*d, *_next_to(c, d, 1)]
    )
    yield fault(
        op,
        "previous-one-too",
        r"effect\.only-named-messages-gone",
        pairs=lambda c, d: [*d, *_next_to(c, d, -1)],
    )
    yield fault(
        op,
        "older-ones-too",
        r"effect\.only-named-messages-gone",
        pairs=lambda c, d: [
            *d,
            *((c.owner, m.id) for m in left(c) if d and m.time_ms < message(c, d[-1][1]).time_ms),
        ],
    )
    yield fault(
        op,
        "whatever-conversation",
        r"effect\.ids-of-another-conversation-stay",
        pairs=lambda c, _: [(c.owner, m.id) for m in c.app.everything(c.owner) if m.id in c.ids],
    )
    yield fault(
        op,
        "whose-ever-id",
        r"effect\.ids-of-another-user-stay",
        pairs=lambda c, d: [*d, *((u, i) for i in c.ids for u in _strangers(c, i))],
    )
    yield fault(
        op,
        "unknown-id-clears",
        r"effect\.unknown-id-harmless|value\..*",
        pairs=lambda c, d: [*d, *((c.owner, m.id) for m in left(c) if not set(c.ids) <= set(c.app.by_id))],
    )
    yield fault(
        op,
        "unknown-id-500",
        r"effect\.unknown-id-no-server-error",
        refusal=lambda c, r: r or _broken(not set(c.ids) <= set(c.app.by_id)),
    )
    yield fault(
        op,
        "unknown-id-stops",
        r"effect\.known-beside-unknown",
        pairs=lambda c, d: d if set(c.ids) <= set(c.app.by_id) else [],
    )
    yield fault(
        op,
        "repeated-id-500",
        r"effect\.repeated-id-no-server-error",
        refusal=lambda c, r: r or _broken(len(set(c.ids)) < len(c.ids)),
    )
    yield fault(
        op,
        "repeated-id-clears",
        r"effect\.repeated-id-harmless",
        pairs=lambda c, d: [*d, *((c.owner, m.id) for m in left(c) if len(set(c.ids)) < len(c.ids))],
    )
    yield fault(
        op, "second-call-replaces-first", r"effect\.two-calls-add-up|list\.several.*", pairs=_replacing
    )
    yield fault(
        op,
        "encoded-commas-kept",
        r"request\.encoded-commas-separate",
        decisive=False,
        prepare=lambda c: (
            setattr(c, "ids", [",".join(c.ids)]) if "%2c" in c.request.raw_query.lower() else None
        ),
        checks={"values": lambda _c, _a: None},
    )
    yield fault(
        op,
        "raw-commas-end-the-list",
        r"request\.raw-commas-separate",
        prepare=lambda c: setattr(c, "ids", c.ids[:1]) if "," in c.request.raw_query else None,
    )


def _at(call: Call, due: list[Pair], places: list[int]) -> list[Pair]:
    wanted = {call.ids[i] for i in places if i < len(call.ids)} if call.ids else set()
    return [pair for pair in due if pair[1] in wanted]


def _next_to(call: Call, due: list[Pair], step: int) -> list[Pair]:
    here = [m.id for m in left(call)]
    near = [here.index(i) + step for _, i in due if i in here]
    return [(call.owner, here[n]) for n in near if 0 <= n < len(here)]


def _strangers(call: Call, message_id: str) -> list[str]:
    """Everybody who sees a message that the owner does not."""
    one = call.app.by_id.get(message_id)
    if one is None or call.app.may_see(call.owner, one):
        return []
    return call.app.participants(one)


def _broken(when: bool) -> Answer | None:
    return Answer(500, {"error": "internal", "error_description": "unexpected"}) if when else None


def _replacing(call: Call, due: list[Pair]) -> list[Pair]:
    """Forgets what earlier calls deleted in the same conversation."""
    earlier = [
        pair
        for pair in call.app.lost
        if pair[0] == call.owner and message(call, pair[1]).thread_of(call.owner) == call.thread
    ]
    if due:
        for pair in earlier:
            del call.app.lost[pair]
    return due
