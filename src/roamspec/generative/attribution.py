"""Which operation a difference belongs to: the one without which it disappears."""

from collections.abc import Callable

from roamspec.generative.call_sequence import CallSequence, DeleteStep
from roamspec.generative.difference import Difference


def attributed_operation(
    program: CallSequence, disappears: Callable[[CallSequence], bool], difference: Difference
) -> str:
    """The operation without whose calls the difference disappears; empty if there is none.

    A call may go wrong only after one of another operation: where the difference needs several, it belongs to
    the one that showed it, or that deleted what is back. Empty if nothing tells which one that is.
    `disappears` is true of a sequence that was played and did not show the difference.
    """
    if not disappears(undeleted(program)):
        return ""
    names = [name for name in program.operations if disappears(program.without_operation(name))]
    if len(names) == 1:
        return names[0]
    shown = _deleted_by(program, difference) if difference.kind == "back" else suspected(program, difference)
    return shown if shown in names else ""


def _deleted_by(program: CallSequence, difference: Difference) -> str:
    """The operation of the only calls that can have deleted something of this user in this place."""
    calls = (call for call in program.deletions if call.owner == difference.user and not call.flaw)
    names = {call.operation for call in calls if call.place in ("", difference.place)}
    return names.pop() if len(names) == 1 else ""


def suspected(program: CallSequence, difference: Difference) -> str:
    """The operation of the only calls since the same was last seen as it should be; empty when there were
    calls of several, or of none.

    That is as far as one look tells: a call may have an effect that shows later.
    """
    calls = program.steps[difference.since + 1 : difference.step + 1]
    names = {step.operation for step in calls if isinstance(step, DeleteStep)}
    return names.pop() if len(names) == 1 else ""


def undeleted(program: CallSequence) -> CallSequence:
    """What was said, without any deletion: a difference that is still there is no deletion's."""
    at = (i for i, step in enumerate(program.steps) if isinstance(step, DeleteStep))
    return program.without(frozenset(at))
