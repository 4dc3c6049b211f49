"""Faults of who is notified: some of the owner's devices, or other users' devices."""

from collections.abc import Callable, Sequence

from roamspec.emulator.domain.context import DeviceNotice, Devices
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.notify_values import VARIANTS, WHAT, after_notifying, is_variant
from roamspec.faults.registry import (
    BY_IDS,
    BY_TIME,
    IN_GROUPS,
    ONE_CONVERSATION,
    Step,
    Wrapper,
    fault,
)
from roamspec.faults.side_effects import notify, notify_others, others_in, own_views
from roamspec.faults.step_mutators import first, skipping, understood

MANY = 20


class _Some:
    """Online devices of which only some are notified."""

    def __init__(self, devices: Devices, chosen: Callable[[Sequence[str]], Sequence[str]]) -> None:
        self._devices = devices
        self._chosen = chosen

    def online(self, user: str) -> Sequence[str]:
        return self._devices.online(user)

    def notify(self, user: str, notice: DeviceNotice, *, only: Sequence[str] | None = None) -> None:
        told = self._chosen(self.online(user)) if only is None else only
        self._devices.notify(user, notice, only=told)

    def carry(
        self, user: str, message: StoredMessage, *, acting_device: str | None = None, keep: bool = False
    ) -> None:
        self._devices.carry(user, message, acting_device=acting_device, keep=keep)


def _devices_when(variant: str, chosen: Callable[[Sequence[str]], Sequence[str]]) -> Wrapper:
    """Only some of the owner's devices are notified, where they should all be."""

    def change(request: IncomingRequest, deletion: Deletion) -> None:
        if is_variant(variant)(request):
            deletion.context.devices = _Some(deletion.context.devices, chosen)

    return understood(change)


for name, chosen, what in (
    ("first-device", lambda online: online[:1], "only the device that came online first is notified"),
    ("last-device", lambda online: online[-1:], "only the device that came online last is notified"),
):
    for variant in ("absent", "true"):
        fault(
            f"notify.{variant}-only-{name}",
            at="parse",
            operations=ONE_CONVERSATION,
            refutes=(f"notify.{variant}-tells-every-device",),
            sentence=f"W{WHAT[variant][1:]} {what}.",
        )(_devices_when(variant, chosen))


def _tell_the_others(deletion: Deletion) -> None:
    conversation = deletion.conversation
    assert conversation is not None
    notify_others(deletion, conversation)


def _tell_one_other(deletion: Deletion) -> None:
    conversation = deletion.conversation
    assert conversation is not None
    for name, theirs in others_in(deletion, conversation)[-1:]:
        notify(deletion, name, conversation={"type": theirs.type, "id": theirs.id})


for variant in VARIANTS:
    fault(
        f"notify.{variant}-tells-the-others",
        at="answer",
        operations=ONE_CONVERSATION,
        refutes=(f"notify.{variant}-tells-nobody-else",),
        sentence=f"W{WHAT[variant][1:]} the other participants' devices are notified too.",
    )(after_notifying(variant, _tell_the_others))
    fault(
        f"notify.{variant}-tells-one-member",
        at="answer",
        operations=IN_GROUPS,
        refutes=(f"notify.{variant}-tells-nobody-else",),
        sentence=f"W{WHAT[variant][1:]} the member who joined last is notified too.",
    )(after_notifying(variant, _tell_one_other))
fault(
    "notify.tells-the-others-instead",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=(
        "notify.absent-tells-the-owner",
        "notify.absent-tells-nobody-else",
        "notify.true-tells-the-owner",
        "notify.true-tells-nobody-else",
    ),
    sentence="The other participants' devices are notified, the owner's are not.",
)(lambda _step: lambda deletion: _tell_the_others(deletion) if deletion.notify else None)


def _clear_user_told(deletion: Deletion) -> None:
    for view in own_views(deletion):
        for name, _ in others_in(deletion, view.conversation):
            notify(deletion, name)


fault(
    "notify.clearing-told-to-the-others",
    at="apply",
    operations=("clearUser",),
    refutes=("notify.clearing-tells-nobody-else",),
    sentence="Clearing a user notifies all the user's partners.",
)(first(_clear_user_told))


def _peers_told(deletion: Deletion) -> None:
    for view in own_views(deletion, "chat"):
        for name, theirs in others_in(deletion, view.conversation):
            notify(deletion, name, conversation={"type": theirs.type, "id": theirs.id})


fault(
    "notify.clearing-told-to-peers",
    at="apply",
    operations=("clearUser",),
    refutes=("notify.clearing-tells-nobody-else",),
    sentence="Clearing a user notifies each peer that the chat with the user is deleted.",
)(first(_peers_told))


def _is_emptied(deletion: Deletion) -> bool:
    return not any(len(view) for view in deletion.views)


def _once_a_conversation(step: Step) -> Step:
    told: set[tuple[str, str]] = set()

    def notify(deletion: Deletion) -> None:
        where = (deletion.owner, deletion.target)
        if where not in told:
            step(deletion)
        if deletion.notify:
            told.add(where)

    return notify


_OF_TRUE, _OF_ABSENT = "notify.true-tells-the-owner", "notify.absent-tells-the-owner"
fault(
    "notify.not-when-emptied",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=(_OF_TRUE, _OF_ABSENT),
    sentence="Nobody is notified of what empties a conversation.",
)(skipping(_is_emptied))
for operations, refuted in ((BY_IDS, (_OF_TRUE, _OF_ABSENT)), (BY_TIME, (_OF_TRUE,))):
    fault(
        "notify.once-a-conversation",
        at="notify",
        operations=operations,
        refutes=refuted,
        sentence="Devices are notified only once of each conversation.",
    )(_once_a_conversation)
fault(
    "notify.not-of-many",
    at="notify",
    operations=BY_IDS,
    refutes=(_OF_ABSENT,),
    sentence="Nobody is notified of a call with more than twenty IDs.",
)(skipping(lambda deletion: len(deletion.ids) > MANY))
