"""Faults in conversation lists."""

from collections.abc import Iterator

from tests.second_service.fault import ALL, CONVERSATIONAL, USER, Fault, fault
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.state import App, Change, Message, Thread


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _any(op)
    for op in CONVERSATIONAL:
        yield from _conversational(op)
    for kind in ("chat", "group"):
        yield fault(
            USER,
            f"{kind}s-stay-listed",
            r"list\.all-conversations-leave",
            changes=lambda _, due, k=kind: [change for change in due if change.thread.kind != k],
        )
    yield fault(
        USER,
        "first-conversation-stays-listed",
        r"list\.all-conversations-leave",
        changes=lambda _, due: due[1:],
    )


class _Emptied:
    """Conversations that the broken operation took from a list."""

    def __init__(self) -> None:
        self.threads: set[tuple[str, Thread]] = set()

    def note(self, _call: Call, due: list[Change]) -> list[Change]:
        self.threads.update((change.user, change.thread) for change in due)
        return due

    def hold(self, _app: App, _arrived: Message, changes: list[Change]) -> None:
        changes[:] = [change for change in changes if (change.user, change.thread) not in self.threads]


def _any(op: Operation) -> Iterator[Fault]:
    emptied = _Emptied()
    yield fault(
        op, "stays-listed", r"list\.(?:leaves.*|several.*|all-conversations-leave)", changes=lambda _c, _d: []
    )
    yield fault(
        op,
        "never-listed-again",
        r"list\.returns-with-a-new-message",
        changes=emptied.note,
        arrival=emptied.hold,
    )
    yield fault(
        op,
        "leaves-the-others-lists-too",
        r"one-way\.others-keep-the-conversation",
        changes=lambda c, due: [*due, *_for_the_others(c, due)],
    )


def _for_the_others(call: Call, due: list[Change]) -> list[Change]:
    found = []
    for change in due:
        if change.thread.kind == "chat":
            found.append(Change(change.thread.partner, Thread("chat", call.owner), False))
            continue
        room = call.app.rooms_and_groups.get(change.thread.partner)
        found += [Change(user, change.thread, False) for user in (room.joined if room else ())]
    return found


def _conversational(op: Operation) -> Iterator[Fault]:
    yield fault(
        op,
        "leaves-too-early",
        r"list\.stays-while-a-message-is-left",
        changes=lambda c, due: [*due, Change(c.owner, c.thread, False)] if c.thread else due,
    )
    yield fault(
        op,
        "leaves-with-one-message-left",
        r"list\.stays-while-a-message-is-left",
        changes=lambda c, due: [*due, *_almost_empty(c)],
    )
    yield fault(
        op, "only-a-single-call-takes-from-the-list", r"list\.several-calls-add-up", changes=_only_at_once
    )
    yield fault(op, "moves-up-in-the-list", r"list\.order-stays", decisive=False, changes=_moving_up)
    yield fault(
        op,
        "other-conversations-leave-the-list",
        r"list\.other-conversations-stay",
        changes=lambda c, due: [
            *due,
            *(Change(c.owner, t, False) for t in c.app.listed(c.owner) if t != c.thread),
        ],
    )


def _almost_empty(call: Call) -> list[Change]:
    if call.thread is None or len(call.app.view(call.owner, call.thread)) != 1:
        return []
    return [Change(call.owner, call.thread, False)]


def _moving_up(call: Call, due: list[Change]) -> list[Change]:
    """The conversation stands first in the owner's list, as with a new message."""
    if call.thread is not None:
        call.app.moved_up[call.owner, call.thread] = call.app.now_ms()
    return due


_seen: dict[tuple[int, str, Thread], int] = {}


def _only_at_once(call: Call, due: list[Change]) -> list[Change]:
    """The conversation leaves only if one call alone emptied it."""
    kept = []
    for change in due:
        key = (id(call.app), change.user, change.thread)
        if _seen.get(key, 0) == 0:
            kept.append(change)
    if call.thread is not None:
        key = (id(call.app), call.owner, call.thread)
        _seen[key] = _seen.get(key, 0) + 1
    return kept
