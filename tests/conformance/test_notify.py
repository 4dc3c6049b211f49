"""`isNotify`: absent or `true` notifies every online device of the owner, `false` none; other users are never
notified."""

from collections.abc import Mapping, Sequence
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
from roamspec.suite.error_assertions import check_status
from roamspec.suite.notification_content import NOTIFIED_CONTENT, check_notified_ids, check_notified_time
from roamspec.suite.notification_waits import await_notification, send_sentinel_notifications, settle_time
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Message
from roamspec.world.world import World

VARIANTS = (("absent", None), ("false", "false"), ("true", "true"))


@dataclass(frozen=True, slots=True)
class NotifyCall:
    """One call with a value of `isNotify`, and the conversation that only this call names."""

    variant: str
    fixture: ConversationFixture
    query: Query
    answer: Response

    @property
    def conversation_id(self) -> str:
        """The conversation, as the owner has it."""
        return self.fixture.conversation.id_for(self.fixture.owner)

    @property
    def named(self) -> tuple[Message, ...]:
        return self.fixture.messages[:2]

    @property
    def retained(self) -> tuple[Message, ...]:
        return self.fixture.messages[2:]


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
    devices = _devices(case, world, owner, others)
    fixtures = [
        conversation_fixture(world, subject, owner, others[i:] + others[:i], 3) for i in range(len(VARIANTS))
    ]

    calls = [
        _check_call(case, fixture, variant, value)
        for fixture, (variant, value) in zip(fixtures, VARIANTS, strict=True)
    ]

    if devices:
        send_sentinel_notifications(case, world, {user: devices[user][0] for user in others})
        for call in calls:
            if call.variant != "false":
                _check_owner_notified(case, call, devices[owner])
        settle_time(case, after_another=True)
        for call in calls:
            _check_nobody_else_notified(case, call, devices)
        _check_content(case, owner, devices[owner], calls)


def _devices(case: CheckContext, world: World, owner: str, others: Sequence[str]) -> dict[str, list[Device]]:
    """The online devices of each user, at least two of the owner; none where not all can be watched."""
    devices = {device.user: [device] for device in case.devices(world, owner, *others)}
    if devices and case.devices(world, owner, name="d2"):
        devices[owner] = [device for _, device in world.online if device.user == owner]
    return devices


def _check_call(
    case: CheckContext, fixture: ConversationFixture, variant: str, value: str | None
) -> NotifyCall:
    """Whatever the value, the call is accepted and deletes the same messages, for the owner alone."""
    query = fixture.query(fixture.messages[:2], notify=value)
    answer = send_deletion(fixture.world, case.subject, fixture.owner, query)
    call = NotifyCall(variant, fixture, query, answer)
    check_status(case, f"notify.{variant}-accepted", answer, 200)
    view = fixture.view_without(call.named)
    name = f"notify.{variant}-deletes-the-same"
    if check_deleted(case, name, answer, view, call.named):
        check_retained(case, name, answer, view, call.retained)
    if variant == "absent":
        # The owner has later conversations, with the others.
        check_deleted(case, "request.query-names-the-conversation", answer, view, call.named)
    peers = fixture.world.view(fixture.peer, fixture.conversation)
    check_retained(case, name, answer, peers, fixture.messages)
    return call


def _check_owner_notified(case: CheckContext, call: NotifyCall, devices: Sequence[Device]) -> None:
    """Every online device of the owner is notified; a call that was not accepted is not waited for."""
    notified = [device.name for device in devices if _is_notified(case, call, device)]
    shown = f"answered {call.answer.summary(80)}; {len(notified)} of {len(devices)} devices notified"
    case.verdicts.check(
        f"notify.{call.variant}-tells-the-owner",
        bool(notified),
        call.answer,
        expected="the owner's online devices are notified",
        actual=shown,
    )
    if notified and len(devices) > 1:
        case.verdicts.check(
            f"notify.{call.variant}-tells-every-device",
            len(notified) == len(devices),
            call.answer,
            expected=f"all {len(devices)} online devices of the owner are notified",
            actual=shown,
        )


def _is_notified(case: CheckContext, call: NotifyCall, device: Device) -> bool:
    if call.answer.ok:
        return await_notification(case, device, call.conversation_id)
    return bool(device.about(call.conversation_id))


def _check_nobody_else_notified(
    case: CheckContext, call: NotifyCall, devices: Mapping[str, Sequence[Device]]
) -> None:
    """With `false` no device of the owner is notified; no device of another user is notified ever."""
    owner = call.fixture.owner
    if call.variant == "false":
        notified = [device for device in devices[owner] if device.about(call.conversation_id)]
        case.verdicts.check(
            "notify.false-tells-nobody",
            not notified,
            call.answer,
            expected="no device of the owner is notified",
            actual=f"{len(notified)} of {len(devices[owner])} devices notified",
        )
    for user, theirs in devices.items():
        if user == owner:
            continue
        about_this = [device for device in theirs if _is_about(call, device)]
        case.verdicts.check(
            f"notify.{call.variant}-tells-nobody-else",
            not about_this,
            call.answer,
            expected="no device of another user is notified",
            actual=f"a device of {user} was notified" if about_this else "none was notified",
        )


def _is_about(call: NotifyCall, device: Device) -> bool:
    """Whether another user's device was notified of this very call."""
    conversation = call.fixture.conversation
    if conversation.kind == "chat":
        return device.user in conversation.members and bool(
            device.about(call.fixture.owner) or device.about(device.user)
        )
    return bool(device.about(conversation.group_id))


def _check_content(
    case: CheckContext, owner: str, devices: Sequence[Device], calls: Sequence[NotifyCall]
) -> None:
    """A notification names the conversation of a call, and what the call names."""
    known = {call.conversation_id: call for call in calls}
    events = [event for device in devices for event in device.events]
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
    case.verdicts.check(
        "notify.names-the-conversation",
        not strange,
        *(call.answer for call in calls),
        expected=f"notifications about {', '.join(known)}, as {owner} has them",
        actual=f"a notification about {strange[0]!r}" if strange else "only those",
    )
    for call in calls:
        about = [event for device in devices for event in device.about(call.conversation_id)]
        if case.subject.by_id:
            check_notified_ids(case, call.answer, about, call.named)
        else:
            check_notified_time(case, call.answer, about, int(dict(call.query)["delTime"]))
    case.verdicts.inconclusive(NOTIFIED_CONTENT, "the notifications have neither message IDs nor a time")


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
    notified = [device.user for device in devices if device.deletions]
    case.verdicts.check(
        "notify.clearing-tells-nobody-else",
        not notified,
        answer,
        expected="no device of another user is notified",
        actual=f"answered {answer.summary(80)}; notified: {', '.join(notified) or 'nobody'}",
    )
