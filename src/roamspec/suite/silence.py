"""Telling that nobody was notified: what has not come before a later event has not come."""

from collections.abc import Mapping

from roamspec.client.messages import Answer
from roamspec.suite.case import Case
from roamspec.suite.scene import scene_of
from roamspec.world.devices import Device
from roamspec.world.world import World

TOLD_OF_TRUE, TOLD_OF_ABSENT = "notify.true-tells-the-owner", "notify.absent-tells-the-owner"
GRACE_S = 0.15
"""How long to wait for a straggler after the event that was sent later, while nobody knows this service."""
LEAST_GRACE_S, MOST_GRACE_S = 0.05, 1.5
BRIEF_S = 0.05
"""A notice that comes within this is not waited for long."""
_LAGS, _LAGS_AFTER_ANOTHER = 3, 0.5


def await_notice(case: Case, device: Device, conversation_id: str, *, count: int = 1) -> bool:
    """Whether the device is told of the conversation; the time counts from the last call of the check, so
    that the notices of several calls are waited for once. An operation that never tells makes waits shorter.
    """
    session, patience = case.session, case.session.notice_patience
    began = session.clock()
    since = session.door.changed_here_at or began
    left_s = patience.seconds_for(case.operation.name) - (began - since)
    at_first_s = 0.0 if patience.gave_up(since) else BRIEF_S
    came = device.wait_for(conversation_id, at_first_s, count=count)
    if not came and left_s > at_first_s:
        with session.turns.aside():
            came = device.wait_for(conversation_id, left_s - at_first_s, count=count)
    if came:
        patience.came(session.clock() - began, late=True)
    else:
        patience.was_in_vain(case.operation.name, since=since)
    return came


def judge_told(
    case: Case, name: str, answer: Answer, device: Device, conversation_id: str, *, count: int = 1
) -> bool:
    """The device must be told of a call that succeeded, whatever else the check is about."""
    heard = await_notice(case, device, conversation_id, count=count)
    return case.judge.that(
        name,
        heard,
        answer,
        expected=f"the device of {device.user} is told of the conversation {conversation_id}",
        actual=f"answered {answer.summary(80)}; {'told' if heard else 'not told'}",
    )


def grace(case: Case, *, after_another: bool = False) -> None:
    """Let a straggler arrive: several times as long as any notice took that came, once one has come.

    `after_another`: a notice of a later call was awaited already, so what lags alike has come as well.
    """
    patience = case.session.notice_patience
    lags = _LAGS_AFTER_ANOTHER if after_another else _LAGS
    known = min(max(LEAST_GRACE_S, lags * patience.lag_s), MOST_GRACE_S)
    case.session.sleep(known if patience.seen else GRACE_S)


def announce_to_all(case: Case, world: World, devices: Mapping[str, Device]) -> None:
    """Each user deletes something that no other call names, and is told: notices of earlier calls would have
    come before. In a group they share one conversation."""
    users = list(devices)
    if case.subject.kind == "group":
        scene = scene_of(world, case.subject, users[0], users[1:], 1)
        scenes = [scene.seen_by(user) for user in users]
    else:
        partners = {user: next(other for other in world.cast(2) if other != user) for user in users}
        scenes = [scene_of(world, case.subject, user, [partners[user]], 1) for user in users]
    # First all calls, then all notices: they are waited for together.
    for scene, answer in [(scene, scene.delete(scene.messages, notify="true")) for scene in scenes]:
        if answer.ok:
            mine = scene.conversation.id_for(scene.owner)
            judge_told(case, TOLD_OF_TRUE, answer, devices[scene.owner], mine)
