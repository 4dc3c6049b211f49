"""Faults of an app without message roaming."""

from typing import Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import EVERY, ONE_CONVERSATION, fault
from roamspec.faults.side_effects import notify, others_in
from roamspec.faults.step_mutators import although_refused, instead_of, misworded, refused_as

_CLOSED: Final = "not-open"

fault(
    "not-open.served",
    at="admit",
    operations=EVERY,
    refutes=("not-open.status",),
    sentence="Deletions are accepted although message roaming is disabled.",
)(instead_of([_CLOSED], lambda _: None))
for status in (200, 403):
    fault(
        f"not-open.status-{status}",
        at="admit",
        operations=EVERY,
        refutes=("not-open.status",),
        sentence=f"The error response for disabled message roaming has the status {status}.",
    )(refused_as(_CLOSED, misworded(_CLOSED, f"status {status}", status=status)))
for name, words in (("of-the-pull", "function_not_open_error"), ("of-a-bad-request", "Bad Request")):
    fault(
        f"not-open.error-type-{name}",
        at="admit",
        operations=EVERY,
        refutes=("not-open.error-type",),
        sentence=f"The error response for disabled message roaming has the error type {words!r}.",
    )(refused_as(_CLOSED, misworded(_CLOSED, words, error=words)))
for name, words in (
    ("of-the-pull", "messageroaming function not open"),
    ("with-full-stop", "this appKey not open message roaming."),
):
    fault(
        f"not-open.error-text-{name}",
        at="admit",
        operations=EVERY,
        refutes=("not-open.error-text",),
        sentence=f"The error response for disabled message roaming has the error text {words!r}.",
    )(refused_as(_CLOSED, misworded(_CLOSED, words, description=words)))


def _tell_owner(request: IncomingRequest) -> None:
    deletion: Deletion = request.app.steps[request.deletion].parse(request)
    notify(deletion, deletion.owner)


def _tell_others(request: IncomingRequest) -> None:
    deletion: Deletion = request.app.steps[request.deletion].parse(request)
    assert deletion.conversation is not None
    for name, _ in others_in(deletion, deletion.conversation):
        notify(deletion, name)


fault(
    "not-open.told-to-the-owner",
    at="admit",
    operations=EVERY,
    refutes=("not-open.notifies-nobody",),
    sentence="A deletion rejected because message roaming is disabled notifies the owner's devices.",
)(although_refused([_CLOSED], _tell_owner))
fault(
    "not-open.told-to-the-others",
    at="admit",
    operations=ONE_CONVERSATION,
    refutes=("not-open.notifies-nobody",),
    sentence="A deletion rejected because message roaming is disabled notifies the other participants.",
)(although_refused([_CLOSED], _tell_others))
