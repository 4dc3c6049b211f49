"""Faults of some speakers, groups, IDs, times and rooms only."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.second_service.broken_notices import notice_of
from tests.second_service.fault import (
    BY_ID,
    BY_TIME,
    GROUP_TIME,
    IN_GROUP,
    USER,
    Fault,
    chosen,
    fault,
    left,
    message,
)
from tests.second_service.fault_spec import Call, Notice, Operation
from tests.second_service.state import Change, Message, Pair

GONE = r"effect\..*gone|all\..*|time\..*gone"
Condition = Callable[[Call, Message], bool]


def faults() -> Iterator[Fault]:
    for op in (*IN_GROUP, USER):
        yield from _groups(op)
    for op in BY_ID:
        yield from _ids(op)
    for op in BY_TIME:
        yield from _times(op)
    yield from _rooms()
    yield from _everything()
    yield fault(
        USER,
        "leaves-the-groups",
        r"effect\.later-messages-stay|list\.returns-with-a-new-message",
        pairs=_and_leave,
    )


def _and_leave(call: Call, due: list[Pair]) -> list[Pair]:
    for room in call.app.rooms_and_groups.values():
        room.joined.pop(call.owner, None)
    return due


def _but(kind: str, *, own: bool) -> Condition:
    """All but the owner's own messages (or all but those of others) in conversations of a kind."""
    return lambda call, one: one.kind != kind or (one.sender == call.owner) != own


def _groups(op: Operation) -> Iterator[Fault]:
    yield fault(
        op,
        "third-speaker-spared",
        GONE,
        pairs=chosen(lambda c, m: m.kind != "group" or m.sender in _first_two(c, m)),
    )
    yield fault(
        op,
        "only-the-creators-own-groups",
        GONE + r"|request\.path-user-owns-what-goes",
        pairs=chosen(lambda c, m: m.kind != "group" or c.app.rooms_and_groups[m.receiver].owner == c.owner),
    )


def _first_two(call: Call, one: Message) -> list[str]:
    said = [m.sender for m in call.app.places[one.place]]
    return list(dict.fromkeys(said))[:2]


