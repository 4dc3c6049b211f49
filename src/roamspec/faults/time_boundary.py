"""Faults of the point in time."""

from collections.abc import Callable, Iterable, Sequence

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_TIME, Step, Wrapper, fault
from roamspec.faults.side_effects import carry_out, is_room
from roamspec.faults.step_mutators import choosing, refusing, understood

_GROUPS = ("clearGroupBefore",)


def _at(change: Callable[[Deletion], int], *, rooms: bool = False) -> Wrapper:
    """Another time is taken; the notification still names the one that was sent."""

    def choice(
        deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
    ) -> Iterable[StoredMessage]:
        if rooms and not is_room(deletion, view.conversation):
            return found
        return view.through(change(deletion))

    return choosing(choice)


for name, change, refuted, sentence in (
    (
        "boundary-kept",
        lambda d: d.time_ms - 1,
        ("time.at-del-time-gone",),
        "The message at exactly delTime is retained.",
    ),
    (
        "one-millisecond-too-far",
        lambda d: d.time_ms + 1,
        ("time.one-millisecond-later-stays",),
        "The message one millisecond after delTime is deleted too.",
    ),
    (
        "two-milliseconds-kept",
        lambda d: d.time_ms - 2,
        ("time.one-millisecond-earlier-gone",),
        "The message one millisecond before delTime is retained.",
    ),
    (
        "cut-to-seconds",
        lambda d: d.time_ms // 1000 * 1000,
        ("time.at-del-time-gone",),
        "delTime is rounded down to whole seconds.",
    ),
    (
        "messages-cut-to-seconds",
        lambda d: d.time_ms // 1000 * 1000 + 999,
        ("time.one-millisecond-later-stays",),
        "Message times are rounded down to whole seconds for the comparison.",
    ),
    (
        "second-kept",
        lambda d: d.time_ms - 1001,
        ("time.one-second-earlier-gone",),
        "Messages of the second before delTime are retained.",
    ),
    (
        "second-too-far",
        lambda d: d.time_ms + 1000,
        ("time.one-second-later-stays",),
        "Messages of the second after delTime are deleted too.",
    ),
    (
        "minute-too-far",
        lambda d: d.time_ms + 60_000,
        ("time.later-messages-stay",),
        "Messages of the minute after delTime are deleted too.",
    ),
    (
        "now-instead",
        lambda d: d.context.now,
        ("time.later-messages-stay",),
        "delTime is ignored: everything until now is deleted.",
    ),
    (
        "zero-means-now",
        lambda d: d.time_ms or d.context.now,
        ("time.zero-deletes-nothing",),
        "A delTime of zero means now.",
    ),
    (
        "seconds-understood",
        lambda d: d.time_ms * 1000 if 0 < d.time_ms < 10**11 else d.time_ms,
        ("time.seconds-are-not-taken-for-milliseconds",),
        "A small delTime is read as seconds.",
    ),
    (
        "future-deletes-nothing",
        lambda d: d.time_ms if d.time_ms < max((m.time_ms for v in d.views for m in v), default=0) else -1,
        ("time.after-everything-deletes-all",),
        "A delTime after the last message deletes nothing.",
    ),
    (
        "time-to-come-deletes-nothing",
        lambda d: d.time_ms if d.time_ms <= d.context.now + 1000 else -1,
        ("time.after-everything-deletes-all",),
        "A delTime in the future deletes nothing, and the response is a success.",
    ),
    (
        "taken-for-seconds",
        lambda d: d.time_ms * 1000,
        ("time.later-messages-stay",),
        "delTime is always read as seconds.",
    ),
    (
        "time-zone-added",
        lambda d: d.time_ms + 8 * 3_600_000,
        ("time.later-messages-stay",),
        "delTime is read in another time zone, eight hours later.",
    ),
    (
        "time-zone-subtracted",
        lambda d: d.time_ms - 8 * 3_600_000,
        ("time.at-del-time-gone",),
        "delTime is read in another time zone, eight hours earlier.",
    ),
):
    fault(f"time.{name}", at="select", operations=BY_TIME, refutes=refuted, sentence=sentence)(_at(change))


