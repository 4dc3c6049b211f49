"""What a sequence may do next, drawn by Hypothesis; each function returns one step that makes sense."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from hypothesis import strategies as st

from roamspec.contract.operations import Operation
from roamspec.generative.program import (
    ANONYMOUS,
    MISSING,
    NEIGHBOUR,
    NO_NUMBER,
    OFFSETS,
    PLACES,
    TOO_MANY,
    UNKNOWN,
    USERS,
    Delete,
    Notify,
    Program,
    Say,
    Step,
)
from roamspec.generative.sketch import Sketch
from roamspec.suite.subject import Subject

T = TypeVar("T")
_LATER_MS: Final = (0, 1, 2, 1000, 1001, 5000)
_NOTIFY: Final[tuple[Notify, ...]] = ("absent", "true", "false")
_LIVE_OFFSETS: Final = (0, -1, 1)
"""Messages sent now lie a few milliseconds apart: a boundary farther off could pass others."""


class Drawing(Protocol):
    """`st.data().draw`, or anything like it."""

    def __call__(self, strategy: st.SearchStrategy[T], /) -> T: ...


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The operations that sequences use, apart from those that were already found broken."""

    subjects: tuple[Subject, ...]

    @classmethod
    def of(cls, operations: Sequence[Operation]) -> "Repertoire":
        return cls(tuple(Subject(operation) for operation in operations))

    @property
    def by_id(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.subjects if subject.by_id)

    @property
    def by_time(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.subjects if subject.by_time)

    @property
    def clearing(self) -> tuple[Subject, ...]:
        return tuple(subject for subject in self.subjects if not subject.conversation_parameter)


def one_of(draw: Drawing, sketch: Sketch, options: Sequence[T], *, turn: int | None = None) -> T:
    """One of the options. Which of them Hypothesis holds for the simplest changes from step to step, so
    that the simplest sequence, with which it begins, is not the same step over and over."""
    first = (sketch.steps if turn is None else turn) % len(options)
    return draw(st.sampled_from([*options[first:], *options[:first]]))


def any_step(draw: Drawing, sketch: Sketch, repertoire: Repertoire, program: Program) -> Step | None:
    """Mostly a deletion that does something, each of the five about as often as another."""

    def ids() -> Step | None:
        return by_ids(draw, sketch, repertoire.by_id)

    def time() -> Step | None:
        return up_to_a_time(draw, sketch, repertoire.by_time)

    def word() -> Step | None:
        return message(draw, sketch)

    def all_of_it() -> Step | None:
        # Little can be seen of what follows a clearing at once.
        clearing = () if program.just_cleared else repertoire.clearing
        return everything(draw, sketch, clearing) or ids() or time()

    def flawed() -> Step | None:
        return None if program.ends_with_a_flaw else wrongly(draw, sketch, repertoire.subjects)

    kinds = [word, time, word, ids, time, ids, time, word, ids, all_of_it, word, time, flawed, ids, all_of_it]
    return one_of(draw, sketch, kinds)()


def opening(draw: Drawing, sketch: Sketch) -> tuple[bool, list[Step]]:
    """Whether devices are online, and a few messages in a chat, something else, and mostly one more place."""
    watched = draw(st.integers(0, 3)) == 3
    places = _opening_places(draw, sketch)
    steps: list[Step] = []
    for _ in range(draw(st.integers(3, 7))):
        step = message(draw, sketch, one_of(draw, sketch, places))
        if step is not None and sketch.allows(step):
            steps.append(step)
            sketch, _ = sketch.after(step)
    return watched, steps


def _opening_places(draw: Drawing, sketch: Sketch) -> tuple[str, ...]:
    usable = [place for place in sketch.visibility.places if place != NEIGHBOUR]
    chats = [place for place in usable if PLACES[place].kind == "chat"]
    groups = [place for place in usable if PLACES[place].kind == "group"]
    # Rooms are documented for two of the five, groups for three.
    others = groups * 2 + [place for place in usable if PLACES[place].kind == "room"]
    # Any two chats have a user in common, for whom one of them is the wrong one.
    more = draw(st.sampled_from([chats, chats, groups, []]))
    return tuple(one_of(draw, sketch, each) for each in (chats, others, more) if each)


def message(draw: Drawing, sketch: Sketch, place: str | None = None) -> Say | None:
    """A message into a place (any, if none is given); None when nothing can be said there any more."""
    if place is None:
        place = somewhere(draw, sketch)
    earliest = sketch.earliest_import(place)
    ways = [way for way in sketch.visibility.ways(place) if way == "send" or earliest is not None]
    if not ways:
        return None
    sender = one_of(draw, sketch, PLACES[place].members)
    way = one_of(draw, sketch, ways)
    label = f"m{len(sketch.said) + 1}"
    if way == "send" or earliest is None:
        return Say(label, place, sender)
    return Say(label, place, sender, _import_time(draw, sketch, place, earliest))


