"""Faults of what online devices are told."""

from collections.abc import Callable
from typing import Any, Final

from roamspec.emulator.domain.context import Notice
from roamspec.emulator.domain.deletion import Deletion, notice_body
from roamspec.emulator.domain.refusal import Refusal
from roamspec.emulator.faults.registry import BY_IDS, BY_TIME, IN_GROUPS, ONE_CONVERSATION, Step, fault, Wrapper
from roamspec.emulator.faults.wrongs import (
    afterwards,
    everywhere,
    first,
    in_the_conversation,
    others_in,
    own_views,
    refusing,
    skipping,
    tell,
    understood,
)
from roamspec.emulator.http.request import Request

VARIANTS: Final = ("absent", "true", "false")
WHAT: Final = {"absent": "without isNotify", "true": "with isNotify=true", "false": "with isNotify=false"}


def _is(variant: str) -> Callable[[Request], bool]:
    return lambda request: request.query.get("isNotify", "absent") == variant


def _when(variant: str, change: Callable[[Deletion], None]) -> Wrapper:
    """A change of what was parsed, for one of the three."""
    applies = _is(variant)
    return understood(lambda request, deletion: change(deletion) if applies(request) else None)


def _silent(deletion: Deletion) -> None:
    deletion.notify = False


def _loud(deletion: Deletion) -> None:
    deletion.notify = True


def _names_nothing(deletion: Deletion) -> None:
    deletion.ids, deletion.time_ms = (), 0


def _told_apart(variant: str, then: Callable[[Deletion], None]) -> Callable[[Step], Step]:
    """Something happens after the notice, for one of the three: `Deletion` keeps only what was meant."""

    def wrap(step: Step) -> Step:
        def answer(request: Request, deletion: Deletion) -> Any:
            if _is(variant)(request):
                then(deletion)
            return step(request, deletion)

        return answer

    return wrap


# --- each value of isNotify

fault(
    "notify.absent-means-false",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner",),
    sentence="Without isNotify the owner's devices are not told.",
)(_when("absent", _silent))
fault(
    "notify.true-means-false",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.true-tells-the-owner",),
    sentence="With isNotify=true the owner's devices are not told, without it they are.",
)(_when("true", _silent))
fault(
    "notify.never",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner", "notify.true-tells-the-owner"),
    sentence="No device is ever told.",
)(skipping(lambda _: True))
fault(
    "notify.always",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.false-tells-nobody",),
    sentence="isNotify is ignored: the owner's devices are always told.",
)(understood(lambda _, deletion: _loud(deletion)))


def _exchanged(request: Request, deletion: Deletion) -> None:
    if "isNotify" in request.query:
        deletion.notify = not deletion.notify


fault(
    "notify.true-and-false-exchanged",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.true-tells-the-owner", "notify.false-tells-nobody"),
    sentence="isNotify=true tells nobody, isNotify=false tells the owner's devices.",
)(understood(_exchanged))


def _only_one(request: Request, deletion: Deletion) -> None:
    deletion.notify = request.query.get("isNotify", "1") in ("1", "True")


fault(
    "notify.true-spelled-otherwise",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.true-tells-the-owner",),
    sentence="Only 1 and True are understood as true.",
)(understood(_only_one))


def _by_presence(request: Request, deletion: Deletion) -> None:
    deletion.notify = "isNotify" in request.query


fault(
    "notify.by-presence",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner", "notify.false-tells-nobody"),
    sentence="isNotify tells the devices by being there, whatever its value.",
)(understood(_by_presence))
fault(
    "notify.false-is-a-text-and-true",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.false-tells-nobody",),
    sentence="The text false counts as true, as any text does.",
)(_when("false", _loud))
for variant in VARIANTS:
    fault(
        f"notify.{variant}-refused",
        at="parse",
        operations=ONE_CONVERSATION,
        refutes=(f"notify.{variant}-accepted",),
        sentence=f"A call {WHAT[variant]} is refused.",
    )(refusing(_is(variant), "missing-parameter"))
    fault(
        f"notify.{variant}-deletes-nothing",
        at="parse",
        operations=ONE_CONVERSATION,
        refutes=(f"notify.{variant}-deletes-the-same",),
        sentence=f"A call {WHAT[variant]} deletes nothing.",
    )(_when(variant, _names_nothing))
    fault(
        f"notify.{variant}-clears",
        at="answer",
        operations=ONE_CONVERSATION,
        refutes=(f"notify.{variant}-deletes-the-same",),
        sentence=f"A call {WHAT[variant]} clears the whole conversation.",
    )(_told_apart(variant, in_the_conversation))

