"""What could be done next, as lists to draw from: each choice costs one draw, whatever it decides.

Draws are what a sequence costs besides its calls; so things are listed together that could be drawn one by
one, in the proportions in which they should come.
"""

from collections.abc import Sequence
from itertools import combinations, product
from typing import Final, NamedTuple, TypeVar

from roamspec.api.message_bodies import TEXT
from roamspec.generative.call_sequence import (
    NEIGHBOUR,
    OFFSETS,
    PLACES,
    TEXTS,
    TO_COME,
    UNKNOWN,
    Form,
    Notify,
    SendStep,
)
from roamspec.generative.planned_state import RECENT_PAST_MS, PlannedState
from roamspec.session.names import FORMS
from roamspec.session.names import Form as NameForm
from roamspec.suite.operation_under_test import OperationUnderTest

T = TypeVar("T")
NOTIFY: Final[tuple[Notify, ...]] = ("absent", "true", "false")
NAME_FORMS: Final = FORMS
BASES: Final[tuple[NameForm, ...]] = ("digits", "dot", "underscore")
"""Forms of an ID that is short enough for another one to be related to it."""
DEVICES: Final = ((1, 1, 1), (2, 1, 0), (3, 0, 1), (0, 1, 2), (4, 1, 1))
"""How many devices each of the users has."""
FORMS_BY_ID: Final[tuple[tuple[Form, ...], ...]] = (
    *((), (), ("encoded",), ("reordered",), ("reversed",), ("repeated",)),
    ("encoded", "reversed"),
)
FORMS_BY_TIME: Final[tuple[tuple[Form, ...], ...]] = ((), (), ("encoded",), ("reordered",))
_LATER_MS: Final = (0, 1, 2, 1000, 1001, 5000)
_LIVE_OFFSETS: Final = (0, -1, 1, TO_COME)
"""Messages sent now lie a few milliseconds apart: a boundary farther off could pass others."""
_CLOSE: Final = (0, -1)
"""Twice as often as others: the last boundary that takes a message along, and the first that does not."""
_DAYS: Final = (195, 95, 9, 0)
_DAY_MS: Final = 86_400_000
_MOST_PICKS: Final = 3
_MOST_LABELS: Final = 5
_FOUND_FOR_ONE_ABSENT: Final = 9


class StepTarget(NamedTuple):
    """An operation, an owner, and one of the owner's places that the operation can name."""

    subject: OperationUnderTest
    owner: str
    place: str


def alike(*groups: Sequence[T]) -> list[T]:
    """The groups in one list, each with as many entries as any other; empty ones count for nothing."""
    there = [group for group in groups if group]
    longest = max(map(len, there), default=0)
    return [group[i % len(group)] for i in range(longest) for group in there]


def opening_places(planned: PlannedState) -> list[tuple[str, ...]]:
    """A chat, a group or room, and mostly another chat: any two chats have a user in common, for whom one of
    them is the wrong one."""
    usable = [place for place in planned.visibility.places if place != NEIGHBOUR]
    chats = [place for place in usable if PLACES[place].kind == "chat"]
    groups = [place for place in usable if PLACES[place].kind == "group"]
    rooms = [place for place in usable if PLACES[place].kind == "room"]
    # Rooms are documented for two of the five, groups for three.
    others = alike(groups, [*groups, *rooms])
    more = [*chats, *chats, *groups, ""]
    return [
        tuple(place for place in each if place)
        for each in product(chats or [""], others or [""], more)
        if any(each) and (each[0] != each[2] or len(chats) < 2)
    ]


def somewhere(planned: PlannedState) -> list[str]:
    """Places: half of them those where something was deleted, the kinds alike; the second app's once, as
    it costs users of its own."""
    usable = [place for place in planned.visibility.places if place != NEIGHBOUR]
    kinds = sorted({PLACES[place].kind for place in usable})
    by_kind = alike(*([place for place in usable if PLACES[place].kind == kind] for kind in kinds))
    places = alike(by_kind, planned.emptied)
    return [*places, *places, NEIGHBOUR] if NEIGHBOUR in planned.visibility.places else places


def messages(planned: PlannedState, place: str) -> list[SendStep]:
    """Messages into a place, sent now and imported alike."""
    label = f"m{len(planned.said) + 1}"
    earliest = planned.earliest_import(place)
    ways = planned.visibility.ways(place)
    members = PLACES[place].members
    bodies = _bodies(planned)
    sent = [SendStep(label, place, sender, None, *body) for sender, body in product(members, bodies)]
    sent = sent if "send" in ways else []
    if "import" not in ways or earliest is None:
        return sent
    times = _import_times(planned, place, earliest)
    imported = [
        SendStep(label, place, sender, at, *body) for at, sender, body in product(times, members, bodies)
    ]
    return alike(sent, imported)