def somewhere(draw: Drawing, sketch: Sketch) -> str:
    """A place: often one where something was deleted, else each kind as often as another; the neighbour
    app's seldom, as it costs users of its own."""
    usable = sketch.visibility.places
    if len(sketch.emptied) > 0 and draw(st.booleans()):
        return one_of(draw, sketch, sketch.emptied)
    if NEIGHBOUR in usable and draw(st.integers(0, 29)) == 29:
        return NEIGHBOUR
    kinds = sorted({PLACES[place].kind for place in usable})
    kind = one_of(draw, sketch, kinds)
    return one_of(draw, sketch, [p for p in usable if PLACES[p].kind == kind and p != NEIGHBOUR])


def _import_time(draw: Drawing, sketch: Sketch, place: str, earliest: int) -> int:
    """Close to the times of other messages of the place: there the boundaries are."""
    here = [say.at_ms for say in sketch.said.values() if say.place == place and say.at_ms is not None]
    near = [at + later for at in here or [earliest] for later in _LATER_MS]
    if sketch.visibility.ties:
        near += [at - 1 for at in here]
    return draw(st.sampled_from(sorted({at for at in near if at >= earliest} | {max(near) + 1})))


def by_ids(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    """Some messages of a view; or, now and then, only IDs that are not in it."""
    target = _target(draw, sketch, subjects)
    if target is None:
        return None
    present = sorted(sketch.view(target.owner, target.place).ids, key=_number)
    absent = [label for label in (*sketch.said, UNKNOWN) if label not in present]
    pool = absent if not present or draw(st.integers(0, 9)) == 9 else present
    picks = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
    return Delete(
        target.operation, target.owner, target.place, tuple(picks), notify=one_of(draw, sketch, _NOTIFY)
    )


def up_to_a_time(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    """Around the time of one of the messages that are or were in the view."""
    target = _target(draw, sketch, subjects)
    around = target and _message_around(draw, sketch, target)
    if not target or not around:
        return None
    offsets = _LIVE_OFFSETS if sketch.said[around].at_ms is None else OFFSETS
    return Delete(
        target.operation,
        target.owner,
        target.place,
        around=around,
        offset_ms=one_of(draw, sketch, offsets),
        notify=one_of(draw, sketch, _NOTIFY),
    )


def everything(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    owners = [
        u for u in USERS if any(sketch.view(u, place).ids for place in sketch.touched if place != NEIGHBOUR)
    ]
    if not owners or not subjects:
        return None
    return Delete(one_of(draw, sketch, subjects).operation.name, one_of(draw, sketch, owners))


def wrongly(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> Delete | None:
    """A call that must do nothing, for all that it names messages that are there."""
    if not subjects:
        return None
    subject = one_of(draw, sketch, subjects)
    if not subject.conversation_parameter:
        return Delete(subject.operation.name, one_of(draw, sketch, USERS), flaw=ANONYMOUS)
    target = _target(draw, sketch, [subject])
    around = target and _message_around(draw, sketch, target)
    if not target or not around:
        return None
    missing = [f"{MISSING}{subject.conversation_parameter}", f"{MISSING}{subject.selection_parameter}"]
    flaw = one_of(draw, sketch, [TOO_MANY if subject.by_id else NO_NUMBER, *missing, ANONYMOUS])
    step = Delete(
        target.operation, target.owner, target.place, notify=one_of(draw, sketch, _NOTIFY), flaw=flaw
    )
    return replace(step, picks=(around,)) if subject.by_id else replace(step, around=around)


@dataclass(frozen=True, slots=True)
class _Target:
    """An operation, an owner, and one of the owner's places that the operation can name."""

    operation: str
    owner: str
    place: str


def _target(draw: Drawing, sketch: Sketch, subjects: Sequence[Subject]) -> _Target | None:
    """Mostly one that holds something; None when nothing was said where the operations reach."""
    pairs = [
        _Target(subject.operation.name, user, place)
        for subject in subjects
        for place in sketch.touched
        if _reaches(subject, place)
        for user in PLACES[place].members
    ]
    filled = [pair for pair in pairs if sketch.view(pair.owner, pair.place).ids]
    if not pairs:
        return None
    operations = sorted({pair.operation for pair in filled or pairs})
    chosen = one_of(draw, sketch, operations, turn=sketch.steps // 2)
    return one_of(draw, sketch, [pair for pair in filled or pairs if pair.operation == chosen])


def _reaches(subject: Subject, place: str) -> bool:
    """Whether the operation is documented for the place: rooms are, for clearing up to a time alone."""
    if place == NEIGHBOUR:
        return False
    if subject.kind == "chat":
        return PLACES[place].kind == "chat"
    return PLACES[place].kind == "group" or (PLACES[place].kind == "room" and subject.by_time)


def _message_around(draw: Drawing, sketch: Sketch, target: _Target) -> str | None:
    """One of the view's messages: of those sent now only what is still there, as its time must be read."""
    view = sketch.view(target.owner, target.place)
    known = [
        label
        for label in sorted(view.ever, key=_number)
        if label in view.ids or sketch.said[label].at_ms is not None
    ]
    return one_of(draw, sketch, known) if known else None


def _number(label: str) -> int:
    return int(label[1:])
