"""Faults that show only under a condition: in some calls, of some messages, for some people."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.second_service.broken_notices import notice_of
from tests.second_service.fault import (
    ALL,
    BY_ID,
    BY_TIME,
    CLEARING,
    CONVERSATIONAL,
    IN_GROUP,
    USER,
    Fault,
    fault,
    left,
    message,
    others,
)
from tests.second_service.fault_spec import Call, Notice, Operation
from tests.second_service.state import App, Change, Message, Pair

ONE_WAY = r"one-way\..*|notify\..*-deletes-the-same"


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _sides(op)
        yield from _listing(op)
    for op in CONVERSATIONAL:
        yield from _devices(op)
    for op in BY_ID:
        yield from _ids(op)
    for op in BY_TIME:
        yield from _times(op)
    for op in CLEARING:
        yield fault(
            op, "every-hundredth-spared", r"effect\.more-than-a-hundred-gone", pairs=_without_place(99)
        )
        yield fault(op, "fifty-first-spared", r"effect\.more-than-a-hundred-gone", pairs=_without_place(50))


def _when(
    condition: Callable[[Call, list[Pair]], bool], more: Callable[[Call, list[Pair]], list[Pair]]
) -> Callable[[Call, list[Pair]], list[Pair]]:
    return lambda call, due: [*due, *more(call, due)] if due and condition(call, due) else due


def _for_others(call: Call, due: list[Pair]) -> list[Pair]:
    return [(user, i) for _, i in due for user in others(call, message(call, i))]


def _empties(call: Call, due: list[Pair]) -> bool:
    """Nothing is left to the owner in the conversations the call touches."""
    gone = {i for _, i in due}
    threads = {message(call, i).thread_of(call.owner) for i in gone}
    return all({m.id for m in call.app.view(call.owner, thread)} <= gone for thread in threads)


def _sides(op: Operation) -> Iterator[Fault]:
    yield fault(op, "both-sides-of-the-last", ONE_WAY, pairs=_when(_empties, _for_others))
    yield fault(
        op,
        "both-sides-of-the-newest",
        ONE_WAY,
        pairs=lambda c, due: [*due, *_for_others(c, due[-1:])],
    )
    yield fault(
        op,
        "both-sides-of-the-oldest",
        ONE_WAY,
        pairs=lambda c, due: [*due, *_for_others(c, due[:1])],
    )
    yield fault(
        op,
        "later-ones-lost-once-emptied",
        r"effect\.(?:later-messages-stay|stays-deleted)|list\.returns.*",
        **_lost_once_emptied(),
    )
    yield fault(
        op,
        "comes-back-for-good-once-emptied",
        r"effect\.stays-deleted",
        **_back_once_emptied(),
    )
    if op in (*IN_GROUP, USER):
        yield fault(
            op,
            "group-owner-loses-too",
            ONE_WAY,
            pairs=lambda c, due: [*due, *((_creator(c, i), i) for _, i in due if _creator(c, i))],
        )


def _creator(call: Call, message_id: str) -> str:
    room = call.app.rooms_and_groups.get(message(call, message_id).receiver)
    names = [name for name in room.joined if name != call.owner] if room else []
    return room.owner if room and room.owner != call.owner else names[0] if names else ""


def _lost_once_emptied() -> dict[str, Any]:
    emptied: set[tuple[str, tuple[str, ...]]] = set()

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        if due and _empties(call, due):
            emptied.update((call.owner, message(call, i).place) for _, i in due)
        return due

    def arrival(app: App, arrived: Message, _changes: list[Change]) -> None:
        for user in app.participants(arrived):
            if (user, arrived.place) in emptied:
                app.lost[user, arrived.id] = 0.0

    return {"pairs": pairs, "arrival": arrival}


def _back_once_emptied() -> dict[str, Any]:
    taken: dict[tuple[str, tuple[str, ...]], list[Pair]] = {}

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        if due and _empties(call, due):
            for pair in due:
                taken.setdefault((call.owner, message(call, pair[1]).place), []).append(pair)
        return due

    def arrival(app: App, arrived: Message, _changes: list[Change]) -> None:
        for user in app.participants(arrived):
            for pair in taken.pop((user, arrived.place), []):
                app.lost.pop(pair, None)

    return {"pairs": pairs, "arrival": arrival}


def _listing(op: Operation) -> Iterator[Fault]:
    gone = r"list\.(?:leaves.*|several.*|all-conversations-leave)"
    yield fault(
        op, "stays-listed-for-senders", gone, changes=lambda c, due: [x for x in due if not _spoke_last(c, x)]
    )
    yield fault(op, "listing-left-to-the-first", gone, changes=_first_time_only())


def _spoke_last(call: Call, change: Change) -> bool:
    """The owner said the last word of the conversation."""
    said = [
        m for place in call.app.places.values() for m in place if m.thread_of(change.user) == change.thread
    ]
    mine = [m for m in said if call.app.may_see(change.user, m)]
    return bool(mine) and mine[-1].sender == change.user


def _first_time_only() -> Callable[[Call, list[Change]], list[Change]]:
    """Each user's list forgets one conversation only."""
    served: set[str] = set()

    def changes(_call: Call, due: list[Change]) -> list[Change]:
        kept = []
        for change in due:
            if change.user not in served:
                kept.append(change)
                served.add(change.user)
        return kept

    return changes


