"""Faults of isNotify: absent, true and false."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_IDS, BY_TIME, ONE_CONVERSATION, Step, Wrapper, fault
from roamspec.faults.side_effects import in_the_conversation
from roamspec.faults.step_mutators import refusing, skipping, understood

VARIANTS: Final = ("absent", "true", "false")
WHAT: Final = {"absent": "without isNotify", "true": "with isNotify=true", "false": "with isNotify=false"}


def is_variant(variant: str) -> Callable[[IncomingRequest], bool]:
    """A condition: `isNotify` is this value, or `absent`."""
    return lambda request: request.query.get("isNotify", "absent") == variant


def after_notifying(variant: str, then: Callable[[Deletion], None]) -> Callable[[Step], Step]:
    """Lets `then` happen after the notification, for one of the three values of `isNotify`."""

    def wrap(step: Step) -> Step:
        def answer(request: IncomingRequest, deletion: Deletion) -> Any:
            if is_variant(variant)(request):
                then(deletion)
            return step(request, deletion)

        return answer

    return wrap


def _when(variant: str, change: Callable[[Deletion], None]) -> Wrapper:
    """A change of what was parsed, for one of the three."""
    applies = is_variant(variant)
    return understood(lambda request, deletion: change(deletion) if applies(request) else None)


def _silent(deletion: Deletion) -> None:
    deletion.notify = False


def _loud(deletion: Deletion) -> None:
    deletion.notify = True


fault(
    "notify.absent-means-false",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner",),
    sentence="Without isNotify, the owner's devices are not notified.",
)(_when("absent", _silent))
fault(
    "notify.true-means-false",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.true-tells-the-owner",),
    sentence="With isNotify=true, the owner's devices are not notified; without it, they are.",
)(_when("true", _silent))
fault(
    "notify.never",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner", "notify.true-tells-the-owner"),
    sentence="No device is ever notified.",
)(skipping(lambda _: True))
fault(
    "notify.always",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.false-tells-nobody",),
    sentence="isNotify is ignored: the owner's devices are always notified.",
)(understood(lambda _, deletion: _loud(deletion)))


def _exchanged(request: IncomingRequest, deletion: Deletion) -> None:
    if "isNotify" in request.query:
        deletion.notify = not deletion.notify


fault(
    "notify.true-and-false-exchanged",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.true-tells-the-owner", "notify.false-tells-nobody"),
    sentence="isNotify=true notifies nobody; isNotify=false notifies the owner's devices.",
)(understood(_exchanged))


def _by_presence(request: IncomingRequest, deletion: Deletion) -> None:
    deletion.notify = "isNotify" in request.query


fault(
    "notify.by-presence",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("notify.absent-tells-the-owner", "notify.false-tells-nobody"),
    sentence="isNotify notifies the devices whenever it is present, whatever its value.",
)(understood(_by_presence))


def _refuse(_deletion: Deletion) -> None:
    raise ApiError("missing-parameter")


class _Fruitless(Deletion):
    """A deletion that finds nothing, whatever it names; devices are notified as the call asks."""

    @property
    def chosen(self) -> Sequence[tuple[StoredView, Sequence[StoredMessage]]]:
        return ()

    @chosen.setter
    def chosen(self, found: object) -> None:
        pass


def _finding_nothing(variant: str) -> Wrapper:
    applies = is_variant(variant)

    def wrap(step: Step) -> Step:
        def parse(request: IncomingRequest) -> Deletion:
            deletion: Deletion = step(request)
            if not applies(request):
                return deletion
            return _Fruitless(**{each.name: getattr(deletion, each.name) for each in fields(deletion)})

        return parse

    return wrap


# The call without isNotify is the plain one: what goes wrong with it goes wrong with nearly all calls.
for operations, goes, stays in (
    (BY_IDS, "effect.several-ids-gone", "effect.only-named-messages-gone"),
    (BY_TIME, "effect.messages-gone", "time.later-messages-stay"),
):
    for variant in VARIANTS:
        plain = variant == "absent"
        fault(
            f"notify.{variant}-refused",
            at="parse",
            operations=operations,
            refutes=(f"notify.{variant}-accepted", *(["request.documented-url-served"] if plain else ())),
            sentence=f"A call {WHAT[variant]} is refused.",
        )(refusing(is_variant(variant), "missing-parameter"))
        fault(
            f"notify.{variant}-refused-after-deleting",
            at="answer",
            operations=operations,
            refutes=(f"notify.{variant}-accepted", *(["request.documented-url-served"] if plain else ())),
            sentence=f"A call {WHAT[variant]} is rejected after it has deleted.",
        )(after_notifying(variant, _refuse))
        fault(
            f"notify.{variant}-deletes-nothing",
            at="parse",
            operations=operations,
            refutes=(f"notify.{variant}-deletes-the-same", *([goes] if plain else ())),
            sentence=f"A call {WHAT[variant]} deletes nothing.",
        )(_finding_nothing(variant))
        fault(
            f"notify.{variant}-clears",
            at="answer",
            operations=operations,
            refutes=(f"notify.{variant}-deletes-the-same", *([stays] if plain else ())),
            sentence=f"A call {WHAT[variant]} clears the whole conversation.",
        )(after_notifying(variant, in_the_conversation))
