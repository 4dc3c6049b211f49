"""The shortest sequence that still shows a difference.

Hypothesis would need some hundred runs; each costs a world of calls on a service that limits them. This
knows what the steps mean, tries whole programs only, and never the same one twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from roamspec.generative.call_sequence import PLAIN, CallSequence, DeleteStep, Setting
from roamspec.generative.difference import Difference, Kind

Play = Callable[[CallSequence], Difference | None]
"""Plays a whole sequence to the target; the difference that it shows, if any."""


@dataclass
class Shrinking:
    """Tries shorter sequences for as long as `tries` are left and `may_go_on` agrees."""

    play: Play
    is_sound: Callable[[CallSequence], bool]
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
            if self.tries <= 0 or not self.may_go_on() or not self.is_sound(program):
                return False
            self.tries -= 1
            self._known[program] = self.play(program)
        return True

    def _smaller(self, program: CallSequence, shown: Difference) -> Iterator[CallSequence]:
        """Simpler sequences, the boldest cuts first; each at most once."""
        seen = {program}
        for candidate in (
            *_sliced(program, shown),
            *_beside(program, shown),
            *_cut(program),
            *_simplified(program),
        ):
            tidy = candidate.tidied()
            if tidy not in seen:
                seen.add(tidy)
                yield tidy


def _sliced(program: CallSequence, shown: Difference) -> Iterator[CallSequence]:
    """Only the deletion that is most likely at fault, and of what was said only what concerns its place and
    that of the difference; then more of the one or the other."""
    deletions = {i: step for i, step in enumerate(program.steps) if isinstance(step, DeleteStep)}
    likely = _likely(deletions, shown)
    others = frozenset(i for i in deletions if i != likely)
    near = {shown.place, deletions[likely].place if likely in deletions else ""}

    def said_outside(places: set[str]) -> frozenset[int]:
        return frozenset(
            i for i, step in enumerate(program.steps) if i not in deletions and step.place not in places
        )

    yield program.without(others | said_outside(near))
    yield program.without(said_outside(near))
    yield program.without(others)


def _beside(program: CallSequence, shown: Difference) -> Iterator[CallSequence]:
    """The same with what was said in one more place."""
    deletions = {i: step for i, step in enumerate(program.steps) if isinstance(step, DeleteStep)}
    likely = _likely(deletions, shown)
    near = {shown.place, deletions[likely].place if likely in deletions else ""}
    for place in dict.fromkeys(step.place for step in program.steps if step.place not in near):
        kept = {*near, place}
        yield program.without(
            frozenset(
                i
                for i, step in enumerate(program.steps)
                if (i != likely if i in deletions else step.place not in kept)
            )
        )


def _likely(deletions: Mapping[int, DeleteStep], shown: Difference) -> int:
    """The index of the deletion after which the difference was seen; else of the last of its place, else of
    the last of all."""
    if shown.step in deletions:
        return shown.step
    of_place = [i for i, step in deletions.items() if step.place in (shown.place, "")]
    return max(of_place or deletions, default=-1)


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
        replace(setting, creator=PLAIN.creator),
        replace(setting, late=""),
        replace(setting, namesake=False),
        replace(setting, devices=PLAIN.devices),
    )
    return (each for each in dict.fromkeys(simpler) if each != setting)


def _simplified(program: CallSequence) -> Iterator[CallSequence]:
    """As many steps, but simpler ones."""
    if program.watched:
        yield replace(program, watched=False)
    yield from (replace(program, setting=each) for each in _plainer(program.setting))
    for i, step in enumerate(program.steps):
        if not isinstance(step, DeleteStep):
            continue
        simpler = [replace(step, picks=tuple(p for p in step.picks if p != pick)) for pick in step.picks[1:]]
        if step.forms:
            simpler.append(replace(step, forms=()))
        if step.notify != "absent":
            simpler.append(replace(step, notify="absent"))
        for each in simpler:
            yield replace(program, steps=(*program.steps[:i], each, *program.steps[i + 1 :]))