# --- which devices


def _online(deletion: Deletion) -> list[str]:
    return list(deletion.context.devices.online(deletion.owner))


def _devices_when(
    variants: tuple[str, ...], chosen: Callable[[list[str]], list[str]]
) -> Callable[[Step], Step]:
    """Only some of the owner's devices are told, where they should all be."""

    def wrap(step: Step) -> Step:
        def parse(request: Request) -> Deletion:
            deletion: Deletion = step(request)
            if deletion.notify and any(_is(variant)(request) for variant in variants):
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

# --- other users' devices


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
    )(_told_apart(variant, _tell_the_others))
    fault(
        f"notify.{variant}-tells-one-member",
        at="answer",
        operations=IN_GROUPS,
        refutes=(f"notify.{variant}-tells-nobody-else",),
        sentence=f"{WHAT[variant].capitalize()} the member who joined last is told too.",
    )(_told_apart(variant, _tell_one_other))
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

# --- what the notice says


def _notice_with(change: Callable[[Deletion, dict[str, Any]], None]) -> Callable[[Step], Step]:
    def wrap(_step: Step) -> Step:
        def notify(deletion: Deletion) -> None:
            if deletion.notify:
                body = notice_body(deletion)
                change(deletion, body)
                deletion.context.devices.tell(deletion.owner, Notice(body, deletion.acting_device))

        return notify

    return wrap


def _owner_as_conversation(deletion: Deletion, body: dict[str, Any]) -> None:
    body["conversation"] = {"type": "chat", "id": deletion.owner}


def _without_conversation(_deletion: Deletion, body: dict[str, Any]) -> None:
    body["conversation"] = {}


def _one_more(deletion: Deletion) -> None:
    if deletion.notify:
        tell(deletion, deletion.owner, conversation={"type": "chat", "id": deletion.owner})


fault(
    "notify.names-the-owner-as-conversation",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="Devices are told that the chat with the owner was deleted from.",
)(_notice_with(_owner_as_conversation))
fault(
    "notify.names-no-conversation",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="Devices are not told which conversation was deleted from.",
)(_notice_with(_without_conversation))
fault(
    "notify.names-a-conversation-too-many",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="Devices are told of the conversation, and of another one that nobody named.",
)(afterwards(_one_more))


def _ids(change: Callable[[list[str]], list[str]]) -> Callable[[Step], Step]:
    def changed(deletion: Deletion, body: dict[str, Any]) -> None:
        body["message_ids"] = change(list(deletion.ids))

    return _notice_with(changed)


def _time(change: Callable[[Deletion], int]) -> Callable[[Step], Step]:
    def changed(deletion: Deletion, body: dict[str, Any]) -> None:
        body["del_time"] = change(deletion)

    return _notice_with(changed)


for name, ids, what in (
    ("first-id", lambda ids: ids[:1], "the first ID"),
    ("last-id", lambda ids: ids[-1:], "the last ID"),
    ("no-id", lambda ids: [], "an empty list of IDs"),
    ("rounded-ids", lambda ids: [str(int(float(item))) for item in ids], "IDs rounded to floating point"),
):
    fault(
        f"notify.names-{name}",
        at="notify",
        operations=BY_IDS,
        refutes=("notify.names-what-went",),
        sentence=f"The notice names {what} alone.",
    )(_ids(ids))
for name, when, what in (
    ("the-moment", lambda deletion: deletion.context.now, "the moment of the call"),
    ("seconds", lambda deletion: deletion.time_ms // 1000, "seconds"),
    ("zero", lambda deletion: 0, "zero"),
    ("whole-seconds", lambda deletion: deletion.time_ms // 1000 * 1000 + 1000, "the next whole second"),
):
    fault(
        f"notify.names-{name}",
        at="notify",
        operations=BY_TIME,
        refutes=("notify.names-what-went",),
        sentence=f"The notice names {what} instead of delTime.",
    )(_time(when))

_UNUSED = (Refusal, everywhere)
