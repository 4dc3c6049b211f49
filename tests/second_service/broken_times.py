"""Faults in which moment counts, of the two calls that clear up to a time."""

from collections.abc import Callable, Iterator

from tests.second_service.fault import BY_TIME, GROUP_TIME, Fault, fault, left
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.state import Message, Pair
from tests.second_service.web import Answer

Rule = Callable[[Message, int], bool]


def faults() -> Iterator[Fault]:
    for op in BY_TIME:
        yield from _boundary(op)
        yield from _units(op)
        yield from _strange(op)
    yield fault(
        GROUP_TIME,
        "room-refused",
        r"request\.chatroom-id-accepted",
        refusal=lambda c, r: r or (_error(400) if c.thread and c.thread.kind == "room" else None),
    )
    yield fault(
        GROUP_TIME,
        "room-untouched",
        r"request\.chatroom-id-accepted|time\.room-at-del-time-gone",
        pairs=lambda c, d: [] if c.thread and c.thread.kind == "room" else d,
    )
    yield fault(
        GROUP_TIME,
        "room-boundary-excluded",
        r"time\.room-at-del-time-gone",
        pairs=lambda c, d: _meeting(c, lambda m, t: m.time_ms < t) if _in_room(c) else d,
    )
    yield fault(
        GROUP_TIME,
        "room-cleared-whole",
        r"time\.room-later-messages-stay",
        pairs=lambda c, d: _meeting(c, lambda _m, _t: True) if _in_room(c) else d,
    )


def _in_room(call: Call) -> bool:
    return call.thread is not None and call.thread.kind == "room"


def _error(status: int) -> Answer:
    return Answer(status, {"error": "illegal_argument", "error_description": "this is an invalid request."})


def _meeting(call: Call, rule: Rule) -> list[Pair]:
    if call.del_time is None:
        return []
    return [(call.owner, m.id) for m in left(call) if rule(m, call.del_time)]


def _by(op: Operation, name: str, expect: str, rule: Rule) -> Fault:
    return fault(op, name, rf"time\.(?:{expect})", pairs=lambda c, _d: _meeting(c, rule))


def _boundary(op: Operation) -> Iterator[Fault]:
    yield _by(op, "boundary-excluded", "at-del-time-gone|same-millisecond.*", lambda m, t: m.time_ms < t)
    yield _by(op, "a-millisecond-more", "one-millisecond-later-stays", lambda m, t: m.time_ms <= t + 1)
    yield _by(
        op,
        "two-milliseconds-less",
        "one-millisecond-earlier-gone|at-del-time.*",
        lambda m, t: m.time_ms <= t - 2,
    )
    yield _by(op, "a-second-more", "one-second-later-stays", lambda m, t: m.time_ms <= t + 1000)
    yield _by(op, "a-second-less", "one-second-earlier-gone|at-del-time.*", lambda m, t: m.time_ms < t - 1000)
    yield _by(op, "cut-to-seconds", "at-del-time-gone", lambda m, t: m.time_ms <= t // 1000 * 1000)
    yield _by(
        op,
        "rounded-up-to-seconds",
        "one-millisecond-later-stays|.*later.*",
        lambda m, t: m.time_ms <= t // 1000 * 1000 + 999,
    )
    yield _by(
        op,
        "seconds-compared",
        "one-millisecond-later-stays|.*later.*",
        lambda m, t: m.time_ms // 1000 <= t // 1000,
    )
    yield _by(op, "newer-instead", ".*", lambda m, t: m.time_ms >= t)
    yield _by(op, "strictly-newer-instead", ".*", lambda m, t: m.time_ms > t)
    yield _by(op, "only-that-moment", "one-second-earlier-gone|.*gone", lambda m, t: m.time_ms == t)
    yield _by(op, "time-ignored", ".*stays?|.*nothing", lambda _m, _t: True)
    yield fault(
        op,
        "one-of-a-millisecond",
        r"time\.same-millisecond-all-gone",
        pairs=lambda c, d: [p for p in d if p[1] not in _twins(c)],
    )
    yield fault(
        op,
        "until-now",
        r"time\.(?:later-messages-stay|.*stays?|.*nothing|between.*)",
        pairs=lambda c, _d: [(c.owner, m.id) for m in left(c) if m.time_ms <= c.app.now_ms()],
    )


def _twins(call: Call) -> set[str]:
    """Messages that share their millisecond with an earlier one."""
    seen: set[int] = set()
    found = set()
    for one in left(call):
        if one.time_ms in seen:
            found.add(one.id)
        seen.add(one.time_ms)
    return found


def _units(op: Operation) -> Iterator[Fault]:
    yield _by(op, "taken-for-seconds", ".*stays?|.*nothing", lambda m, t: m.time_ms <= t * 1000)
    yield _by(op, "taken-for-microseconds", ".*gone|.*all", lambda m, t: m.time_ms <= t // 1000)
    yield _by(
        op,
        "small-taken-for-seconds",
        "seconds-are-not-taken-for-milliseconds",
        lambda m, t: m.time_ms <= (t * 1000 if 0 < t < 10**11 else t),
    )
    yield _by(op, "eight-hours-east", ".*stays?|.*nothing", lambda m, t: m.time_ms <= t + 8 * 3_600_000)
    yield _by(op, "eight-hours-west", ".*gone|.*all", lambda m, t: m.time_ms <= t - 8 * 3_600_000)
    yield _by(op, "thirty-two-bits", ".*gone|.*all", lambda m, t: m.time_ms <= t % 2**32)


def _strange(op: Operation) -> Iterator[Fault]:
    yield _by(op, "zero-means-all", "zero-deletes-nothing", lambda m, t: m.time_ms <= t or t == 0)
    yield fault(op, "zero-500", r"time\.zero-no-server-error", refusal=_when(lambda t, _: t == 0, 500))
    yield fault(op, "old-time-400", r"time\.old-time-accepted", refusal=_when(_is_old, 400))
    yield _by(
        op,
        "old-time-means-all",
        "old-time.*|.*before-everything.*|.*nothing",
        lambda m, t: m.time_ms <= t or 0 < t < 1_700_000_000_000,
    )
    yield fault(
        op,
        "nothing-below-last",
        r"time\.between-two-messages|time\..*gone",
        pairs=lambda c, d: (
            d if left(c) and c.del_time is not None and left(c)[-1].time_ms <= c.del_time else []
        ),
    )


def _is_old(time_ms: int, now_ms: int) -> bool:
    return 10**12 < time_ms < now_ms - 180 * 24 * 3_600_000


def _when(rule: Callable[[int, int], bool], status: int) -> Callable[[Call, Answer | None], Answer | None]:
    def refusal(call: Call, found: Answer | None) -> Answer | None:
        if found is None and call.del_time is not None and rule(call.del_time, call.app.now_ms()):
            return _error(status)
        return found

    return refusal