def _bodies(planned: PlannedState) -> list[tuple[str, str]]:
    """Types and texts: every second message says the same as others."""
    special = [*((kind, "") for kind in planned.visibility.types), *((TEXT, text) for text in TEXTS if text)]
    return alike([(TEXT, "")], special) if special else [(TEXT, "")]


def _import_times(planned: PlannedState, place: str, earliest: int) -> list[int]:
    """Close to the times of other messages of the place: there the boundaries are."""
    here = [say.at_ms for say in planned.said.values() if say.place == place and say.at_ms is not None]
    latest = planned.visibility.past_ms - RECENT_PAST_MS
    near = [at + later for at in here for later in _LATER_MS]
    if planned.visibility.ties:
        near += [at - 1 for at in here]
    # Ages of days and months, and of some minutes; where nothing was said yet, from there on.
    eras = [at for at in {*(latest - days * _DAY_MS for days in _DAYS), latest} if at >= max(earliest, 0)]
    times = {at for at in [*near, *eras] if at >= earliest} or {max([earliest, *near]) + 1}
    return sorted(times)


def targets(planned: PlannedState, subjects: Sequence[OperationUnderTest]) -> list[StepTarget]:
    """The operations alike, each with what holds something; with what does not, where nothing does.

    Twice what is not the newest of the owner's: there a call that takes another conversation for the one it
    names goes wrong.
    """
    every = [
        [
            StepTarget(subject, user, place)
            for place in planned.touched
            if _reaches(subject, place)
            for user in PLACES[place].members
        ]
        for subject in subjects
    ]
    filled = [[pair for pair in pairs if planned.view(pair.owner, pair.place).ids] for pairs in every]
    return alike(*(pairs + _not_newest(planned, pairs) for pairs in filled)) or alike(*every)


def _not_newest(planned: PlannedState, pairs: Sequence[StepTarget]) -> list[StepTarget]:
    """Those in which the newest message is older than in another one of the same owner."""
    newest = {pair: max(map(planned.time_of, planned.view(pair.owner, pair.place).ids)) for pair in pairs}
    latest: dict[str, int] = {}
    for pair, time in newest.items():
        latest[pair.owner] = max(latest.get(pair.owner, time), time)
    return [pair for pair, time in newest.items() if time < latest[pair.owner]]


def _reaches(subject: OperationUnderTest, place: str) -> bool:
    """Whether the operation is documented for the place: rooms are, for clearing up to a time alone."""
    if place == NEIGHBOUR:
        return False
    if subject.kind == "chat":
        return PLACES[place].kind == "chat"
    return PLACES[place].kind == "group" or (PLACES[place].kind == "room" and subject.by_time)


def picks(planned: PlannedState, target: StepTarget) -> list[tuple[str, ...]]:
    """Some messages of the view; in about one of ten cases only IDs that are not in it."""
    present = sorted(planned.view(target.owner, target.place).ids, key=_number)
    absent = [label for label in (*planned.said, UNKNOWN) if label not in present]
    found = _some(present[-_MOST_LABELS:])
    if len(present) > _MOST_PICKS:
        found += [tuple(present), tuple(present[:-1]), (*present[:2], UNKNOWN)]
    others = _some(absent[-_MOST_LABELS:])
    if not found:
        return others
    found *= -(-_FOUND_FOR_ONE_ABSENT // len(found))
    return [*found, *others[: len(found) // _FOUND_FOR_ONE_ABSENT]]


def _some(labels: Sequence[str]) -> list[tuple[str, ...]]:
    return [each for count in range(1, _MOST_PICKS + 1) for each in combinations(labels, count)]


def boundaries(planned: PlannedState, target: StepTarget) -> list[tuple[str, int]]:
    """A message that is or was in the view, and how far from its time the boundary lies (milliseconds).

    Of those sent now only what is still there: their times must be read from the view.
    """
    view = planned.view(target.owner, target.place)
    found: list[tuple[str, int]] = []
    for label in sorted(view.ever, key=_number):
        imported = planned.said[label].at_ms is not None
        if imported or label in view.ids:
            offsets = OFFSETS if imported else _LIVE_OFFSETS
            found += [(label, offset) for offset in (*offsets, *_CLOSE)]
    return found


def _number(label: str) -> int:
    return int(label[1:])