def _devices(op: Operation) -> Iterator[Fault]:
    yield fault(
        op,
        "second-call-not-told",
        r"notify\..*-tells-.*",
        notices=_notified_once(),
    )
    yield fault(
        op,
        "false-and-both-sides",
        ONE_WAY,
        pairs=_when(lambda c, _: c.given("isNotify") == "false", _for_others),
        decisive=False,
    )
    yield fault(
        op,
        "told-to-the-peer-instead-of-false",
        r"notify\.false-tells-nobody-else",
        notices=lambda c, due: due or [n for n in _peer_notices(c) if c.given("isNotify") == "false"],
    )


def _peer_notices(call: Call) -> list[Notice]:
    if call.thread is None or call.thread.kind != "chat":
        room = call.app.rooms_and_groups.get(call.thread.partner) if call.thread else None
        names = [name for name in room.joined if name != call.owner] if room else []
        return [notice for name in names[:1] for notice in notice_of(call, name)]
    return list(notice_of(call, call.thread.partner))


def _notified_once() -> Callable[[Call, list[Notice]], list[Notice]]:
    told: set[str] = set()

    def notices(call: Call, due: list[Notice]) -> list[Notice]:
        if not due or call.owner in told:
            return []
        told.add(call.owner)
        return due

    return notices


def _ids(op: Operation) -> Iterator[Fault]:
    gone = r"effect\..*gone|limit\.fifty-all-gone"
    yield fault(op, "only-in-rising-order", gone, pairs=_rising)
    yield fault(
        op,
        "span-of-the-list",
        r"effect\.only-named-messages-gone",
        pairs=lambda c, due: [(c.owner, m.id) for m in left(c) if _within(c, m, due)],
    )
    yield fault(
        op,
        "sent-ones-clear-all",
        r"effect\..*|notify\..*",
        pairs=_when(_all_mine, lambda c, _: _all_left(c)),
        decisive=False,
    )
    yield fault(
        op,
        "fifty-take-one-more",
        r"limit\.fifty-.*|effect\.only-named.*",
        pairs=lambda c, due: [*due, *(_all_left(c)[:1] if len(c.ids) == 50 else [])],
        decisive=False,
    )
    yield fault(
        op,
        "half-known-half-unknown-clears",
        r"effect\.(?:unknown-id-harmless|known-beside-unknown)",
        pairs=lambda c, due: [*due, *(_all_left(c) if due and not set(c.ids) <= set(c.app.by_id) else [])],
    )
    yield fault(
        op,
        "ids-as-doubles",
        r"effect\.only-named-messages-gone|effect\.ids.*",
        pairs=lambda c, due: [*due, *((c.owner, m.id) for m in left(c) if _same_double(c, m.id))],
    )


def _same_double(call: Call, message_id: str) -> bool:
    return any(i.isdigit() and float(i) == float(message_id) for i in call.ids)


def _all_left(call: Call) -> list[Pair]:
    return [(call.owner, m.id) for m in left(call) if m.id not in call.ids]


def _all_mine(call: Call, due: list[Pair]) -> bool:
    return all(message(call, i).sender == call.owner for _, i in due)


def _rising(call: Call, due: list[Pair]) -> list[Pair]:
    """A reader that goes forward only, and loses what stands behind."""
    place = {m.id: n for n, m in enumerate(left(call))}
    reached, kept = -1, []
    for one in call.ids:
        if place.get(one, -1) > reached:
            reached = place[one]
            kept.append((call.owner, one))
    return [pair for pair in kept if pair in due]


def _within(call: Call, one: Message, due: list[Pair]) -> bool:
    times = [message(call, i).time_ms for _, i in due]
    return bool(times) and min(times) <= one.time_ms <= max(times)


def _times(op: Operation) -> Iterator[Fault]:
    yield fault(
        op,
        "boundary-excluded-for-sent",
        r"time\.(?:at-del-time-gone|same-millisecond.*)",
        pairs=lambda c, due: [p for p in due if not (_at(c, p) and message(c, p[1]).sender == c.owner)],
    )
    yield fault(
        op,
        "boundary-excluded-for-received",
        r"time\.(?:at-del-time-gone|same-millisecond.*)",
        pairs=lambda c, due: [p for p in due if not (_at(c, p) and message(c, p[1]).sender != c.owner)],
    )
    yield fault(
        op,
        "earlier-time-undoes-later",
        r"time\..*|effect\.(?:same-call-twice.*|stays-deleted)|list\..*",
        pairs=_last_time_counts(),
        decisive=False,
    )
    yield fault(
        op,
        "newest-always-spared",
        r"effect\.newest-message-gone|time\.after-everything.*",
        pairs=lambda c, due: [p for p in due if p[1] != _newest_id(c)],
    )
    yield fault(
        op,
        "tenth-of-a-second-more",
        r"time\.(?:one-millisecond-later-stays|.*stays?)",
        pairs=lambda c, _: [
            (c.owner, m.id) for m in left(c) if c.del_time is not None and m.time_ms <= c.del_time + 100
        ],
    )


def _at(call: Call, pair: Pair) -> bool:
    return message(call, pair[1]).time_ms == call.del_time


def _newest_id(call: Call) -> str:
    here = left(call)
    return here[-1].id if here else ""


def _last_time_counts() -> Callable[[Call, list[Pair]], list[Pair]]:
    """Keeps one mark per conversation; a later call with an earlier time moves it back."""

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        for user, i in list(call.app.lost):
            one = call.app.by_id[i]
            here = user == call.owner and one.thread_of(user) == call.thread
            if here and call.del_time is not None and one.time_ms > call.del_time:
                del call.app.lost[user, i]
        return due

    return pairs


def _without_place(place: int) -> Callable[[Call, list[Pair]], list[Pair]]:
    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        ordered = sorted(due, key=lambda p: (message(call, p[1]).time_ms, message(call, p[1]).seq))
        return [pair for n, pair in enumerate(ordered) if n != place]

    return pairs