def _one_of_a_millisecond(
    _deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    """Of messages with one time only the first is looked at."""
    times: set[int] = set()
    for message in found:
        if message.time_ms not in times:
            times.add(message.time_ms)
            yield message


def _last_of_a_millisecond(
    _deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    """Of messages with one time only the last is looked at."""
    return {message.time_ms: message for message in found}.values()


def _oldest_for_zero(
    deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return found if deletion.time_ms else list(view)[:1]


def _at_least_the_oldest(
    _deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return found or list(view)[:1]


def _nearest_too(
    _deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return list(view)[: len(found) + 1] if found else found


def _all_but_the_last_found(
    _deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return found[:-1] if len(found) < len(view) else found


for name, choice, refuted, sentence in (
    (
        "one-of-a-millisecond",
        _one_of_a_millisecond,
        ("time.same-millisecond-all-gone",),
        "Of several messages at one millisecond, only one is deleted.",
    ),
    (
        "last-of-a-millisecond",
        _last_of_a_millisecond,
        ("time.same-millisecond-all-gone",),
        "Of several messages at one millisecond, only the last is deleted.",
    ),
    (
        "zero-takes-the-oldest",
        _oldest_for_zero,
        ("time.zero-deletes-nothing",),
        "A delTime of zero deletes the oldest message.",
    ),
    (
        "oldest-always-goes",
        _at_least_the_oldest,
        ("time.before-everything-deletes-nothing",),
        "The oldest message is deleted even when delTime is before it.",
    ),
    (
        "next-message-goes",
        _nearest_too,
        ("time.between-two-messages",),
        "The first message after delTime is deleted too.",
    ),
    (
        "last-message-before-kept",
        _all_but_the_last_found,
        ("time.between-two-messages",),
        "The last message before delTime is retained.",
    ),
):
    fault(f"time.{name}", at="select", operations=BY_TIME, refutes=refuted, sentence=sentence)(
        choosing(choice)
    )
fault(
    "time.newer-deleted-instead",
    at="select",
    operations=BY_TIME,
    refutes=("time.later-messages-stay", "effect.messages-gone"),
    sentence="Later messages are deleted, earlier ones are retained.",
)(choosing(lambda _deletion, view, found: list(view)[len(found) :]))


def _older_than(days: int) -> Callable[[IncomingRequest], bool]:
    def old(request: IncomingRequest) -> bool:
        text = request.query.get("delTime", "")
        return text.isdecimal() and 0 < int(text) < request.now - days * 86_400_000

    return old


fault(
    "time.old-time-refused",
    at="parse",
    operations=BY_TIME,
    refutes=("time.old-time-accepted",),
    sentence="A delTime of more than ninety days ago is rejected.",
)(refusing(_older_than(90), "impossible-value"))
fault(
    "time.old-time-crashes",
    at="parse",
    operations=BY_TIME,
    refutes=("time.old-time-accepted",),
    sentence="A delTime of more than a year ago crashes the call.",
)(refusing(_older_than(366), "unknown-path-500"))


def _older_means_all(request: IncomingRequest, deletion: Deletion) -> None:
    if _older_than(366)(request):
        deletion.time_ms = request.now


fault(
    "time.old-time-clears",
    at="parse",
    operations=BY_TIME,
    refutes=("time.before-everything-deletes-nothing",),
    sentence="A delTime of more than a year ago clears the conversation.",
)(understood(_older_means_all))


def _before_everything(request: IncomingRequest) -> bool:
    text = request.query.get("delTime", "")
    kind = request.deletion
    if not text.isdecimal() or int(text) < 10**12 or not kind:
        return False
    times = [message.time_ms for view in request.app.store.views(request.user()) for message in view]
    return bool(times) and int(text) < min(times)


fault(
    "time.before-everything-not-found",
    at="parse",
    operations=BY_TIME,
    refutes=("time.before-everything-accepted",),
    sentence="A delTime before all messages is answered with 404.",
)(refusing(_before_everything, "unknown-path"))


def _time(request: IncomingRequest) -> int | None:
    text = request.query.get("delTime", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _is_zero(request: IncomingRequest) -> bool:
    return _time(request) == 0


def _counts_seconds(request: IncomingRequest) -> bool:
    return len(request.query.get("delTime", "")) == 10 and _time(request) is not None


def _is_to_come(request: IncomingRequest) -> bool:
    return (_time(request) or 0) > request.now + 86_400_000


for name, when, what in (
    ("zero", _is_zero, "of zero"),
    ("seconds", _counts_seconds, "that counts seconds"),
    ("to-come", _is_to_come, "to come"),
):
    fault(
        f"time.{name}-crashes",
        at="parse",
        operations=BY_TIME,
        refutes=(f"time.{name}-no-server-error",),
        sentence=f"A delTime {what} crashes the call.",
    )(refusing(when, "unknown-path-500"))


@fault(
    "time.to-come-refused-after-deleting",
    at="parse",
    operations=BY_TIME,
    refutes=("time.to-come-rejected-deletes-nothing",),
    sentence="A delTime in the future is rejected after everything up to it is deleted.",
)
def to_come_refused_after_deleting(step: Step) -> Step:
    def parse(request: IncomingRequest) -> Deletion:
        deletion: Deletion = step(request)
        if _is_to_come(request):
            carry_out(deletion)
            raise ApiError("impossible-value")
        return deletion

    return parse


# --- chatrooms

for name, change, refuted, sentence in (
    (
        "room-boundary-kept",
        lambda d: d.time_ms - 1,
        ("time.room-at-del-time-gone",),
        "In a chatroom, the message at exactly delTime is retained.",
    ),
    (
        "room-now-instead",
        lambda d: d.context.now,
        ("time.room-later-messages-stay",),
        "In a chatroom, delTime is ignored.",
    ),
    (
        "room-second-too-far",
        lambda d: d.time_ms + 1000,
        ("time.room-later-messages-stay",),
        "In a chatroom, messages of the second after delTime are deleted too.",
    ),
    (
        "room-cut-to-seconds",
        lambda d: d.time_ms // 1000 * 1000,
        ("time.room-at-del-time-gone",),
        "In a chatroom delTime is rounded down to whole seconds.",
    ),
):
    fault(f"time.{name}", at="select", operations=_GROUPS, refutes=refuted, sentence=sentence)(
        _at(change, rooms=True)
    )
