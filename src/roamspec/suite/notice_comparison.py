"""What online devices were notified, compared with all calls of a check.

The owner's are notified of each call that asked for it, of no other conversation and of no other message;
nobody else's are notified.

How often a device is notified of one call is not said, nor whether one is notified of a call that deleted
nothing.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from roamspec.api.devices import Device
from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Window, expected
from roamspec.suite.notice_events import REFUTED, check_event, target_of
from roamspec.suite.notification_content import NOTIFIED_CONTENT, all_notified
from roamspec.suite.notification_waits import (
    EVERY_DEVICE,
    NOTIFIED_WHEN_ABSENT,
    NOTIFIED_WHEN_TRUE,
    await_notification,
    is_another_notified,
    settle_time,
)
from roamspec.suite.notified_calls import NotifiedCall, are_notified
from roamspec.world.conversations import Message
from roamspec.world.facts import Call, Facts

COMPARED: Final = (
    *REFUTED,
    *EVERY_DEVICE.values(),
)
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
                check_event(case, facts, window, device, event, mine)


def _ends_silently(window: Window, online: Sequence[tuple[int, Device]]) -> bool:
    """Whether the last call for somebody who is online was to notify nobody: nothing that must come says when
    what must not come would have been there."""
    last = {call.owner: call for call in window.calls if call.outcome != "refused"}
    return any(device.user in last and last[device.user].notify == "false" for _, device in online)


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
        name = NOTIFIED_WHEN_TRUE if call.notify else NOTIFIED_WHEN_ABSENT
        if not notified and is_another_notified(case, device, where, enough, before=call.number):
            name = EVERY_DEVICE[name]
            if not case.verdicts.knows(name):
                continue
        case.verdicts.check(
            name,
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
