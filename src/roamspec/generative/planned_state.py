"""The model of a sequence before it is played: it tells which steps make sense next.

Times are on a scale of the plan's own: imported messages have theirs, messages sent now come after all
of them, ten milliseconds apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

from roamspec.generative.call_sequence import (
    NEIGHBOUR,
    PLACES,
    TO_COME,
    UNKNOWN,
    USERS,
    CallSequence,
    DeleteStep,
    SendStep,
    Step,
)
from roamspec.generative.flaws import NEEDY, reply_to
from roamspec.generative.model import (
    DeletionCall,
    Effect,
    ModelConversation,
    ModelMessage,
    ModelService,
    ModelView,
    PlaceKind,
    Reply,
    expected_reply,
    open_conversation,
    register,
)
from roamspec.generative.model import add_message as model_say
from roamspec.generative.model import delete as model_delete

Way = Literal["import", "send"]
Role = Literal["sender", "receiver"]

MAIN: Final = "main"
_NOW_MS: Final = 100_000_000_000
_APART_MS: Final = 10
RECENT_PAST_MS: Final = 600_000
_CLOSEST_MS: Final = 60_000
"""Messages are dated so long before now at least: live ones come after all of them."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What a target was seen to do with messages: who pulls them, and whose lists they enter."""

    seen: Mapping[tuple[PlaceKind, Way], frozenset[Role]]
    listed: Mapping[tuple[PlaceKind, Way], frozenset[Role]]
    ties: bool = False
    """Whether messages may be imported with any time, also one that another message has."""
    past_ms: int = RECENT_PAST_MS
    """How long before now the past of a sequence begins: what is imported may be so old."""
    types: tuple[str, ...] = ()
    """The types of messages beside text."""
    short_names: bool = False
    """Whether users may have IDs of one character: nobody else calls the app."""
    flaws: frozenset[str] = frozenset()
    """Of the flaws that only some targets let be tried (`flaws.NEEDY`), those of this target."""
    places: tuple[str, ...] = tuple(PLACES)

    def ways(self, place: str) -> tuple[Way, ...]:
        """How messages can come to a place so that history queries show them."""
        kind = PLACES[place].kind
        return tuple(way for way in ("import", "send") if self.seen.get((kind, way)))


