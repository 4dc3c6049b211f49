"""Which operation a difference belongs to: the one without which it disappears."""

from collections.abc import Callable

from roamspec.generative.call_sequence import CallSequence, DeleteStep
from roamspec.generative.difference import Difference


def blamed(program: CallSequence, disappears: Callable[[CallSequence], bool]) -> str:
    """The operation without whose calls the difference disappears; empty if there is none, or more than
    one, as then nothing tells which of them is at fault.

    `disappears` is true of a sequence that was played and did not show the difference.
    """
    if not disappears(undeleted(program)):
        return ""
    names = [name for name in program.operations if disappears(program.without_operation(name))]
    return names[0] if len(names) == 1 else ""


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
