"""Which operation a difference belongs to: the one without which it disappears."""

from collections.abc import Callable

from roamspec.generative.program import Delete, Program


def blamed(program: Program, disappears: Callable[[Program], bool]) -> str:
    """The operation without whose calls the difference disappears; empty if there is none, or more than
    one, as then nothing tells which of them is at fault.

    `disappears` is true of a sequence that was played and did not show the difference.
    """
    if not disappears(undeleted(program)):
        return ""
    names = [name for name in program.operations if disappears(program.without_operation(name))]
    return names[0] if len(names) == 1 else ""


def undeleted(program: Program) -> Program:
    """What was said, without any deletion: a difference that is still there is no deletion's."""
    at = (i for i, step in enumerate(program.steps) if isinstance(step, Delete))
    return program.without(frozenset(at))
