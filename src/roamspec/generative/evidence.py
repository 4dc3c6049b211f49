"""From a played sequence to what it says about one call: the observations that the naming understands."""

from collections.abc import Iterator
from dataclasses import dataclass

from roamspec.generative.call_sequence import NEIGHBOUR, PLACES, USERS, CallSequence, DeleteStep, SendStep
from roamspec.generative.difference import Difference, Kind
from roamspec.generative.planned_state import PlannedState, Visibility
from roamspec.generative.requirement_mapping import Observation, requirement_of

_OF_OWNER = ("kept", "back", "listed", "shown", "untold", "partly untold", "mistold")


@dataclass(frozen=True, slots=True)
class Moment:
    """One deletion of a sequence, between the sketches before and after it; `end` is that at the end."""

    index: int
    call: DeleteStep
    before: PlannedState
    after: PlannedState
    end: PlannedState
    program: CallSequence

    def observation(self, kind: Kind, user: str, place: str, label: str = "") -> Observation:
        """What was seen after the call at a place, about one message if `label` names one."""
        said = self.end.said.get(label)
        until = self.before.until(self.call)
        return Observation(
            kind=kind,
            call=self.call,
            user=user,
            place=place,
            label=label,
            own=said is not None and said.sender == user,
            after_ms=None if until is None or not label else self.end.time_of(label) - until,
            said_since=self.said_since(place),
            finds=self.before.expects(self.call) == "success",
            mixed=self.mixed,
        )

    @property
    def mixed(self) -> bool:
        """Whether the call lists IDs that are there beside others."""
        if not self.call.picks:
            return False
        known = self.before.view(self.call.owner, self.call.place).ids
        return 0 < len(set(self.call.picks) & known) < len(set(self.call.picks))

    def said_since(self, place: str) -> bool:
        """Whether a message came to a place after the call."""
        later = self.program.steps[self.index + 1 :]
        return any(isinstance(step, SendStep) and step.place == place for step in later)


def moments(program: CallSequence, visibility: Visibility) -> list[Moment]:
    """The deletions of a sequence, in order."""
    sketches = [PlannedState.blank(visibility)]
    for step in program.steps:
        sketches.append(sketches[-1].after(step)[0])
    return [
        Moment(i, step, sketches[i], sketches[i + 1], sketches[-1], program)
        for i, step in enumerate(program.steps)
        if isinstance(step, DeleteStep)
    ]


def observation_of(
    program: CallSequence, difference: Difference, operation: str, visibility: Visibility
) -> Observation:
    """What the difference says about the latest call of the operation that can have caused it."""
    calls = [moment for moment in moments(program, visibility) if moment.call.operation == operation]
    in_time = [moment for moment in calls if moment.index <= difference.step] or calls
    by_user = [moment for moment in in_time if moment.call.owner == difference.user]
    moment = (by_user if difference.kind in _OF_OWNER and by_user else in_time)[-1]
    place = difference.place or moment.call.place
    observations = [
        moment.observation(difference.kind, difference.user, place, label) for label in difference.labels
    ]
    if not observations:
        return moment.observation(difference.kind, difference.user, place)
    # The message nearest to the boundary says most about it.
    return min(observations, key=lambda observation: abs(observation.after_ms or 0))


def credits_of(program: CallSequence, visibility: Visibility) -> set[tuple[str, str]]:
    """(operation, requirement) for all that a sequence could have refuted, when it refuted nothing."""
    return {
        (moment.call.operation, requirement_of(observation))
        for moment in moments(program, visibility)
        for observation in _undisputed(moment)
    }


def _undisputed(moment: Moment) -> Iterator[Observation]:
    call = moment.call
    if not call.flaw and moment.before.expects(call) != "success":
        return
    yield moment.observation("answer", call.owner, call.place)
    for place in moment.before.touched:
        for user in PLACES[place].members:
            kept = moment.after.view(user, place).ids
            yield from (moment.observation("lost", user, place, label) for label in sorted(kept))
            if user == call.owner:
                deleted = moment.before.view(user, place).ids - kept
                yield from (moment.observation("kept", user, place, label) for label in sorted(deleted))
                if deleted and moment.said_since(place):
                    yield moment.observation("back", user, place)
    yield from _lists(moment)
    if moment.program.watched:
        yield from _notices(moment)


def _lists(moment: Moment) -> Iterator[Observation]:
    """At the end the lists are read; only for the last call is it clear whose doing they are."""
    if moment.call.flaw or any(isinstance(s, DeleteStep) for s in moment.program.steps[moment.index + 1 :]):
        return
    for place in moment.end.touched:
        if place == NEIGHBOUR:
            continue
        for user in PLACES[place].members:
            listed = moment.end.view(user, place).listed
            named = user == moment.call.owner and moment.call.place in ("", place)
            if listed is True:
                yield moment.observation("unlisted", user, place)
            elif listed is False and named:
                yield moment.observation("listed", user, place)


def _notices(moment: Moment) -> Iterator[Observation]:
    call = moment.call
    others = {user for user in PLACES[call.place].members if user != call.owner} if call.place else set()
    yield from (moment.observation("told", user, call.place) for user in sorted(others))
    if call.flaw or call.notify == "false":
        if call.place:
            yield moment.observation("told", call.owner, call.place)
    elif call.place:
        yield moment.observation("untold", call.owner, call.place)
        if moment.program.setting.devices[USERS.index(call.owner)] > 1:
            yield moment.observation("partly untold", call.owner, call.place)
