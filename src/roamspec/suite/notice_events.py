"""What one notification tells of, compared with the calls of a check: a call of its user that is to be
notified, or one of which nobody, or not this user, may be notified."""

from collections.abc import Iterable, Sequence
from typing import Final

from roamspec.api.devices import DeletionNotification, Device
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Window
from roamspec.suite.notification_content import NOTIFIED_CONTENT
from roamspec.suite.rejected_calls import NOTIFIES_NOBODY as REJECTED_NOTIFIES_NOBODY
from roamspec.suite.rejected_calls import notifies_nobody
from roamspec.world.facts import Call, Facts

NAMES_PLACE: Final = "notify.names-the-conversation"
NOTIFIES_NOBODY: Final = "notify.false-tells-nobody"
CLEARING: Final = "notify.clearing-tells-nobody-else"
NOBODY_ELSE: Final = {
    None: "notify.absent-tells-nobody-else",
    "true": "notify.true-tells-nobody-else",
    "false": "notify.false-tells-nobody-else",
}
REFUTED: Final = (NAMES_PLACE, NOTIFIES_NOBODY, CLEARING, *NOBODY_ELSE.values(), *REJECTED_NOTIFIES_NOBODY)
"""The requirements that one notification may refute, beside what it must contain."""


def target_of(call: Call) -> str:
    """The conversation that a call names, as its owner has it."""
    if call.place is None:
        return ""
    return call.place.group_id or next(iter(call.place.who - {call.owner}), call.owner)


def check_event(
    case: CheckContext,
    facts: Facts,
    window: Window,
    device: Device,
    event: DeletionNotification,
    mine: Sequence[Call],
) -> None:
    """Judge one notification of `device`; `mine` are the calls of its user in the device's app, by any check.

    Nothing is judged that may tell of a call outside of the window.
    """
    where = event.conversation_id
    here = [call for call in mine if target_of(call) == where and call.outcome != "refused"]
    with_notification = [call for call in here if call.notify != "false" or call.outcome == "perhaps"]
    if event.user != device.user and event.user in _people(facts):
        _check_event_of_another(
            case, window, device, event, _last(call for call in with_notification if call in window.calls)
        )
        return
    without_notification = _last(
        call
        for call in here
        if call in window.calls
        and (not with_notification or _is_of_silent_call(event, call, with_notification))
    )
    if with_notification and not without_notification:
        _check_content(case, event, with_notification)
        return
    if without_notification:
        _fail(
            case,
            NOTIFIES_NOBODY,
            without_notification,
            f"no device of {device.user} is notified",
            f"notified of {where}",
        )
        return
    rejected = [call for call in mine if target_of(call) == where and call.outcome == "refused"]
    if rejected and not here:
        told_of = _last(call for call in rejected if call in window.calls)
        if told_of:
            _fail_rejected(case, told_of, f"no device of {device.user} is notified", f"notified of {where}")
        return
    expected_call = _last(
        c for c in mine if c in window.calls and c.outcome == "done" and c.notify != "false"
    )
    if expected_call and not window.others:
        wanted = f"{device.user} is notified of {target_of(expected_call)}"
        _fail(case, NAMES_PLACE, expected_call, wanted, f"notified of {where or 'no conversation'}")
        return
    if not expected_call:
        _check_told_to_another(
            case,
            device,
            event,
            [
                call
                for call in window.calls
                if call.owner != device.user
                and where in (call.owner, target_of(call))
                and _may_concern(call, device)
            ],
        )


def _check_told_to_another(
    case: CheckContext, device: Device, event: DeletionNotification, calls: Sequence[Call]
) -> None:
    """A device is notified of one of `calls`, all of other users: of one whose content the notification has,
    where it has any."""
    call = _last(call for call in calls if _has_content_of(event, call)) or _last(calls)
    if call is None:
        return
    wanted = "no device of another user is notified"
    actual = f"{device.user} is notified of {event.conversation_id}"
    if call.outcome == "refused":
        _fail_rejected(case, call, wanted, actual)
    else:
        _fail(case, NOBODY_ELSE.get(call.notify, "") if call.place else CLEARING, call, wanted, actual)


def _has_content_of(event: DeletionNotification, call: Call) -> bool:
    """Whether a notification lists a message, or has the time, that a call names."""
    return bool((event.message_ids or frozenset()) & frozenset(call.ids or ())) or (
        event.del_time is not None and event.del_time == call.until_ms
    )


def _is_of_silent_call(event: DeletionNotification, call: Call, notifying: Sequence[Call]) -> bool:
    """Whether an event tells of a call that was to notify nobody: of a message, or of a time, that this one
    names and none of the `notifying` ones does."""
    if call.notify != "false" or call.outcome != "done":
        return False
    named = frozenset(identifier for each in notifying for identifier in each.ids or ())
    times = {each.until_ms for each in notifying}
    told, ids = event.message_ids or frozenset(), frozenset(call.ids or ())
    return bool(told & ids - named) or (
        event.del_time is not None and event.del_time == call.until_ms not in times
    )


def _people(facts: Facts) -> frozenset[str]:
    """The users of this run: an observer may write a user's ID in a way of its own."""
    return frozenset(name for each in list(facts.conversations.values()) for name in each.members)


def _check_event_of_another(
    case: CheckContext, window: Window, device: Device, event: DeletionNotification, own: Call | None
) -> None:
    """A notice that says whose deletion it tells of, and names another user than the device's; `own` is the
    user's last call that the notice may be meant for."""
    theirs = [
        call
        for call in window.calls
        if call.owner == event.user
        and event.conversation_id in (call.owner, target_of(call))
        and _may_concern(call, device)
    ]
    if theirs:
        _check_told_to_another(case, device, event, theirs)
    elif own:
        wanted = f"a notice of {event.conversation_id} names {own.owner}, or no user"
        _fail(case, NAMES_PLACE, own, wanted, f"it names {event.user}")


def _may_concern(call: Call, device: Device) -> bool:
    """Whether a call is about a conversation of the device's user: a group, or a chat with that one."""
    return call.place is None or bool(call.place.group_id) or device.user in call.place.who


def _check_content(case: CheckContext, event: DeletionNotification, calls: Sequence[Call]) -> None:
    """A notification names what one of the calls for its conversation names."""
    if any(call.ids is None and call.until_ms is None for call in calls):
        return  # a value that is none may be told as anything
    named = frozenset(identifier for call in calls for identifier in call.ids or ())
    strange = sorted((event.message_ids or frozenset()) - named)
    times = {call.until_ms for call in calls if call.until_ms is not None}
    late = event.del_time is not None and bool(times) and event.del_time not in times
    shown = f"it lists {', '.join(strange[:3])}" if strange else f"it has the time {event.del_time}"
    if (strange and named) or late:
        _fail(case, NOTIFIED_CONTENT, calls[-1], "the notification identifies the content of the call", shown)


def _last(calls: Iterable[Call]) -> Call | None:
    return max(calls, key=lambda call: call.number, default=None)


def _fail_rejected(case: CheckContext, call: Call, wanted: str, actual: str) -> None:
    _fail(case, notifies_nobody(case.operation, call), call, wanted, actual)


def _fail(case: CheckContext, name: str, call: Call, wanted: str, actual: str) -> None:
    if case.verdicts.knows(name):
        actual = f"answered {call.answer.summary(80)}; {actual}"
        case.verdicts.check(name, False, call.answer, expected=wanted, actual=actual)
