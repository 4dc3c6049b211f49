"""Faults that show only in company: with what a message says, with another call, or with another place."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.second_service.fault import (
    ALL,
    BY_ID,
    BY_TIME,
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
from tests.second_service.fault_spec import Call, Notice
from tests.second_service.state import Pair

GONE = r"effect\..*gone|all\..*|time\..*gone"
LONG = 500
MINUTE_MS = 60_000


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield fault(op, "other-script-spared", GONE, pairs=chosen(lambda _, m: m.text.isascii()))
        yield fault(op, "long-texts-spared", GONE, pairs=chosen(lambda _, m: len(m.text) <= LONG))
        yield fault(op, "recalled-for-others", r"one-way\.others-keep-what-they-.*", pairs=_recalled)
    for op in CONVERSATIONAL:
        told = r"notify\.(?:true|absent)-tells-the-owner"
        yield fault(op, "untold-when-emptied", told, notices=lambda call, due: due if left(call) else [])
        yield fault(op, "told-once-a-conversation", told, **_notified_once())
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
        yield fault(op, "list-ends-at-a-repeat", r"effect\.known-beside-repeated", pairs=_until_repeated)
        yield fault(op, "twenty-told", r"notify\.names-what-went", notices=_twenty)
        yield fault(op, "repeats-hit-everybody", r"one-way\.others-keep-what-they-received", pairs=_repeated)
    for op in BY_TIME:
        after_all = r"time\.after-everything-deletes-all"
        yield fault(op, "days-to-come-do-nothing", after_all, pairs=_not_of_days_to_come)
        yield fault(op, "same-call-once", r"effect\.messages-gone", **_same_once())
        yield fault(
            op,
            "timestamp-is-del-time",
            r"success\.timestamp-in-milliseconds",
            answer=lambda call, answer: answer.having(timestamp=call.del_time),
        )
    yield fault(
        USER,
        "timestamp-with-a-fraction",
        r"success\.timestamp-is-a-number",
        answer=lambda _, answer: answer.having(timestamp=answer.body["timestamp"] + 0.5),
    )
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


def _recalled(call: Call, due: list[Pair]) -> list[Pair]:
    for _, identifier in due:
        one = message(call, identifier)
        there = call.app.places[one.place]
        there[there.index(one)] = call.app.by_id[identifier] = replace(one, text="")
    return due


def _until_repeated(call: Call, due: list[Pair]) -> list[Pair]:
    repeats = [place for place, each in enumerate(call.ids) if each in call.ids[:place]]
    named = call.ids[: repeats[0]] if repeats else call.ids
    return [pair for pair in due if pair[1] in named]


def _twenty(_call: Call, due: list[Notice]) -> list[Notice]:
    return [
        notice._replace(data={**notice.data, "message_ids": notice.data["message_ids"][:20]})
        for notice in due
    ]


def _notified_once() -> dict[str, Any]:
    told: set[tuple[object, ...]] = set()

    def notices(call: Call, due: list[Notice]) -> list[Notice]:
        where = (call.owner, call.thread)
        again = where in told
        if due:
            told.add(where)
        return [] if again else due

    return {"notices": notices}


def _not_of_days_to_come(call: Call, due: list[Pair]) -> list[Pair]:
    return [] if call.del_time is not None and call.del_time > call.app.now_ms() + MINUTE_MS else due


def _same_once() -> dict[str, Any]:
    seen: set[tuple[object, ...]] = set()

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        which = (call.owner, call.thread, call.del_time)
        again = which in seen
        seen.add(which)
        return [] if again else due

    return {"pairs": pairs}
