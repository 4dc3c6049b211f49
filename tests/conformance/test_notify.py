"""isNotify: absent and true tell every online device of the owner, false tells none, and nobody else."""

from dataclasses import dataclass

from roamspec.client.deletions import Query
from roamspec.client.messages import Answer
from roamspec.suite import Case, costs, judges
from roamspec.suite.effects import judge_gone, judge_kept
from roamspec.suite.notices import WHAT_WENT, judge_ids_told, judge_time_told
from roamspec.suite.scene import Scene, scene_of, talk
from roamspec.suite.scripted_comparison import answers_status
from roamspec.suite.silence import announce_to_all, await_notice, grace
from roamspec.world.conversations import Conversation, Message
from roamspec.world.devices import Device

VARIANTS = (("absent", None), ("false", "false"), ("true", "true"))


@dataclass(frozen=True, slots=True)
class Told:
    """One call, and the conversation that only this call names."""

    variant: str
    scene: Scene
    query: Query
    answer: Answer

    @property
    def conversation(self) -> Conversation:
        return self.scene.conversation

    @property
    def named(self) -> tuple[Message, ...]:
        return self.scene.messages[:2]


@judges(
    "notify.absent-accepted",
    "notify.true-accepted",
    "notify.false-accepted",
    "notify.absent-deletes-the-same",
    "notify.true-deletes-the-same",
    "notify.false-deletes-the-same",
    "notify.absent-tells-the-owner",
    "notify.absent-tells-every-device",
    "notify.absent-tells-nobody-else",
    "notify.true-tells-the-owner",
    "notify.true-tells-every-device",
    "notify.true-tells-nobody-else",
    "notify.false-tells-nobody",
    "notify.false-tells-nobody-else",
    "notify.names-the-conversation",
    "notify.names-what-went",
    "request.query-names-the-conversation",
)
@costs(40)
def test_each_value_of_is_notify(case: Case) -> None:
    """One conversation for each value, because a notice may say no more than the conversation.

    The call without notice stands between two with: what has not come before the last one has not come.
    """
    subject, world = case.subject, case.world()
    # Each value has a conversation of its own: with a peer of its own, or in a group.
    (owner,), others = world.users(1), world.cast(3 if subject.kind == "chat" else 2)
    online = case.devices(world, owner, *others)
    devices = {device.user: [device] for device in online}
    if online:
        devices[owner] += case.devices(world, owner, name="d2")
    told: list[Told] = []
    scenes = [scene_of(world, subject, owner, others[i:] + others[:i], 3) for i in range(len(VARIANTS))]
    for (variant, value), scene in zip(VARIANTS, scenes, strict=True):
        named, kept = scene.messages[:2], scene.messages[2:]
        query = scene.query(named, notify=value)
        answer = subject.call(world.app, owner, query)
        told.append(Told(variant, scene, query, answer))
        case.judge.that(
            f"notify.{variant}-accepted",
            answer.ok,
            answer,
            expected="status 200",
            actual=answer.summary(),
            compares=answers_status(200),
        )
        view = scene.view_without(named)
        name = f"notify.{variant}-deletes-the-same"
        if judge_gone(case, name, answer, view, named):
            judge_kept(case, name, answer, view, kept)
        if variant == "absent":
            # The owner has later conversations, with the others.
            judge_gone(case, "request.query-names-the-conversation", answer, view, named)
        theirs = world.view(scene.peer, scene.conversation)
        judge_kept(case, name, answer, theirs, scene.messages)
    if devices:
        announce_to_all(case, world, {user: devices[user][0] for user in others})
        _judge_notices(case, owner, devices, told)


