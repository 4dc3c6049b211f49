"""The shortest sequence that still shows a difference.

Hypothesis would need some hundred runs; each costs a world of calls on a service that limits them. This
knows what the steps mean, tries whole programs only, and never the same one twice.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from roamspec.api.message_bodies import TEXT
from roamspec.generative.call_sequence import PLAIN, UNKNOWN, CallSequence, DeleteStep, SendStep, Setting
from roamspec.generative.difference import Difference, Kind

_SUSPECTS = 3
"""How many calls are tried alone."""
Play = Callable[[CallSequence], Difference | None]
"""Plays a whole sequence to the target; the difference that it shows, if any."""


@dataclass
class Shrinking:
    """Tries shorter sequences for as long as `tries` are left and `may_go_on` agrees."""

    play: Play
    is_feasible: Callable[[CallSequence], bool]
    tries: int
    may_go_on: Callable[[], bool] = lambda: True
    _known: dict[CallSequence, Difference | None] = field(default_factory=dict)

    def again(self, program: CallSequence, difference: Difference) -> tuple[CallSequence, Difference] | None:
        """A sequence that shows the difference again, cut where it shows it; None when it does not come
        again. What most likely suffices is tried first: looking after each step of a long one is costly.

        Looking closely at the whole one may show another side of the same mistake, and earlier.
        """
        whole = program.first(difference.step + 1)
        for candidate in _sliced(whole, difference):
            found = self.shows(candidate.tidied(), difference.kind)
            if found is not None:
                return candidate.tidied().first(found.step + 1), found
        found = self._known[whole] if self._tried(whole) else None
        return None if found is None else (whole.first(found.step + 1), found)

    def is_untried(self, program: CallSequence, difference: Difference) -> bool:
        """Whether nothing tells if the whole sequence shows the difference again."""
        return program.first(difference.step + 1) not in self._known

    def shrink(self, program: CallSequence, difference: Difference) -> tuple[CallSequence, Difference]:
        """The shortest sequence found that shows a difference of the same kind, cut where it shows it."""
        best, shown = program.first(difference.step + 1), difference
        wanted = difference.kind
        shorter = True
        while shorter:
            shorter = False
            for candidate in self._smaller(best, shown):
                found = self.shows(candidate, wanted)
                if found is not None:
                    best, shown = candidate.first(found.step + 1), found
                    shorter = True
                    break
        return best, shown

    def shows(self, program: CallSequence, wanted: Kind) -> Difference | None:
        """The difference of the wanted kind that this sequence shows, if it can be tried."""
        if not self._tried(program):
            return None
        found = self._known[program]
        return found if found is not None and found.kind == wanted else None

    def disappears(self, program: CallSequence, wanted: Kind) -> bool:
        """Whether this sequence was played and does not show the difference."""
        return not program.steps or (self._tried(program) and self.shows(program, wanted) is None)

    def _tried(self, program: CallSequence) -> bool:
        if program not in self._known:
            if self.tries <= 0 or not self.may_go_on() or not self.is_feasible(program):
                return False
            self.tries -= 1
            self._known[program] = self.play(program)
        return True

    def _smaller(self, program: CallSequence, shown: Difference) -> Iterator[CallSequence]:
        """Simpler sequences, the boldest cuts first; each at most once."""
        seen = {program}
        for candidate in (
            *_sliced(program, shown),
            *_all_plain(program),
            *_beside(program, shown),
            *_cut(program),
            *_simplified(program),
        ):
            tidy = candidate.tidied()
            if tidy not in seen:
                seen.add(tidy)
                yield tidy


def _sliced(program: CallSequence, shown: Difference) -> Iterator[CallSequence]:
    """Only a deletion that is likely at fault, alone or with the owner's calls before it, and of what was
    said only what concerns its place and that of the difference; then more of the one or the other."""
    deletions = {i: step for i, step in enumerate(program.steps) if isinstance(step, DeleteStep)}
    suspects = _suspects(deletions, shown)
    for likely in suspects[:_SUSPECTS]:
        yield _only(program, {likely}, _near(deletions, {likely}, shown))
    if suspects:
        likely = suspects[0]
        before = [i for i in deletions if i < likely and deletions[i].owner == deletions[likely].owner]
        for calls in ({likely, *before[-1:]}, {likely, *before}):
            yield _only(program, calls, _near(deletions, calls, shown))
    near = _near(deletions, set(suspects[:1]), shown)
    yield _only(program, set(deletions), near)
    yield _only(program, set(suspects[:1]), {step.place for step in program.steps})


def _beside(program: CallSequence, shown: Difference) -> Iterator[CallSequence]:
    """The same with what was said in one more place."""
    deletions = {i: step for i, step in enumerate(program.steps) if isinstance(step, DeleteStep)}
    likely = set(_suspects(deletions, shown)[:1])
    near = _near(deletions, likely, shown)
    for place in dict.fromkeys(step.place for step in program.steps if step.place not in near):
        yield _only(program, likely, {*near, place})


def _only(program: CallSequence, calls: Collection[int], places: Collection[str]) -> CallSequence:
    """These deletions alone, and what was said in these places."""
    return program.without(
        frozenset(
            i
            for i, step in enumerate(program.steps)
            if (i not in calls if isinstance(step, DeleteStep) else step.place not in places)
        )
    )


def _near(deletions: Mapping[int, DeleteStep], calls: Collection[int], shown: Difference) -> set[str]:
    return {shown.place, *(deletions[i].place for i in calls)}


def _suspects(deletions: Mapping[int, DeleteStep], shown: Difference) -> list[int]:
    """The indexes of the deletions, the most likely ones at fault first.

    That is the call after which the difference was seen, if it was not there right before; else those that
    were made since it was not there, the owner's own in the same place first, and later ones first.
    """

    def rank(index: int) -> tuple[bool, ...]:
        call = deletions[index]
        at_once = index == shown.step == shown.since + 1
        in_time = shown.since < index <= shown.step
        there = not call.place or call.place == shown.place or not shown.place
        return at_once, in_time, call.owner == shown.user and there, there, index == shown.step

    return sorted(deletions, key=lambda index: (rank(index), index), reverse=True)


def _cut(program: CallSequence) -> Iterator[CallSequence]:
    """Without runs of steps: halves, quarters, at last single steps."""
    size = len(program) // 2
    while size >= 1:
        for start in range(0, len(program), size):
            yield program.without(frozenset(range(start, min(start + size, len(program)))))
        size //= 2


def _plainer(setting: Setting) -> Iterator[Setting]:
    """Without any of what is special about the world, then without one thing at a time."""
    simpler = (
        Setting(devices=setting.devices),
        replace(setting, relation=""),
        replace(setting, form=""),
        replace(setting, base=""),
        replace(setting, creator=PLAIN.creator),
        replace(setting, late=""),
        replace(setting, namesake=False),
        replace(setting, devices=PLAIN.devices),
    )
    return (each for each in dict.fromkeys(simpler) if each != setting)


def _all_plain(program: CallSequence) -> Iterator[CallSequence]:
    """As many steps, with nothing that is special about them or the world; then the world alone, and then the
    calls alone."""
    calls = tuple(_plain_call(step) if isinstance(step, DeleteStep) else step for step in program.steps)
    steps = tuple(replace(step, type=TEXT, text="") if isinstance(step, SendStep) else step for step in calls)
    yield CallSequence(steps)
    yield replace(program, steps=steps)
    yield CallSequence(program.steps)
    yield replace(program, steps=calls)


def _plain_call(step: DeleteStep) -> DeleteStep:
    known = tuple(pick for pick in step.picks if pick != UNKNOWN) or step.picks
    return replace(step, picks=known, forms=(), notify="absent")


def _simplified(program: CallSequence) -> Iterator[CallSequence]:
    """As many steps, but simpler ones."""
    if program.watched:
        yield replace(program, watched=False)
    yield from (replace(program, setting=each) for each in _plainer(program.setting))
    for i, step in enumerate(program.steps):
        if not isinstance(step, DeleteStep):
            continue
        simpler = [replace(step, picks=left) for left in _fewer(step.picks)]
        if step.forms:
            simpler.append(replace(step, forms=()))
        if step.notify != "absent":
            simpler.append(replace(step, notify="absent"))
        for each in simpler:
            yield replace(program, steps=(*program.steps[:i], each, *program.steps[i + 1 :]))


def _fewer(picks: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Without one of the IDs at a time, first without one that no message has; one is left."""
    for pick in sorted(picks, key=lambda each: each != UNKNOWN):
        left = tuple(each for each in picks if each != pick)
        if left:
            yield left
