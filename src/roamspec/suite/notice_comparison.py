"""What online devices were notified, compared with all calls of a check.

The owner's are notified of each call that asked for it, of no other conversation and of no other message;
nobody else's are notified.

How often a device is notified of one call is not said, nor whether one is notified of a call that deleted
nothing.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from roamspec.api.devices import DeletionNotification, Device
from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Window, expected
from roamspec.suite.notification_content import NOTIFIED_CONTENT, all_notified
from roamspec.suite.notification_waits import (
    NOTIFIED_WHEN_ABSENT,
    NOTIFIED_WHEN_TRUE,
    await_notification,
    settle_time,
)
from roamspec.suite.notified_calls import NotifiedCall, are_notified
from roamspec.world.conversations import Message
from roamspec.world.facts import Call, Facts

NAMES_PLACE: Final = "notify.names-the-conversation"
NOTIFIES_NOBODY: Final = "notify.false-tells-nobody"
CLEARING: Final = "notify.clearing-tells-nobody-else"
NOBODY_ELSE: Final = {
    None: "notify.absent-tells-nobody-else",
    "true": "notify.true-tells-nobody-else",
    "false": "notify.false-tells-nobody-else",
}
COMPARED: Final = (NAMES_PLACE, NOTIFIES_NOBODY, CLEARING, *NOBODY_ELSE.values())
"""The requirements that this may refute, beside those that any check may."""


def compare_notices(case: CheckContext, facts: Facts, window: Window) -> None:
    """Judge what every device of the check was notified."""
    if any(_ends_silently(window, world.online) for world in case.worlds):
        settle_time(case)
    for world in case.worlds:
        for online_since, device in world.online:
            mine = [c for c in facts.calls if c.owner == device.user and c.app == world.app.key]
            if any(call.place is None and call.outcome != "refused" for call in mine):
                continue  # who was cleared may be notified of it, in whatever words
            try:
                _check_owner_notified(
                    case, facts, window, device, [c for c in mine if c.number > online_since]
                )
            except TargetError:
                continue  # the stream ended: nobody knows what this device was notified
            for event in device.events:
                _check_event(case, facts, window, device, event, mine)


def _ends_silently(window: Window, online: Sequence[tuple[int, Device]]) -> bool:
    """Whether the last call for somebody who is online was to notify nobody: nothing that must come says when
    what must not come would have been there."""
    last = {call.owner: call for call in window.calls if call.outcome != "refused"}
    return any(device.user in last and last[device.user].notify == "false" for _, device in online)


def target_of(call: Call) -> str:
    """The conversation that a call names, as its owner has it."""
    if call.place is None:
        return ""
    return call.place.group_id or next(iter(call.place.who - {call.owner}), call.owner)


def _check_owner_notified(
    case: CheckContext, facts: Facts, window: Window, device: Device, mine: Sequence[Call]
) -> None:
    """Of each call that deleted something for certain and was not to be silent: each is notified, by itself
    or together with others."""
    due: dict[str, list[NotifiedCall]] = {}
    for call in mine:
        if call.outcome != "done" or call.notify == "false" or not call.place:
            continue
        deleted = [one for one in expected(facts, call.place, device.user).values() if one.by is call]
        if not deleted:
            continue
        where = target_of(call)
        due.setdefault(where, []).append(NotifiedCall(frozenset(call.ids or ()), call.until_ms))
        if call not in window.calls:
            continue
        enough = partial(are_notified, tuple(due[where]))
        notified = await_notification(case, device, where, enough=enough)
        count = len(device.about(where))
        case.verdicts.check(
            NOTIFIED_WHEN_TRUE if call.notify else NOTIFIED_WHEN_ABSENT,
            notified,
            call.answer,
            expected=f"every online device of {device.user} is notified of the conversation {where}, "
            f"{len(due[where])} times by now",
            actual=f"answered {call.answer.summary(80)}; the device {device.name} is notified {count} times",
        )
        named = [Message(one.identifier, one.sender, 0) for one in deleted]
        if notified and call.ids is not None:
            _check_all_listed(case, call, device, where, named)
        if notified and call.until_ms is not None and count >= len(due[where]):
            _check_time(case, call, device, where)


def _check_time(case: CheckContext, call: Call, device: Device, where: str) -> None:
    """Where every notification of the conversation names a time, one names that of the call."""
    times = [event.del_time for event in device.about(where)]
    case.verdicts.check(
        NOTIFIED_CONTENT,
        None in times or call.until_ms in times,
        call.answer,
        expected=f"a notification with the time of the call, {call.until_ms}",
        actual=f"the times {', '.join(map(str, times))}",
    )


def _check_all_listed(
    case: CheckContext, call: Call, device: Device, where: str, named: Sequence[Message]
) -> None:
    naming_messages = [
        event for event in all_notified(case, device, where, named, 0) if event.message_ids is not None
    ]
    said = frozenset[str]().union(*(event.message_ids or () for event in naming_messages))
    lacking = sorted({message.id for message in named} - said)
    case.verdicts.check(
        NOTIFIED_CONTENT,
        not naming_messages or not lacking,
        call.answer,
        expected="notifications that list the messages of a call list all of them",
        actual=f"{len(lacking)} of {len(named)} are in none: {', '.join(lacking[:3])}",
    )


def _check_event(
    case: CheckContext,
    facts: Facts,
    window: Window,
    device: Device,
    event: DeletionNotification,
    mine: Sequence[Call],
) -> None:
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
    expected_call = _last(
        c for c in mine if c in window.calls and c.outcome == "done" and c.notify != "false"
    )
    if expected_call and not window.others:
        wanted = f"{device.user} is notified of {target_of(expected_call)}"
        _fail(case, NAMES_PLACE, expected_call, wanted, f"notified of {where or 'no conversation'}")
        return
    if not expected_call:
        other = _last(
            call
            for call in window.calls
            if call.owner != device.user
            and where in (call.owner, target_of(call))
            and _may_concern(call, device)
        )
        if other:
            name = NOBODY_ELSE.get(other.notify, "") if other.place else CLEARING
            _fail(
                case,
                name,
                other,
                "no device of another user is notified",
                f"{device.user} is notified of {where}",
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
    theirs = _last(
        call
        for call in window.calls
        if call.owner == event.user
        and event.conversation_id in (call.owner, target_of(call))
        and _may_concern(call, device)
    )
    if theirs:
        name = NOBODY_ELSE.get(theirs.notify, "") if theirs.place else CLEARING
        actual = f"{device.user} is notified of {event.conversation_id}"
        _fail(case, name, theirs, "no device of another user is notified", actual)
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


def _fail(case: CheckContext, name: str, call: Call, wanted: str, actual: str) -> None:
    if case.verdicts.knows(name):
        actual = f"answered {call.answer.summary(80)}; {actual}"
        case.verdicts.check(name, False, call.answer, expected=wanted, actual=actual)
