"""Shows that nobody was notified: a notification that has not come before a later event has not come."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from roamspec.api.devices import DeletionNotification, Device
from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import conversation_fixture
from roamspec.transport.http_messages import Response
from roamspec.world.world import World

NOTIFIED_WHEN_TRUE, NOTIFIED_WHEN_ABSENT = "notify.true-tells-the-owner", "notify.absent-tells-the-owner"
EVERY_DEVICE: Final = {
    NOTIFIED_WHEN_TRUE: "notify.true-tells-every-device",
    NOTIFIED_WHEN_ABSENT: "notify.absent-tells-every-device",
}
"""What fails instead where another device of the same user is notified."""
SETTLE_S = 0.15
"""How long to wait for a late event after the event that was sent later, while nobody knows this service."""
LEAST_GRACE_S, MOST_GRACE_S = 0.05, 1.5
BRIEF_S = 0.05
"""A notification that comes within this is not waited for long."""
_LAGS, _LAGS_AFTER_ANOTHER = 3, 0.5


def await_notification(
    case: CheckContext,
    device: Device,
    conversation_id: str,
    *,
    count: int = 1,
    enough: Callable[[Sequence[DeletionNotification]], bool] | None = None,
) -> bool:
    """Whether the device is notified of the conversation, `count` times or until it is `enough`; the time
    counts from the last call of the check, so that the notifications of several calls are waited for once. An
    operation that never notifies makes waits shorter.
    """
    session, patience = case.session, case.session.notice_patience
    began = session.clock()
    since = session.client.changed_in_thread_at or began
    left_s = patience.seconds_for(case.operation.name) - (began - since)
    at_first_s = 0.0 if patience.gave_up(since) else BRIEF_S

    def comes(timeout_s: float) -> bool:
        if enough is not None:
            return device.wait_until(conversation_id, enough, timeout_s)
        return device.wait_for(conversation_id, timeout_s, count=count)

    came = comes(at_first_s)
    if not came and left_s > at_first_s:
        with session.turns.aside():
            came = comes(left_s - at_first_s)
    if came:
        patience.note_arrival(session.clock() - began, late=True)
    else:
        patience.note_timeout(case.operation.name, since=since)
    return came


def is_another_notified(
    case: CheckContext,
    device: Device,
    conversation_id: str,
    enough: Callable[[Sequence[DeletionNotification]], bool],
    *,
    before: int | None = None,
) -> bool:
    """Whether another online device of the same user has been notified `enough` of the conversation, one that
    was online before the fact of this number."""
    return any(
        other is not device and other.user == device.user and enough(other.about(conversation_id))
        for world in case.worlds
        for online_since, other in world.online
        if before is None or online_since < before
    )


def check_notified(
    case: CheckContext, name: str, answer: Response, device: Device, conversation_id: str, *, count: int = 1
) -> bool:
    """The device must be notified of a call that succeeded, whatever else the check is about."""
    notified = await_notification(case, device, conversation_id, count=count)
    if not notified and is_another_notified(case, device, conversation_id, lambda e: len(e) >= count):
        name = EVERY_DEVICE.get(name, name)
        if not case.verdicts.knows(name):
            return False
    return case.verdicts.check(
        name,
        notified,
        answer,
        expected=f"the device of {device.user} is notified of the conversation {conversation_id}",
        actual=f"answered {answer.summary(80)}; {'notified' if notified else 'not notified'}",
    )


def settle_time(case: CheckContext, *, after_another: bool = False) -> None:
    """Let a late event arrive: several times as long as any notification took that came, once one has come.

    `after_another`: a notice of a later call was awaited already, so what lags alike has come as well.
    """
    patience = case.session.notice_patience
    lags = _LAGS_AFTER_ANOTHER if after_another else _LAGS
    known = min(max(LEAST_GRACE_S, lags * patience.lag_s), MOST_GRACE_S)
    case.session.sleep(known if patience.seen else SETTLE_S)


def send_sentinel_notifications(case: CheckContext, world: World, devices: Mapping[str, Device]) -> None:
    """Each user deletes something that no other call names, and is notified: notifications of earlier calls
    would have come before. In a group they share one conversation."""
    users = list(devices)
    if case.subject.kind == "group":
        fixture = conversation_fixture(world, case.subject, users[0], users[1:], 1)
        fixtures = [fixture.seen_by(user) for user in users]
    else:
        partners = {user: next(other for other in world.shared_users(2) if other != user) for user in users}
        fixtures = [conversation_fixture(world, case.subject, user, [partners[user]], 1) for user in users]
    # First all calls, then all notifications: they are waited for together.
    answers = [fixture.delete(fixture.messages, notify="true") for fixture in fixtures]
    for fixture, answer in zip(fixtures, answers, strict=True):
        if answer.ok:
            mine = fixture.conversation.id_for(fixture.owner)
            check_notified(case, NOTIFIED_WHEN_TRUE, answer, devices[fixture.owner], mine)
