"""Faults that show only in company: with what a message says, with another call, or with another place."""

from collections.abc import Iterator
from typing import Any

from tests.zoo.chronicle import Pair
from tests.zoo.fault import (
    ALL,
    BY_ID,
    CONVERSATIONAL,
    GROUP_TIME,
    USER,
    Fault,
    besides,
    chosen,
    fault,
    left,
    message,
    others,
)
from tests.zoo.twist import Call

GONE = r"effect\..*gone|all\..*|time\..*gone"
LONG = 500


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield fault(op, "other-script-spared", GONE, pairs=chosen(lambda _, m: m.text.isascii()))
        yield fault(op, "long-texts-spared", GONE, pairs=chosen(lambda _, m: len(m.text) <= LONG))
    for op in CONVERSATIONAL:
        yield fault(op, "back-when-another-deletes", r"one-way\.both-sides-in-turn", pairs=_back_for_others)
    for op in BY_ID:
        yield fault(
            op,
            "quiet-calls-unlimited",
            r"limit\.far-more-refused",
            checks={"limit": lambda call, refusal: refusal if call.notify else None},
        )
        yield fault(
            op,
            "asterisk-takes-all",
            r"value\.message-id-not-a-number-harmless",
            refusal=lambda call, refusal: None if "*" in call.ids else refusal,
            pairs=lambda call, due: [(call.owner, m.id) for m in left(call)] if "*" in call.ids else due,
        )
        yield fault(op, "repeats-hit-everybody", r"one-way\.others-keep-what-they-received", pairs=_repeated)
    yield fault(USER, "groups-stay-the-second-time", r"all\.groups-cleared", **_second_time())
    yield fault(GROUP_TIME, "rooms-take-groups-along", r"effect\.other-conversations-stay", pairs=_groups_too)


def _back_for_others(call: Call, due: list[Pair]) -> list[Pair]:
    for one in call.app.places.get(message(call, due[0][1]).place, []) if due else []:
        for user in others(call, one):
            call.app.lost.pop((user, one.id), None)
    return due


def _repeated(call: Call, due: list[Pair]) -> list[Pair]:
    if len(set(call.ids)) == len(call.ids):
        return due
    return [*due, *((user, i) for _, i in due for user in others(call, message(call, i)))]


def _second_time() -> dict[str, Any]:
    cleared: set[str] = set()

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        again = call.owner in cleared
        cleared.add(call.owner)
        return [pair for pair in due if not (again and message(call, pair[1]).kind == "group")]

    return {"pairs": pairs}


def _groups_too(call: Call, due: list[Pair]) -> list[Pair]:
    in_groups = [(call.owner, m.id) for m in call.app.everything(call.owner) if m.kind == "group"]
    in_room = call.thread is not None and call.thread.kind == "room"
    return list(besides(lambda _: in_groups)(call, due)) if in_room else due
