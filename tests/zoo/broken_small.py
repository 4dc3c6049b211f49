"""Faults in one small way: of some messages, members, names, lists, times or tokens only."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.zoo.broken_notices import notice_of
from tests.zoo.chronicle import App, Change, Message, Pair, Thread
from tests.zoo.fault import (
    ALL,
    BY_ID,
    BY_TIME,
    GROUP_TIME,
    IN_CHAT,
    IN_GROUP,
    USER,
    Fault,
    besides,
    chosen,
    fault,
    left,
    message,
    others,
)
from tests.zoo.twist import Call, Notice, Operation
from tests.zoo.web import Answer

GONE = r"effect\..*gone|all\..*"
ONE_WAY = r"one-way\..*"
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _recent(op)
        yield from _lists(op)
        yield from _answers(op)
        yield from _tokens(op)
        yield fault(
            op,
            "shorter-owner-names",
            r"tenancy\.longer-owner-name-keeps-messages",
            pairs=besides(_of_owners(lambda name, owner: owner.startswith(name))),
        )
        yield fault(op, "repeat-brings-back", r"effect\.same-call-twice-harmless", **_toggled())
        yield fault(
            op,
            "overlapping-500",
            r"effect\.concurrent-calls-all-count",
            slow_s=0.02,
            refusal=lambda c, r: r or (_broken() if c.overlapping else None),
        )
    for op in (*IN_GROUP, USER):
        yield from _groups(op)
    for op in IN_CHAT:
        yield fault(
            op,
            "shorter-peer-names",
            r"tenancy\.longer-peer-name-keeps-messages",
            pairs=besides(_with_shorter_peers),
        )
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
    for circle in call.app.circles.values():
        circle.joined.pop(call.owner, None)
    return due


def _broken(status: int = 500) -> Answer:
    return Answer(status, {"error": "internal", "error_description": "unexpected"})


Condition = Callable[[Call, Message], bool]


def _age_ms(call: Call, one: Message) -> int:
    return call.app.now_ms() - one.time_ms


def _older_than(ms: int) -> Condition:
    return lambda call, one: _age_ms(call, one) > ms


def _younger_than(ms: int) -> Condition:
    return lambda call, one: _age_ms(call, one) <= ms


def _but(kind: str, *, own: bool) -> Condition:
    """All but the owner's own messages (or all but those of others) in conversations of a kind."""
    return lambda call, one: one.kind != kind or (one.sender == call.owner) != own


def _recent(op: Operation) -> Iterator[Fault]:
    for name, most in (("five-seconds", 5_000), ("half-a-minute", 30_000)):
        yield fault(
            op,
            f"younger-than-{name}-spared",
            GONE + r"|time\..*gone",
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
        GONE + r"|time\..*gone",
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
        circle = call.app.circles.get(change.thread.partner)
        if change.thread.kind == "chat":
            found.append(Change(change.thread.partner, Thread("chat", call.owner), False))
        elif circle is not None:
            found.append(Change([u for u in circle.joined if u != call.owner][-1], change.thread, False))
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


def _tokens(op: Operation) -> Iterator[Fault]:
    def extends_one(call: Call, text: str) -> bool:
        return any(text.startswith(token) and text != token for token in call.known_tokens)

    def longer(call: Call) -> bool:
        return extends_one(call, call.request.headers.get("authorization", "").partition(" ")[2])

    def bare(call: Call) -> bool:
        return call.request.headers.get("authorization", "") in call.known_tokens

    for name, slug, when in (
        ("longer-token", "malformed-token", longer),
        ("token-without-scheme", "wrong-scheme", bare),
    ):
        yield fault(
            op,
            f"{name}-accepted",
            rf"auth\.{slug}-refused",
            checks={"auth": lambda c, a, w=when: None if a is not None and w(c) else a},
        )


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


def _of_owners(like: Callable[[str, str], bool]) -> Callable[[Call], list[Pair]]:
    return lambda call: [
        (user, m.id)
        for user in call.app.people
        if user != call.owner and like(user, call.owner)
        for m in call.app.everything(user)
    ]


def _with_shorter_peers(call: Call) -> list[Pair]:
    thread = call.thread
    return [
        (call.owner, m.id)
        for m in call.app.everything(call.owner)
        if thread
        and m.kind == "chat"
        and thread.partner.startswith(m.thread_of(call.owner).partner)
        and m.thread_of(call.owner) != thread
    ]


def _groups(op: Operation) -> Iterator[Fault]:
    yield fault(
        op,
        "third-speaker-spared",
        GONE + r"|time\..*gone",
        pairs=chosen(lambda c, m: m.kind != "group" or m.sender in _first_two(c, m)),
    )
    yield fault(
        op,
        "only-the-creators-own-groups",
        GONE + r"|request\.path-user-owns-what-goes",
        pairs=chosen(lambda c, m: m.kind != "group" or c.app.circles[m.receiver].owner == c.owner),
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
        r"effect\.repeated-id-harmless",
        pairs=lambda c, due: [pair for pair in due if c.ids.count(pair[1]) == 1],
    )
    yield fault(
        op,
        "far-more-refused-but-done",
        r"limit\.fifty-one-deletes-nothing",
        done_though_refused=lambda c, _: len(c.ids) > 90,
    )
    yield fault(
        op,
        "far-more-refused-but-told",
        r"limit\.fifty-one-notifies-nobody",
        told_though_refused=lambda c, _: len(c.ids) > 90,
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
        circle = call.app.circles[call.thread.partner] if call.thread else None
        users = [user for user in circle.joined if user != call.owner] if circle else []
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
    return call.thread is not None and call.app.circles[call.thread.partner].owner == call.owner


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
