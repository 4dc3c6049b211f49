"""`isNotify`: absent or `true` notifies every online device of the owner, `false` none; other users are never
notified."""

from dataclasses import dataclass

from roamspec.api.deletions import Query
from roamspec.api.devices import Device
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import (
    ConversationFixture,
    conversation_fixture,
    seed_conversation,
    send_deletion,
)
from roamspec.suite.notification_content import NOTIFIED_CONTENT, check_notified_ids, check_notified_time
from roamspec.suite.notification_waits import await_notification, send_sentinel_notifications, settle_time
from roamspec.suite.scripted_comparison import answers_status
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, Message

VARIANTS = (("absent", None), ("false", "false"), ("true", "true"))


@dataclass(frozen=True, slots=True)
class Told:
    """One call, and the conversation that only this call names."""

    variant: str
    fixture: ConversationFixture
    query: Query
    answer: Response

    @property
    def conversation(self) -> Conversation:
        return self.fixture.conversation

    @property
    def named(self) -> tuple[Message, ...]:
        return self.fixture.messages[:2]


@covers(
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
def test_each_value_of_is_notify(case: CheckContext) -> None:
    """Without `isNotify` and with `true` the owner's online devices are notified, with `false` they are not.

    Each value has a conversation of its own, because a notification may say no more than the conversation.

    The call without notification is between two with: what has not arrived before the last one does not come.
    """
    subject, world = case.subject, case.world()
    # Each value has a conversation of its own: with a peer of its own, or in a group.
    (owner,), others = world.users(1), world.shared_users(3 if subject.kind == "chat" else 2)
    online = case.devices(world, owner, *others)
    devices = {device.user: [device] for device in online}
    if online:
        devices[owner] += case.devices(world, owner, name="d2")
    told: list[Told] = []
    fixtures = [
        conversation_fixture(world, subject, owner, others[i:] + others[:i], 3) for i in range(len(VARIANTS))
    ]
    for (variant, value), fixture in zip(VARIANTS, fixtures, strict=True):
        named, kept = fixture.messages[:2], fixture.messages[2:]
        query = fixture.query(named, notify=value)
        answer = send_deletion(world, subject, owner, query)
        told.append(Told(variant, fixture, query, answer))
        case.verdicts.check(
            f"notify.{variant}-accepted",
            answer.ok,
            answer,
            expected="status 200",
            actual=answer.summary(),
            compares=answers_status(200),
        )
        view = fixture.view_without(named)
        name = f"notify.{variant}-deletes-the-same"
        if check_deleted(case, name, answer, view, named):
            check_retained(case, name, answer, view, kept)
        if variant == "absent":
            # The owner has later conversations, with the others.
            check_deleted(case, "request.query-names-the-conversation", answer, view, named)
        theirs = world.view(fixture.peer, fixture.conversation)
        check_retained(case, name, answer, theirs, fixture.messages)
    if devices:
        send_sentinel_notifications(case, world, {user: devices[user][0] for user in others})
        _check_notices(case, owner, devices, told)


def _check_notices(
    case: CheckContext, owner: str, devices: dict[str, list[Device]], told: list[Told]
) -> None:
    verdicts = case.verdicts
    own = devices[owner]
    for one in told:
        if one.variant == "false":
            continue
        identifier = one.conversation.id_for(owner)
        told_of = await_notification if one.answer.ok else _heard_by_now
        heard = [device.name for device in own if told_of(case, device, identifier)]
        shown = f"answered {one.answer.summary(80)}; {len(heard)} of {len(own)} devices notified"
        verdicts.check(
            f"notify.{one.variant}-tells-the-owner",
            bool(heard),
            one.answer,
            expected="the owner's online devices are notified",
            actual=shown,
        )
        if heard and len(own) > 1:
            verdicts.check(
                f"notify.{one.variant}-tells-every-device",
                len(heard) == len(own),
                one.answer,
                expected=f"all {len(own)} online devices of the owner are notified",
                actual=shown,
            )
    settle_time(case, after_another=True)
    for one in told:
        _check_silence(case, owner, devices, one)
    _check_content(case, owner, own, told)


def _heard_by_now(_case: CheckContext, device: Device, conversation_id: str) -> bool:
    return bool(device.about(conversation_id))


def _check_silence(case: CheckContext, owner: str, devices: dict[str, list[Device]], one: Told) -> None:
    if one.variant == "false":
        heard = [d for d in devices[owner] if d.about(one.conversation.id_for(owner))]
        case.verdicts.check(
            "notify.false-tells-nobody",
            not heard,
            one.answer,
            expected="no device of the owner is notified",
            actual=f"{len(heard)} of {len(devices[owner])} devices notified",
        )
    for user, theirs in devices.items():
        if user == owner:
            continue
        about_this = [d for d in theirs if _concerns(d, one, owner)]
        case.verdicts.check(
            f"notify.{one.variant}-tells-nobody-else",
            not about_this,
            one.answer,
            expected="no device of another user is notified",
            actual=f"a device of {user} was notified" if about_this else "none was notified",
        )


def _concerns(device: Device, one: Told, owner: str) -> bool:
    """Whether another user's device was notified of this very call."""
    if one.conversation.kind == "chat":
        return device.user in one.conversation.members and bool(
            device.about(owner) or device.about(device.user)
        )
    return bool(device.about(one.conversation.group_id))


def _check_content(case: CheckContext, owner: str, own: list[Device], told: list[Told]) -> None:
    verdicts = case.verdicts
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
    verdicts.check(
        "notify.names-the-conversation",
        not strange,
        *(one.answer for one in told),
        expected=f"notifications about {', '.join(known)}, as {owner} has them",
        actual=f"a notification about {strange[0]!r}" if strange else "only those",
    )
    for one in told:
        about = [event for device in own for event in device.about(one.conversation.id_for(owner))]
        if case.subject.by_id:
            check_notified_ids(case, one.answer, about, one.named)
        else:
            check_notified_time(case, one.answer, about, int(dict(one.query)["delTime"]))
    verdicts.inconclusive(NOTIFIED_CONTENT, "the notifications have neither message IDs nor a time")


@covers("notify.clearing-tells-nobody-else")
@costs(20)
def test_clearing_is_not_told_to_others(case: CheckContext) -> None:
    """Clearing a user never notifies other users; whether it notifies the owner is left open.

    The others are new users: devices of users who deleted something before may still be notified of that.
    """
    subject, world = case.subject, case.world()
    owner, *others = world.users(3)
    devices = case.devices(world, *others)
    if not devices:
        return
    seed_conversation(world, "chat", owner, others, 2)
    seed_conversation(world, "group", owner, others, 2)

    answer = send_deletion(world, subject, owner)

    settle_time(case)
    settle_time(case)
    heard = [device.user for device in devices if device.deletions]
    case.verdicts.check(
        "notify.clearing-tells-nobody-else",
        not heard,
        answer,
        expected="no device of another user is notified",
        actual=f"answered {answer.summary(80)}; notified: {', '.join(heard) or 'nobody'}",
    )
