"""Faults that show in recent messages, in lists, and in some responses only."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.second_service.fault import ALL, USER, Fault, chosen, fault, message, others
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.state import App, Change, Message, Pair, Thread
from tests.second_service.web import Answer

GONE = r"effect\..*gone|all\..*|time\..*gone"
ONE_WAY = r"one-way\..*"
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
Condition = Callable[[Call, Message], bool]


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _recent(op)
        yield from _lists(op)
        yield from _answers(op)
        yield fault(op, "repeat-brings-back", r"effect\.same-call-twice-harmless", **_toggled())
        yield fault(
            op,
            "overlapping-500",
            r"effect\.concurrent-calls-no-server-error",
            slow_s=0.02,
            refusal=lambda c, r: r or (_broken() if c.overlapping else None),
        )


def _broken() -> Answer:
    return Answer(500, {"error": "internal", "error_description": "unexpected"})


def _toggled() -> dict[str, Any]:
    """The same call once more undoes what the first did."""
    did: dict[tuple[str, str], list[Pair]] = {}

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        key = (call.owner, call.request.raw_query.replace("&isNotify=false", ""))
        for pair in did.pop(key, []):
            call.app.lost.pop(pair, None)
        if due:
            did[key] = due
        return due

    return {"pairs": pairs}


def _age_ms(call: Call, one: Message) -> int:
    return call.app.now_ms() - one.time_ms


def _older_than(ms: int) -> Condition:
    return lambda call, one: _age_ms(call, one) > ms


def _younger_than(ms: int) -> Condition:
    return lambda call, one: _age_ms(call, one) <= ms


def _recent(op: Operation) -> Iterator[Fault]:
    for name, most in (("five-seconds", 5_000), ("half-a-minute", 30_000)):
        yield fault(
            op,
            f"younger-than-{name}-spared",
            GONE,
            pairs=chosen(_older_than(most)),
        )
        yield fault(
            op,
            f"younger-than-{name}-withdrawn",
            ONE_WAY,
            pairs=_for_others_too(_younger_than(most)),
        )
    yield fault(
        op,
        "older-than-two-minutes-spared",
        GONE,
        pairs=chosen(lambda c, m: _age_ms(c, m) < 2 * MINUTE_MS),
    )


def _for_others_too(when: Condition) -> Callable[[Call, list[Pair]], list[Pair]]:
    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        found = [message(call, i) for _, i in due]
        return [*due, *((u, m.id) for m in found if when(call, m) for u in others(call, m))]

    return pairs


def _lists(op: Operation) -> Iterator[Fault]:
    for name, back in (
        ("own", lambda user, m: m.sender == user),
        ("received", lambda user, m: m.sender != user),
    ):
        yield fault(
            op, f"listed-again-for-{name}-only", r"list\.returns-with-a-new-message", **_listed_again(back)
        )
    yield fault(
        op,
        "last-members-list-too",
        r"one-way\.others-keep-the-conversation",
        changes=lambda c, due: [*due, *_of_the_last_member(c, due)],
    )


def _listed_again(when: Callable[[str, Message], bool]) -> dict[str, Any]:
    emptied: set[tuple[str, Thread]] = set()

    def note(_call: Call, due: list[Change]) -> list[Change]:
        emptied.update((change.user, change.thread) for change in due)
        return due

    def hold(_app: App, arrived: Message, changes: list[Change]) -> None:
        changes[:] = [c for c in changes if (c.user, c.thread) not in emptied or when(c.user, arrived)]

    return {"changes": note, "arrival": hold}


def _of_the_last_member(call: Call, due: list[Change]) -> list[Change]:
    found = []
    for change in due:
        room = call.app.rooms_and_groups.get(change.thread.partner)
        if change.thread.kind == "chat":
            found.append(Change(change.thread.partner, Thread("chat", call.owner), False))
        elif room is not None:
            found.append(Change([u for u in room.joined if u != call.owner][-1], change.thread, False))
    return found


def _answers(op: Operation) -> Iterator[Fault]:
    yield fault(
        op,
        "timestamp-an-hour-old",
        r"success\.timestamp-in-milliseconds",
        answer=lambda _, a: a.having(timestamp=a.body["timestamp"] - HOUR_MS),
    )
    first: list[int] = []

    def frozen(_call: Call, answer: Answer) -> Answer:
        first.append(answer.body["timestamp"])
        return answer.having(timestamp=first[0])

    yield fault(op, "timestamp-of-the-first-answer", r"success\.timestamp-moves", answer=frozen)
    if op is not USER:
        yield fault(
            op,
            "false-answered-otherwise",
            r"success\.request-status-code-ok",
            answer=lambda c, a: a if c.notify else a.having(requestStatusCode="silent"),
        )
    yield fault(
        op,
        "nothing-done-answered-otherwise",
        r"success\.request-status-code-ok",
        **_answered_otherwise(),
    )


def _answered_otherwise() -> dict[str, Any]:
    idle: set[int] = set()

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        if not due:
            idle.add(id(call))
        return due

    def answer(call: Call, given: Answer) -> Answer:
        if id(call) not in idle:
            return given
        idle.discard(id(call))
        return given.having(requestStatusCode="none")

    return {"pairs": pairs, "answer": answer}
