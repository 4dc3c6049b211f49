"""What a sequence does next, drawn by Hypothesis; each function returns one step that makes sense."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random
from typing import Protocol, TypeVar

from hypothesis import reject
from hypothesis import strategies as st

from roamspec.contract.operations import Operation
from roamspec.generative import flaws, step_choices
from roamspec.generative.call_sequence import (
    NEIGHBOUR,
    USERS,
    CallSequence,
    DeleteStep,
    SendStep,
    Setting,
    Step,
)
from roamspec.generative.planned_state import PlannedState
from roamspec.generative.provisioning import SHORT
from roamspec.session.names import RELATIONS
from roamspec.suite.operation_under_test import OperationUnderTest

T = TypeVar("T")
_MOST_DICE = 2**16
_SETTINGS = 4
"""How many settings are drawn, of which the newest is taken."""
_OPENING = range(5, 12)
"""How many messages come first."""


class Drawing(Protocol):
    """`draw` of a composite strategy, or anything like it."""

    def __call__(self, strategy: st.SearchStrategy[T], /) -> T:
        """A value of the strategy."""


class Choosing:
    """Chooses among options by Hypothesis's numbers, turned by dice that a number of the sequence's own sets.

    Hypothesis begins a search with the simplest sequence, and with such as begin differently and go on as
    simply. As a run plays few, every run would play the same ones: with the dice, "simplest" means another
    thing in each sequence and at each step.
    """

    def __init__(self, dice: Random, draw: Drawing) -> None:
        self._dice = dice
        self._draw = draw

    def __call__(self, among: Sequence[T]) -> T:
        """One of the options."""
        turn = self._dice.randrange(len(among))
        return among[(turn + self._draw(_up_to(len(among) - 1))) % len(among)]


def dice(draw: Drawing) -> Random:
    """The dice of a sequence; the simplest is never played, as it would be the first of each run."""
    number = draw(_up_to(_MOST_DICE))
    if number == 0:
        reject()
    return Random(number)  # noqa: S311 - it must be the same again


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The operations that sequences use, apart from those that were already found broken."""

    subjects: tuple[OperationUnderTest, ...]
    by_id: tuple[OperationUnderTest, ...]
    by_time: tuple[OperationUnderTest, ...]
    clearing: tuple[OperationUnderTest, ...]

    @classmethod
    def of(cls, operations: Sequence[Operation]) -> "Repertoire":
        """The repertoire that calls these operations."""
        subjects = tuple(OperationUnderTest(operation) for operation in operations)
        return cls(
            subjects,
            tuple(subject for subject in subjects if subject.by_id),
            tuple(subject for subject in subjects if subject.by_time),
            tuple(subject for subject in subjects if not subject.conversation_parameter),
        )