def _ids(op: Operation) -> Iterator[Fault]:
    stays = r"list\.stays-while-a-message-is-left"
    for name, place in (("newest", -1), ("oldest", 0)):
        yield fault(op, f"leaves-with-the-{name}", stays, **_leaves_with(place))
    yield fault(
        op,
        "repeated-id-spared",
        r"effect\.known-beside-repeated",
        pairs=lambda c, due: [pair for pair in due if c.ids.count(pair[1]) == 1],
    )
    yield fault(
        op,
        "far-more-refused-but-done",
        r"limit\.fifty-one-deletes-nothing",
        effective_though_rejected=lambda c, _: len(c.ids) > 90,
    )
    yield fault(
        op,
        "far-more-refused-but-told",
        r"limit\.fifty-one-notifies-nobody",
        notified_though_rejected=lambda c, _: len(c.ids) > 90,
    )
    yield fault(
        op,
        "same-second-too",
        r"effect\.only-named-messages-gone",
        pairs=_and_alike(lambda one, other: one.time_ms // 1000 == other.time_ms // 1000),
    )
    for most in (20, 50):
        yield fault(
            op,
            f"sought-among-the-newest-{most}",
            r"limit\.fifty-all-gone|effect\..*gone",
            pairs=lambda c, due, most=most: [p for p in due if p[1] in {m.id for m in left(c)[-most:]}],
        )


def _and_alike(alike: Callable[[Message, Message], bool]) -> Callable[[Call, list[Pair]], list[Pair]]:
    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        named = [message(call, i) for _, i in due]
        return [(call.owner, m.id) for m in left(call) if any(alike(m, one) for one in named)]

    return pairs


def _leaves_with(place: int) -> dict[str, Any]:
    """The conversation leaves the list with its newest (or oldest) message, whatever is left."""
    hit: dict[int, bool] = {}

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        here = left(call)
        hit[id(call)] = bool(here) and any(here[place].id == i for _, i in due)
        return due

    def changes(call: Call, due: list[Change]) -> list[Change]:
        gone = hit.pop(id(call), False) and call.thread is not None
        return [*due, Change(call.owner, call.thread, False)] if gone and call.thread else due

    return {"pairs": pairs, "changes": changes}


def _times(op: Operation) -> Iterator[Fault]:
    def by(rule: Callable[[Message, int], bool]) -> Callable[[Call, list[Pair]], list[Pair]]:
        return lambda c, _: [
            (c.owner, m.id) for m in left(c) if c.del_time is not None and rule(m, c.del_time)
        ]

    for unit in (10, 100, 60_000):
        yield fault(
            op,
            f"cut-to-{unit}",
            r"time\.(?:at-del-time|one-.*earlier|between|same).*",
            pairs=by(_up_to(lambda t, unit: t // unit * unit, unit)),
        )
        yield fault(
            op,
            f"rounded-up-to-{unit}",
            r"time\..*stays?",
            pairs=by(_up_to(lambda t, unit: -(-t // unit) * unit, unit)),
        )
    yield fault(
        op,
        "compared-as-text",
        r"time\..*nothing.*|time\..*stay",
        pairs=by(lambda m, t: str(m.time_ms) <= str(t)),
    )
    yield fault(
        op,
        "rounded-to-seconds",
        r"time\.(?:at-del-time-gone|one-.*stays|one-.*earlier-gone)",
        pairs=by(lambda m, t: m.time_ms <= round(t / 1000) * 1000),
    )


def _up_to(coarse: Callable[[int, int], int], unit: int) -> Callable[[Message, int], bool]:
    return lambda one, del_time: one.time_ms <= coarse(del_time, unit)


def _rooms() -> Iterator[Fault]:
    def in_room(call: Call) -> bool:
        return call.thread is not None and call.thread.kind == "room"

    def members(call: Call) -> list[Notice]:
        room = call.app.rooms_and_groups[call.thread.partner] if call.thread else None
        users = [user for user in room.joined if user != call.owner] if room else []
        return [notice for user in users for notice in notice_of(call, user)]

    yield fault(
        GROUP_TIME,
        "rooms-not-told",
        r"notify\.(?:true|absent)-tells-the-owner",
        notices=lambda c, due: [] if in_room(c) else due,
    )
    yield fault(
        GROUP_TIME,
        "rooms-always-told",
        r"notify\.false-tells-nobody",
        notices=lambda c, due: due or (notice_of(c) if in_room(c) else []),
    )
    yield fault(
        GROUP_TIME,
        "rooms-told-to-members",
        r"notify\.(?:true|absent)-tells-nobody-else",
        notices=lambda c, due: [*due, *(members(c) if due and in_room(c) else [])],
    )
    yield fault(
        GROUP_TIME,
        "only-the-creators-own-rooms",
        r"request\.chatroom-id-accepted|time\.room.*",
        pairs=lambda c, due: due if not in_room(c) or _mine(c) else [],
    )


def _mine(call: Call) -> bool:
    return call.thread is not None and call.app.rooms_and_groups[call.thread.partner].owner == call.owner


def _everything() -> Iterator[Fault]:
    for kind in ("chat", "group", "room"):
        name = rf"all\.{kind}s-cleared|effect\..*gone"
        yield fault(
            USER,
            f"own-messages-in-{kind}s-spared",
            name,
            pairs=chosen(_but(kind, own=True)),
        )
        yield fault(
            USER,
            f"others-messages-in-{kind}s-spared",
            name,
            pairs=chosen(_but(kind, own=False)),
        )
    for most in (10, 20):
        yield fault(
            USER,
            f"{most}-conversations-leave-the-list",
            r"list\.all-conversations-leave",
            changes=lambda _, due, most=most: due[:most],
        )
