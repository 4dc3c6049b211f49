"""Faults of isNotify: absent, true and false."""

from collections.abc import Callable
from typing import Any, Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.faults.deeds import in_the_conversation
from roamspec.emulator.faults.registry import ONE_CONVERSATION, Step, Wrapper, fault
from roamspec.emulator.faults.wrongs import refusing, skipping, understood
from roamspec.emulator.http.request import Request

VARIANTS: Final = ("absent", "true", "false")
WHAT: Final = {"absent": "without isNotify", "true": "with isNotify=true", "false": "with isNotify=false"}


def is_variant(variant: str) -> Callable[[Request], bool]:
    return lambda request: request.query.get("isNotify", "absent") == variant


def told_apart(variant: str, then: Callable[[Deletion], None]) -> Callable[[Step], Step]:
    """Something happens after the notice, for one of the three: `Deletion` keeps only what was meant."""

    def wrap(step: Step) -> Step:
        def answer(request: Request, deletion: Deletion) -> Any:
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


def _names_nothing(deletion: Deletion) -> None:
    deletion.ids, deletion.time_ms = (), 0


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
for variant in VARIANTS:
    fault(
        f"notify.{variant}-refused",
        at="parse",
        operations=ONE_CONVERSATION,
        refutes=(f"notify.{variant}-accepted",),
        sentence=f"A call {WHAT[variant]} is refused.",
    )(refusing(is_variant(variant), "missing-parameter"))
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
    )(told_apart(variant, in_the_conversation))