def _judge_notices(case: Case, owner: str, devices: dict[str, list[Device]], told: list[Told]) -> None:
    judge = case.judge
    own = devices[owner]
    for one in told:
        if one.variant == "false":
            continue
        identifier = one.conversation.id_for(owner)
        told_of = await_notice if one.answer.ok else _heard_by_now
        heard = [device.name for device in own if told_of(case, device, identifier)]
        shown = f"answered {one.answer.summary(80)}; {len(heard)} of {len(own)} devices told"
        judge.that(
            f"notify.{one.variant}-tells-the-owner",
            bool(heard),
            one.answer,
            expected="the owner's online devices are told",
            actual=shown,
        )
        if heard and len(own) > 1:
            judge.that(
                f"notify.{one.variant}-tells-every-device",
                len(heard) == len(own),
                one.answer,
                expected=f"all {len(own)} online devices of the owner are told",
                actual=shown,
            )
    grace(case, after_another=True)
    for one in told:
        _judge_silence(case, owner, devices, one)
    _judge_content(case, owner, own, told)


def _heard_by_now(_case: Case, device: Device, conversation_id: str) -> bool:
    return bool(device.about(conversation_id))


def _judge_silence(case: Case, owner: str, devices: dict[str, list[Device]], one: Told) -> None:
    if one.variant == "false":
        heard = [d for d in devices[owner] if d.about(one.conversation.id_for(owner))]
        case.judge.that(
            "notify.false-tells-nobody",
            not heard,
            one.answer,
            expected="no device of the owner is told",
            actual=f"{len(heard)} of {len(devices[owner])} devices told",
        )
    for user, theirs in devices.items():
        if user == owner:
            continue
        about_this = [d for d in theirs if _concerns(d, one, owner)]
        case.judge.that(
            f"notify.{one.variant}-tells-nobody-else",
            not about_this,
            one.answer,
            expected="no device of another user is told",
            actual=f"a device of {user} was told" if about_this else "none was told",
        )


def _concerns(device: Device, one: Told, owner: str) -> bool:
    """Whether another user's device was told of this very call."""
    if one.conversation.kind == "chat":
        return device.user in one.conversation.members and bool(
            device.about(owner) or device.about(device.user)
        )
    return bool(device.about(one.conversation.group_id))


def _judge_content(case: Case, owner: str, own: list[Device], told: list[Told]) -> None:
    judge = case.judge
    known = {one.conversation.id_for(owner): one for one in told}
    events = [event for device in own for event in device.events]
    if not events:
        return
    is_chat = case.subject.kind == "chat"
    strange = [
        f"{event.user}: {event.conversation_kind} {event.conversation_id}"
        for event in events
        if event.conversation_id not in known
        or (event.conversation_kind and (event.conversation_kind == "chat") != is_chat)
        # Whatever a name stands among, an app's or a server's.
        or (event.user and owner not in event.user)
    ]
    judge.that(
        "notify.names-the-conversation",
        not strange,
        *(one.answer for one in told),
        expected=f"notices about {', '.join(known)}, as {owner} has them",
        actual=f"a notice about {strange[0]!r}" if strange else "only those",
    )
    for one in told:
        about = [event for device in own for event in device.about(one.conversation.id_for(owner))]
        if case.subject.by_id:
            judge_ids_told(case, one.answer, about, one.named)
        else:
            judge_time_told(case, one.answer, about, int(dict(one.query)["delTime"]))
    judge.cannot(WHAT_WENT, "the notices name no messages and no time")


@judges("notify.clearing-tells-nobody-else")
@costs(20)
def test_clearing_is_not_told_to_others(case: Case) -> None:
    """Whether the owner's own devices are told is left open; others are never to be told.

    They are new ones: to those who deleted something before, a service may bring what it kept for them.
    """
    subject, world = case.subject, case.world()
    owner, *others = world.users(3)
    devices = case.devices(world, *others)
    if not devices:
        return
    talk(world, "chat", owner, others, 2)
    talk(world, "group", owner, others, 2)

    answer = subject.call(world.app, owner)

    grace(case)
    grace(case)
    heard = [device.user for device in devices if device.deletions]
    case.judge.that(
        "notify.clearing-tells-nobody-else",
        not heard,
        answer,
        expected="no device of another user is told",
        actual=f"answered {answer.summary(80)}; told: {', '.join(heard) or 'nobody'}",
    )
