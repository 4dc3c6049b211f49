"""What a sequence does next, drawn by Hypothesis; each function returns one step that makes sense."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from roamspec.contract.operations import Operation
from roamspec.generative import options
from roamspec.generative.program import (
    ANONYMOUS,
    MISSING,
    NEIGHBOUR,
    NO_NUMBER,
    TOO_MANY,
    USERS,
    Delete,
    Program,
    Say,
    Step,
)
from roamspec.generative.sketch import Sketch
from roamspec.suite.subject import Subject

T = TypeVar("T")


class Drawing(Protocol):
    """`draw` of a composite strategy, or anything like it."""

    def __call__(self, strategy: st.SearchStrategy[T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The operations that sequences use, apart from those that were already found broken."""

    subjects: tuple[Subject, ...]
    by_id: tuple[Subject, ...]
    by_time: tuple[Subject, ...]
    clearing: tuple[Subject, ...]

    @classmethod
    def of(cls, operations: Sequence[Operation]) -> "Repertoire":
        subjects = tuple(Subject(operation) for operation in operations)
        return cls(
            subjects,
            tuple(subject for subject in subjects if subject.by_id),
            tuple(subject for subject in subjects if subject.by_time),
            tuple(subject for subject in subjects if not subject.conversation_parameter),
        )


def one_of(draw: Drawing, sketch: Sketch, among: Sequence[T]) -> T:
    """One of the options. Which of them Hypothesis holds for the simplest changes from step to step, so
    that the simplest sequence, with which it begins, is not the same step over and over."""
    return among[(sketch.steps + draw(_up_to(len(among) - 1))) % len(among)]


@cache
def _up_to(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def opening(draw: Drawing, sketch: Sketch) -> tuple[bool, list[Step]]:
    """Whether devices are online, and a few messages in a chat, something else, and mostly one more place."""
    watched = draw(_up_to(1)) == 1
    places = one_of(draw, sketch, options.opening_places(sketch))
    steps: list[Step] = []
    for _ in range(3 + draw(_up_to(4))):
        step = _message(draw, sketch, one_of(draw, sketch, places))
        if step is not None and sketch.allows(step):
            steps.append(step)
            sketch, _ = sketch.after(step)
    return watched, steps


def any_step(draw: Drawing, sketch: Sketch, repertoire: Repertoire, program: Program) -> Step | None:
    """Mostly a deletion that does something, each of the five about as often as another."""

    def ids() -> Step | None:
        return _by_ids(draw, sketch, repertoire.by_id)

    def time() -> Step | None:
        return _up_to_a_time(draw, sketch, repertoire.by_time)

    def word() -> Step | None:
        return _message(draw, sketch, one_of(draw, sketch, options.somewhere(sketch)))

    def all_of_it() -> Step | None:
        # Little can be seen of what follows a clearing at once.
        clearing = () if program.just_cleared else repertoire.clearing
        return _everything(draw, sketch, clearing) or ids() or time()

    def flawed() -> Step | None:
        return None if program.ends_with_a_flaw else _wrongly(draw, sketch, repertoire.subjects)

    kinds = [word, time, word, ids, time, ids, time, word, ids, all_of_it, word, time, flawed, ids, all_of_it]
    return one_of(draw, sketch, kinds)()


def _message(draw: Drawing, sketch: Sketch, place: str) -> Say | None:
    """None when nothing can be said there any more."""
    said = options.messages(sketch, place)
    return one_of(draw, sketch, said) if said else None


def _by_ids(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    targets = options.targets(sketch, subjects)
    if not targets:
        return None
    target = one_of(draw, sketch, targets)
    picks, notify = one_of(draw, sketch, list(product(options.picks(sketch, target), options.NOTIFY)))
    return Delete(target.subject.operation.name, target.owner, target.place, picks, notify=notify)


def _up_to_a_time(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    targets = options.targets(sketch, subjects)
    target = one_of(draw, sketch, targets) if targets else None
    boundaries = options.boundaries(sketch, target) if target else []
    if target is None or not boundaries:
        return None
    (around, offset), notify = one_of(draw, sketch, list(product(boundaries, options.NOTIFY)))
    name = target.subject.operation.name
    return Delete(name, target.owner, target.place, around=around, offset_ms=offset, notify=notify)


def _everything(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    places = [place for place in sketch.touched if place != NEIGHBOUR]
    owners = [user for user in USERS if any(sketch.view(user, place).ids for place in places)]
    calls = [Delete(subject.operation.name, owner) for subject, owner in product(subjects, owners)]
    return one_of(draw, sketch, calls) if calls else None


def _wrongly(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    """A call that must do nothing, for all that it names messages that are there."""
    if not subjects:
        return None
    subject = one_of(draw, sketch, subjects)
    name = subject.operation.name
    if not subject.conversation_parameter:
        return Delete(name, one_of(draw, sketch, USERS), flaw=ANONYMOUS)
    targets = options.targets(sketch, [subject])
    target = one_of(draw, sketch, targets) if targets else None
    labels = [label for label, offset in options.boundaries(sketch, target) if offset == 0] if target else []
    if target is None or not labels:
        return None
    flaws = [
        TOO_MANY if subject.by_id else NO_NUMBER,
        f"{MISSING}{subject.conversation_parameter}",
        f"{MISSING}{subject.selection_parameter}",
        ANONYMOUS,
    ]
    label, flaw, notify = one_of(draw, sketch, list(product(labels, flaws, options.NOTIFY)))
    picks = (label,) if subject.by_id else ()
    around = "" if subject.by_id else label
    return Delete(name, target.owner, target.place, picks, around, notify=notify, flaw=flaw)
