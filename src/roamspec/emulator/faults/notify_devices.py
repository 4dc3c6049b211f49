"""Faults of who is told: some of the owner's devices, or other users' devices."""

from collections.abc import Callable

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.faults.deeds import others_in, own_views, tell
from roamspec.emulator.faults.notify_values import VARIANTS, WHAT, is_variant, told_apart
from roamspec.emulator.faults.registry import IN_GROUPS, ONE_CONVERSATION, Step, fault
from roamspec.emulator.faults.wrongs import first
from roamspec.emulator.http.request import Request


def _online(deletion: Deletion) -> list[str]:
    return list(deletion.context.devices.online(deletion.owner))


def _devices_when(
    variants: tuple[str, ...], chosen: Callable[[list[str]], list[str]]
) -> Callable[[Step], Step]:
    """Only some of the owner's devices are told, where they should all be."""

    def wrap(step: Step) -> Step:
        def parse(request: Request) -> Deletion:
            deletion: Deletion = step(request)
            if deletion.notify and any(is_variant(variant)(request) for variant in variants):
                told = chosen(_online(deletion))
                if told:
                    tell(deletion, deletion.owner, only=told)
                deletion.notify = False
            return deletion

        return parse

    return wrap


for name, chosen, what in (
    ("first-device", lambda online: online[:1], "only the device that came online first is told"),
    ("last-device", lambda online: online[-1:], "only the device that came online last is told"),
):
    for variants in (("absent",), ("true",)):
        which = "" if len(variants) > 1 else f"{variants[0]}-"
        fault(
            f"notify.{which}only-{name}",
            at="parse",
            operations=ONE_CONVERSATION,
            refutes=tuple(f"notify.{variant}-tells-every-device" for variant in variants),
            sentence=f"{' or '.join(WHAT[variant] for variant in variants).capitalize()} {what}.",
        )(_devices_when(variants, chosen))


def _tell_the_others(deletion: Deletion) -> None:
    conversation = deletion.conversation
    assert conversation is not None
    for name, theirs in others_in(deletion, conversation):
        tell(deletion, name, conversation={"type": theirs.type, "id": theirs.id})


def _tell_one_other(deletion: Deletion) -> None:
    conversation = deletion.conversation
    assert conversation is not None
    for name, theirs in others_in(deletion, conversation)[-1:]:
        tell(deletion, name, conversation={"type": theirs.type, "id": theirs.id})


for variant in VARIANTS:
    fault(
        f"notify.{variant}-tells-the-others",
        at="answer",
        operations=ONE_CONVERSATION,
        refutes=(f"notify.{variant}-tells-nobody-else",),
        sentence=f"{WHAT[variant].capitalize()} the other participants' devices are told too.",
    )(told_apart(variant, _tell_the_others))
    fault(
        f"notify.{variant}-tells-one-member",
        at="answer",
        operations=IN_GROUPS,
        refutes=(f"notify.{variant}-tells-nobody-else",),
        sentence=f"{WHAT[variant].capitalize()} the member who joined last is told too.",
    )(told_apart(variant, _tell_one_other))
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
    sentence="The other participants' devices are told, the owner's are not.",
)(lambda _step: lambda deletion: _tell_the_others(deletion) if deletion.notify else None)


def _clear_user_told(deletion: Deletion) -> None:
    for view in own_views(deletion):
        for name, _ in others_in(deletion, view.conversation):
            tell(deletion, name)


fault(
    "notify.clearing-told-to-the-others",
    at="apply",
    operations=("clearUser",),
    refutes=("notify.clearing-tells-nobody-else",),
    sentence="Clearing a user tells everybody whom the user spoke with.",
)(first(_clear_user_told))


def _peers_told(deletion: Deletion) -> None:
    for view in own_views(deletion, "chat"):
        for name, theirs in others_in(deletion, view.conversation):
            tell(deletion, name, conversation={"type": theirs.type, "id": theirs.id})


fault(
    "notify.clearing-told-to-peers",
    at="apply",
    operations=("clearUser",),
    refutes=("notify.clearing-tells-nobody-else",),
    sentence="Clearing a user tells each peer that the chat with the user is gone.",
)(first(_peers_told))