@dataclass(frozen=True, slots=True)
class PlannedState:
    """The model after the steps so far.

    `cleared` is, for each user and place, the time through which a call cleared it. What is imported there
    with an earlier time later on, the documentation leaves open, so no sequence does it.
    """

    visibility: Visibility
    service: ModelService
    cleared: Mapping[tuple[str, str], int]
    said: Mapping[str, SendStep]
    live: int = 0
    steps: int = 0

    @classmethod
    def blank(cls, visibility: Visibility) -> Self:
        """The state before the first step: all users and conversations, and no message."""
        service = ModelService({})
        for app in (MAIN, "neighbour"):
            service = register(service, app, USERS)
        for name, place in PLACES.items():
            service = open_conversation(service, app_of(name), place)
        return cls(visibility, service, {}, {})

    def view(self, user: str, place: str) -> ModelView:
        """What a user has of a place."""
        return self.service.app(app_of(place)).view(user, PLACES[place])

    @property
    def touched(self) -> tuple[str, ...]:
        """The places in which something was said, in the order of PLACES."""
        used = {say.place for say in self.said.values()}
        return tuple(place for place in PLACES if place in used)

    @property
    def emptied(self) -> tuple[str, ...]:
        """The places from which somebody deleted something."""
        views = ((place, self.view(user, place)) for place in self.touched for user in PLACES[place].members)
        return tuple(dict.fromkeys(place for place, view in views if view.ever - view.ids))

    def time_of(self, label: str) -> int:
        """The time of a message that was said, on the plan's scale."""
        at_ms = self.said[label].at_ms
        if at_ms is not None:
            return at_ms
        sent = [name for name, say in self.said.items() if say.at_ms is None]
        return _NOW_MS + _APART_MS * sent.index(label)

    def until(self, step: DeleteStep) -> int | None:
        """The step's delTime on the plan's scale."""
        return self.time_of(step.around) + step.offset_ms if step.around in self.said else None

    def earliest_import(self, place: str) -> int | None:
        """The time from which on a message may be imported into the place; None when none may be."""
        here = [say for say in self.said.values() if say.place == place]
        cleared = [self.cleared.get((user, place), -1) for user in PLACES[place].members]
        earliest = max((time + 1 for time in cleared), default=0)
        if earliest >= _NOW_MS:
            return None
        if not self.visibility.ties:
            if any(say.at_ms is None for say in here):
                return None
            earliest = max([earliest, *(say.at_ms + 1 for say in here if say.at_ms is not None)])
        return max(earliest, 0)

    def call(self, step: DeleteStep) -> DeletionCall:
        """The step as the model's call."""
        notify = {"absent": None, "true": True, "false": False}[step.notify]
        place = PLACES[step.place] if step.place else None
        ids = frozenset(step.picks) if step.picks else None
        refusable = bool(step.flaw) and reply_to(step.flaw) == "either"
        return DeletionCall(MAIN, step.owner, place, ids, self.until(step), notify, step.flaw, refusable)

    def expects(self, step: DeleteStep) -> Reply:
        """How a service must answer a deletion here."""
        if step.offset_ms == TO_COME and not step.flaw:
            return "either"
        return expected_reply(self.service, self.call(step))

    def allows(self, step: Step) -> bool:
        """Whether the documentation says what the step does here."""
        if isinstance(step, SendStep):
            return self._may_say(step)
        if step.place and step.place not in self.visibility.places:
            return False
        if step.around and not self._has_a_time(step):
            return False
        if step.flaw in NEEDY and step.flaw not in self.visibility.flaws:
            return False
        return all(label == UNKNOWN or label in self.said for label in step.picks)

    def _has_a_time(self, step: DeleteStep) -> bool:
        """Whether the time of the message around which the boundary is set can be known: that of a message
        sent now is read from the owner's view."""
        said = self.said.get(step.around)
        if said is None or said.place != step.place:
            return False
        view = self.view(step.owner, step.place)
        return step.around in (view.ever if said.at_ms is not None else view.ids)

    def _may_say(self, step: SendStep) -> bool:
        if step.label in self.said or step.place not in self.visibility.places:
            return False
        if step.sender not in PLACES[step.place].members:
            return False
        if step.at_ms is None:
            return "send" in self.visibility.ways(step.place)
        earliest = self.earliest_import(step.place)
        importable = "import" in self.visibility.ways(step.place)
        latest = self.visibility.past_ms - _CLOSEST_MS
        return importable and earliest is not None and earliest <= step.at_ms <= latest

    def after(self, step: Step) -> tuple[Self, Effect | None]:
        """The planned state after a step, and what it did if it was a deletion that is served."""
        if isinstance(step, SendStep):
            return self._after_say(step), None
        call = self.call(step)
        service, effect = model_delete(self.service, call)
        cleared = dict(self.cleared)
        if not step.flaw and step.picks == ():
            through = _NOW_MS + _APART_MS * self.live if call.until_ms is None else call.until_ms
            for place in [step.place] if step.place else list(PLACES):
                key = (step.owner, place)
                cleared[key] = max(cleared.get(key, -1), through)
        return replace(self, service=service, cleared=cleared, steps=self.steps + 1), effect

    def _after_say(self, step: SendStep) -> Self:
        said = {**self.said, step.label: step}
        planned = replace(self, said=said, steps=self.steps + 1)
        place, way = PLACES[step.place], way_of(step)
        message = ModelMessage(step.label, step.sender, planned.time_of(step.label))
        service = model_say(
            self.service,
            app_of(step.place),
            place,
            message,
            seen_by=_in_role(place, step.sender, self.visibility.seen.get((place.kind, way))),
            listed_for=_in_role(place, step.sender, self.visibility.listed.get((place.kind, way))),
        )
        live = self.live + (step.at_ms is None)
        return replace(planned, service=replace(service, now_ms=_NOW_MS + _APART_MS * live), live=live)


def way_of(step: SendStep) -> Way:
    """How a message comes: one with a time is imported."""
    return "send" if step.at_ms is None else "import"


def app_of(place: str) -> str:
    """The app that a place is in."""
    return "neighbour" if place == NEIGHBOUR else MAIN


def _in_role(place: ModelConversation, sender: str, roles: frozenset[Role] | None) -> tuple[str, ...]:
    return tuple(
        member
        for member in place.members
        if ("sender" if member == sender else "receiver") in (roles or frozenset())
    )


def is_feasible(program: CallSequence, visibility: Visibility) -> bool:
    """Whether every step makes sense after those before it."""
    planned = PlannedState.blank(visibility)
    for step in program.steps:
        if not planned.allows(step):
            return False
        planned, _ = planned.after(step)
    return True