@cache
def _up_to(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


def opening(
    choose: Choosing, planned: PlannedState, newest: Callable[[Sequence[Setting]], Setting]
) -> tuple[bool, Setting, list[Step]]:
    """Whether devices are online, the setting, and some messages in a chat, something else, and mostly one
    more place. Of several settings that could be, `newest` is asked for one."""
    watched = choose((True, True, False))
    setting = newest([_setting(choose, planned) for _ in range(_SETTINGS)])
    places = choose(step_choices.opening_places(planned))
    steps: list[Step] = []
    for _ in range(choose(_OPENING)):
        step = _message(choose, planned, choose(places))
        if step is not None and planned.allows(step):
            steps.append(step)
            planned, _ = planned.after(step)
    return watched, setting, steps


def _setting(choose: Choosing, planned: PlannedState) -> Setting:
    """Each feature of the world is there or not, by itself."""
    forms = (*step_choices.NAME_FORMS, SHORT) if planned.visibility.short_names else step_choices.NAME_FORMS
    return Setting(
        relation=choose(("", *RELATIONS)),
        base=choose(("", *step_choices.BASES)),
        form=choose(("", *forms)),
        creator=choose(USERS),
        late=choose(("", "", *USERS)),
        devices=choose(step_choices.DEVICES),
        namesake=planned.visibility.short_names and choose((False, False, True)),
    )


def any_step(
    choose: Choosing, planned: PlannedState, repertoire: Repertoire, program: CallSequence
) -> Step | None:
    """Mostly a deletion that does something, each of the five about as often as another."""

    def ids() -> Step | None:
        return _by_ids(choose, planned, repertoire.by_id)

    def time() -> Step | None:
        return _up_to_a_time(choose, planned, repertoire.by_time)

    def word() -> Step | None:
        return _message(choose, planned, choose(step_choices.somewhere(planned)))

    def all_of_it() -> Step | None:
        # Little can be seen of what follows a clearing at once.
        clearing = () if program.just_cleared else repertoire.clearing
        return _everything(choose, planned, clearing) or ids() or time()

    def flawed() -> Step | None:
        return _wrongly(choose, planned, repertoire.subjects, program)

    def again() -> Step | None:
        calls = [call for call in program.deletions if not call.flaw]
        return calls[-1] if calls else None

    kinds = [
        *(word, flawed, time, ids, flawed, all_of_it, time, flawed, ids, word, flawed, all_of_it, flawed),
        *(ids, flawed, time, flawed, word, again, flawed),
    ]
    return choose(kinds)()


def _message(choose: Choosing, planned: PlannedState, place: str) -> SendStep | None:
    """None when nothing can be said there any more."""
    said = step_choices.messages(planned, place)
    return choose(said) if said else None


def _by_ids(
    choose: Choosing, planned: PlannedState, subjects: Sequence[OperationUnderTest]
) -> DeleteStep | None:
    targets = step_choices.targets(planned, subjects)
    if not targets:
        return None
    target = choose(targets)
    picks, notify = choose(list(product(step_choices.picks(planned, target), step_choices.NOTIFY)))
    forms = choose(step_choices.FORMS_BY_ID)
    return DeleteStep(
        target.subject.operation.name, target.owner, target.place, picks, notify=notify, forms=forms
    )


def _up_to_a_time(
    choose: Choosing, planned: PlannedState, subjects: Sequence[OperationUnderTest]
) -> DeleteStep | None:
    targets = step_choices.targets(planned, subjects)
    target = choose(targets) if targets else None
    boundaries = step_choices.boundaries(planned, target) if target else []
    if target is None or not boundaries:
        return None
    (around, offset), notify = choose(list(product(boundaries, step_choices.NOTIFY)))
    name, forms = target.subject.operation.name, choose(step_choices.FORMS_BY_TIME)
    return DeleteStep(
        name, target.owner, target.place, around=around, offset_ms=offset, notify=notify, forms=forms
    )


def _everything(
    choose: Choosing, planned: PlannedState, subjects: Sequence[OperationUnderTest]
) -> DeleteStep | None:
    places = [place for place in planned.touched if place != NEIGHBOUR]
    owners = [user for user in USERS if any(planned.view(user, place).ids for place in places)]
    calls = [DeleteStep(subject.operation.name, owner) for subject, owner in product(subjects, owners)]
    return choose(calls) if calls else None


def _wrongly(
    choose: Choosing, planned: PlannedState, subjects: Sequence[OperationUnderTest], program: CallSequence
) -> DeleteStep | None:
    """A call that must do nothing, for all that it names messages that are there."""
    if not subjects:
        return None
    last = program.steps[-1] if program.steps else None
    if isinstance(last, DeleteStep) and last.flaw and choose((True, True, False)):
        # Rows of one operation: one look tells of all, and whose they are.
        subjects = [subject for subject in subjects if subject.operation.name == last.operation] or subjects
    subject = choose(subjects)
    name = subject.operation.name
    possible = [f for f in flaws.every(subject) if f not in flaws.NEEDY or f in planned.visibility.flaws]
    if not subject.conversation_parameter:
        return DeleteStep(name, choose(USERS), flaw=choose(possible))
    targets = step_choices.targets(planned, [subject])
    target = choose(targets) if targets else None
    labels = (
        [label for label, offset in step_choices.boundaries(planned, target) if offset == 0] if target else []
    )
    if target is None or not labels:
        return None
    flaw = choose(possible)
    label, notify = choose(list(product(labels, step_choices.NOTIFY)))
    picks = (label,) if subject.by_id else ()
    around = "" if subject.by_id else label
    forms = choose(step_choices.FORMS_BY_TIME)
    return DeleteStep(name, target.owner, target.place, picks, around, notify=notify, flaw=flaw, forms=forms)
