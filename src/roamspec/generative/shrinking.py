"""The shortest sequence that still shows a difference.

Hypothesis would need some hundred runs; each costs a world of calls on a service that limits them. This
knows what the steps mean, tries whole programs only, and never the same one twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from roamspec.generative.difference import Difference, Kind
from roamspec.generative.program import Delete, Program

Play = Callable[[Program], Difference | None]
"""Plays a whole sequence to the target; the difference that it shows, if any."""


@dataclass
class Shrinking:
    """Tries shorter sequences for as long as `tries` are left and `may_go_on` agrees."""

    play: Play
    is_sound: Callable[[Program], bool]
    tries: int
    may_go_on: Callable[[], bool] = lambda: True
    _known: dict[Program, Difference | None] = field(default_factory=dict)

    def shrink(self, program: Program, difference: Difference) -> tuple[Program, Difference]:
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

    def shows(self, program: Program, wanted: Kind) -> Difference | None:
        """The difference of the wanted kind that this sequence shows, if it can be tried."""
        if not self._tried(program):
            return None
        found = self._known[program]
        return found if found is not None and found.kind == wanted else None

    def disappears(self, program: Program, wanted: Kind) -> bool:
        """Whether this sequence was played and does not show the difference."""
        return not program.steps or (self._tried(program) and self.shows(program, wanted) is None)

    def _tried(self, program: Program) -> bool:
        if program not in self._known:
            if self.tries <= 0 or not self.may_go_on() or not self.is_sound(program):
                return False
            self.tries -= 1
            self._known[program] = self.play(program)
        return True

    def _smaller(self, program: Program, shown: Difference) -> Iterator[Program]:
        """Simpler sequences, the boldest cuts first; each at most once."""
        seen = {program}
        for candidate in (*_sliced(program, shown), *_cut(program), *_simplified(program)):
            tidy = candidate.tidied()
            if tidy not in seen:
                seen.add(tidy)
                yield tidy


def _sliced(program: Program, shown: Difference) -> Iterator[Program]:
    """Only the last deletion, and of what was said only what concerns the place of the difference."""
    deletions = [i for i, step in enumerate(program.steps) if isinstance(step, Delete)]
    elsewhere = [
        i for i, step in enumerate(program.steps) if i not in deletions and step.place != shown.place
    ]
    earlier = deletions[:-1]
    yield program.without(frozenset([*earlier, *elsewhere]))
    yield program.without(frozenset(elsewhere))
    yield program.without(frozenset(earlier))


def _cut(program: Program) -> Iterator[Program]:
    """Without runs of steps: halves, quarters, at last single steps."""
    size = len(program) // 2
    while size >= 1:
        for start in range(0, len(program), size):
            yield program.without(frozenset(range(start, min(start + size, len(program)))))
        size //= 2


def _simplified(program: Program) -> Iterator[Program]:
    """As many steps, but simpler ones."""
    if program.watched:
        yield replace(program, watched=False)
    for i, step in enumerate(program.steps):
        if not isinstance(step, Delete):
            continue
        simpler = [replace(step, picks=tuple(p for p in step.picks if p != pick)) for pick in step.picks[1:]]
        if step.notify != "absent":
            simpler.append(replace(step, notify="absent"))
        for each in simpler:
            yield replace(program, steps=(*program.steps[:i], each, *program.steps[i + 1 :]))
