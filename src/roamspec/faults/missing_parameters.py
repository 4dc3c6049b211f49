"""Faults of calls that lack a required parameter."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.http.request import IncomingRequest
from roamspec.faults.registry import BY_IDS, BY_TIME, IN_CHATS, IN_GROUPS, ONE_CONVERSATION, fault
from roamspec.faults.side_effects import (
    announce,
    carry_out,
    everywhere,
    in_the_conversation,
    loosely_parsed,
    notify_others,
    own_views,
    without_effect,
)
from roamspec.faults.step_mutators import although_refused, instead_of, misworded, refused_as

_MISSING: Final = "missing-parameter"
# Parameter, its name in requirements, and the operations that require it.
_REQUIRED: Final = (
    ("userId", "user-id", IN_CHATS),
    ("groupId", "group-id", IN_GROUPS),
    ("msgIdList", "msg-id-list", BY_IDS),
    ("delTime", "del-time", BY_TIME),
)
# The table has a row for it for one operation alone.
_ROW: Final = ("deleteChatMessages",)


def _lacks(parameter: str) -> Callable[[IncomingRequest], bool]:
    """This parameter is absent, the other required one is there."""

    def lacks(request: IncomingRequest) -> bool:
        return parameter not in request.query and len(request.query) > 0

    return lacks


def _effect_of(parameter: str) -> Callable[[Deletion], None]:
    """What a careless reading of a call without the parameter deletes: everything it could have named."""
    return everywhere if parameter in ("userId", "groupId") else in_the_conversation


def _wide(parameter: str) -> Callable[[IncomingRequest], Deletion]:
    """Served, as if the parameter limited nothing when absent."""

    def served(request: IncomingRequest) -> Deletion:
        deletion = loosely_parsed(request)
        _effect_of(parameter)(deletion)
        return without_effect(request)

    return served


def _deleting(parameter: str) -> Callable[[IncomingRequest], None]:
    return lambda request: _effect_of(parameter)(loosely_parsed(request))


def _telling(request: IncomingRequest) -> None:
    announce(loosely_parsed(request))


def _telling_others(request: IncomingRequest) -> None:
    """Whoever takes part in the conversation, or where none is named, in any of the owner's."""
    deletion = loosely_parsed(request)
    named = [deletion.conversation] if deletion.target and deletion.conversation else []
    for conversation in named or [view.conversation for view in own_views(deletion)]:
        notify_others(deletion, conversation)


def _one_message(request: IncomingRequest) -> None:
    """The oldest message that the call could have meant."""
    deletion = loosely_parsed(request)
    conversation = deletion.conversation
    for view in deletion.context.store.views(deletion.owner):
        if len(view) and (not deletion.target or view.conversation == conversation):
            carry_out(replace(deletion, kind=KINDS["clearUser"], time_ms=next(iter(view)).time_ms))
            return


for parameter, slug, operations in _REQUIRED:
    prefix = f"missing.{slug}"
    lacks = _lacks(parameter)
    fault(
        f"{prefix}-served",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-refused", f"{prefix}-client-error"),
        sentence=f"A call without {parameter} is answered with success, and deletes nothing.",
    )(instead_of([_MISSING], without_effect, when=lacks))
    fault(
        f"{prefix}-means-all",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-refused", f"{prefix}-client-error", f"{prefix}-deletes-nothing"),
        sentence=f"A call without {parameter} deletes everything that the parameter could identify.",
    )(instead_of([_MISSING], _wide(parameter), when=lacks))
    fault(
        f"{prefix}-crashes",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-client-error",),
        sentence=f"A call without {parameter} crashes.",
    )(refused_as(_MISSING, "unknown-path-500", when=lacks))
    fault(
        f"{prefix}-refused-after-deleting",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-deletes-nothing",),
        sentence=f"A call without {parameter} is rejected after everything is deleted that the "
        "parameter could identify.",
    )(although_refused([_MISSING], _deleting(parameter), when=lacks))
    fault(
        f"{prefix}-refused-after-one-message",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-deletes-nothing",),
        sentence=f"A call without {parameter} is rejected after one message is deleted.",
    )(although_refused([_MISSING], _one_message, when=lacks))
    fault(
        f"{prefix}-refused-but-told",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-notifies-nobody",),
        sentence=f"A call without {parameter} is rejected, but the owner's devices are notified.",
    )(although_refused([_MISSING], _telling, when=lacks))
    fault(
        f"{prefix}-refused-but-others-told",
        at="parse",
        operations=operations,
        refutes=(f"{prefix}-notifies-nobody",),
        sentence=f"A call without {parameter} is rejected, but the other participants' devices are notified.",
    )(although_refused([_MISSING], _telling_others, when=lacks))

for parameter, slug, _ in _REQUIRED:
    if parameter not in ("userId", "msgIdList"):
        continue
    prefix, lacks = f"missing.{slug}", _lacks(parameter)
    for status in (422, 404):
        fault(
            f"{prefix}-status-{status}",
            at="parse",
            operations=_ROW,
            refutes=(f"{prefix}-status",),
            sentence=f"A call without {parameter} is rejected with status {status}.",
        )(refused_as(_MISSING, misworded(_MISSING, f"status {status}", status=status), when=lacks))
    for name, words in (
        ("illegal-argument", "illegal_argument"),
        ("in-snake-case", "bad_request"),
    ):
        fault(
            f"{prefix}-error-type-{name}",
            at="parse",
            operations=_ROW,
            refutes=(f"{prefix}-error-type",),
            sentence=f"The error response to a call without {parameter} has the error type {words!r}.",
        )(refused_as(_MISSING, misworded(_MISSING, words, error=words), when=lacks))
    for name, words in (
        ("explains", f"Required parameter '{parameter}' is not present."),
        ("in-small-letters", "bad request"),
    ):
        fault(
            f"{prefix}-error-text-{name}",
            at="parse",
            operations=_ROW,
            refutes=(f"{prefix}-error-text",),
            sentence=f"The error response to a call without {parameter} has the error text {words!r}.",
        )(refused_as(_MISSING, misworded(_MISSING, words, description=words), when=lacks))


def _lacks_everything(request: IncomingRequest) -> bool:
    return not request.query


def _clear_user(request: IncomingRequest) -> None:
    carry_out(replace(loosely_parsed(request), kind=KINDS["clearUser"], time_ms=request.now))


def _cleared(request: IncomingRequest) -> Deletion:
    _clear_user(request)
    return without_effect(request)


fault(
    "missing.everything-served",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("missing.everything-refused", "missing.everything-client-error"),
    sentence="A call without any parameter is answered with success, and deletes nothing.",
)(instead_of([_MISSING], without_effect, when=_lacks_everything))
fault(
    "missing.everything-clears-the-user",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=(
        "missing.everything-refused",
        "missing.everything-client-error",
        "missing.everything-deletes-nothing",
    ),
    sentence="A call without any parameter clears all of the owner's messages.",
)(instead_of([_MISSING], _cleared, when=_lacks_everything))
fault(
    "missing.everything-refused-after-clearing",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("missing.everything-deletes-nothing",),
    sentence="A call without any parameter is rejected after all of the owner's messages are deleted.",
)(although_refused([_MISSING], _clear_user, when=_lacks_everything))
