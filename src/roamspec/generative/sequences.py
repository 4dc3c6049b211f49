"""Explores sequences on one target and judges what they show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hypothesis.database import DirectoryBasedExampleDatabase

from roamspec.client.exchange import Exchange
from roamspec.errors import TargetError
from roamspec.generative import corpus
from roamspec.generative.blame import blamed
from roamspec.generative.difference import Difference, Found
from roamspec.generative.drawing import Repertoire
from roamspec.generative.evidence import credits_of
from roamspec.generative.machine import explore
from roamspec.generative.meter import Meter, hurried
from roamspec.generative.program import Program, Step
from roamspec.generative.running import keep_house
from roamspec.generative.shrinking import Shrinking
from roamspec.generative.sketch import Visibility, is_sound
from roamspec.generative.stage import EVERYTHING, Aspect, Ground, Stage
from roamspec.generative.telling import told
from roamspec.generative.visibility import look_around
from roamspec.suite.effort import Effort, Limits
from roamspec.target.session import Session

Act = Callable[[], object]

_ASPECTS: Mapping[str, frozenset[Aspect]] = {
    "listed": frozenset({"lists"}),
    "unlisted": frozenset({"lists"}),
    "told": frozenset({"devices"}),
    "untold": frozenset({"devices"}),
}
_VIEWS: frozenset[Aspect] = frozenset({"views"})
_MOST_TROUBLES = 3
_MOST_ROUNDS = 6
_FOR_BLAME = 6
"""Tries that shortening leaves for finding out which operation is at fault."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference that was reproduced, in its shortest sequence, and the operation that it belongs to."""

    program: Program
    difference: Difference
    operation: str
    exchanges: tuple[Exchange, ...]


@dataclass
class Journal:
    """What the exploration did: for the report, and for telling that it did anything."""

    played: int = 0
    credits: set[tuple[str, str]] = field(default_factory=set)
    """(operation, requirement) pairs that a sequence could have refuted and did not."""
    beginnings: set[Program] = field(default_factory=set)
    """What was played to the end, and each beginning of it."""
    troubles: list[TargetError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def note(self, program: Program, visibility: Visibility) -> None:
        """A sequence was played to its end and showed nothing."""
        self.played += 1
        self.credits |= credits_of(program, visibility)
        self.beginnings |= {program.first(count) for count in range(len(program) + 1)}

    def sentences(self) -> list[str]:
        """What a person should know of the exploration, beyond its verdicts."""
        said = list(self.notes)
        if self.left_out:
            said.append(f"Sequences leave out what this target does not show: {'; '.join(self.left_out)}.")
        if self.troubles:
            said.append(f"{len(self.troubles)} sequences could not be played: {self.troubles[0]}")
        return said


class Sequences:
    """One exploration of one target."""

    def __init__(self, session: Session, effort: Effort, limits: Limits | None = None) -> None:
        """`limits` are those of the profile, unless given."""
        self.session = session
        self.effort = effort
        self.limits = limits or effort.limits
        self.journal = Journal()
        self._exploring = Meter(session)
        self._following = Meter(session)
        self._exploring.start()
        self._unheard: list[tuple[Program, Stage]] = []
        visibility, self.journal.left_out = look_around(session)
        self._exploring.stop()
        self.ground = Ground(session, session.contract, visibility)

    @property
    def spent(self) -> bool:
        """Whether no further sequence is to be drawn."""
        limits, meter = self.limits, self._exploring
        done = meter.requests >= limits.requests or meter.seconds > limits.seconds
        return done or len(self.journal.troubles) >= _MOST_TROUBLES

    def explore(self) -> list[Finding]:
        """What was found, each operation at most once; TargetError when no sequence could be played."""
        findings: list[Finding] = []
        keep_house(self.effort.examples)
        for program in self._remembered():
            found = self._played(program, eager=frozenset())[0]
            if found is not None:
                self._follow(program, found, findings)
        for number in range(_MOST_ROUNDS):
            found_in = self._round(number, {finding.operation for finding in findings})
            if found_in is None:
                break
            self._follow(*found_in, findings)
        if not self.journal.played and self.journal.troubles:
            raise self.journal.troubles[0]
        return findings

    def _remembered(self) -> list[Program]:
        if self.effort.corpus is None:
            return []
        kept = corpus.read(self.effort.corpus)
        return [program for program in kept if is_sound(program, self.ground.visibility)]

    def _round(self, number: int, broken: set[str]) -> tuple[Program, Difference] | None:
        if self.spent and number:
            return None
        operations = [o for o in self.session.contract.operations.values() if o.name not in broken]
        if not operations:
            return None
        self._exploring.start()
        database = DirectoryBasedExampleDatabase(self.effort.examples) if self.effort.examples else None
        try:
            found = explore(
                self.ground.visibility,
                Repertoire.of(operations),
                self._begin,
                seed=self.effort.seed * _MOST_ROUNDS + number,
                examples=self.limits.sequences,
                steps=self.limits.choices,
                database=database,
            )
            return found or self._silence()
        finally:
            self._dismiss()
            self._exploring.stop()

    def _begin(self, *, watched: bool) -> "Performance | None":
        return None if self.spent else Performance(self, watched=watched)

    def keep_listening(self, program: Program, stage: Stage) -> None:
        """Leave a world standing until the end of the round, so that what its devices are told late is
        heard without waiting for each."""
        self._unheard.append((program, stage))

    def _silence(self) -> tuple[Program, Difference] | None:
        if not self._unheard:
            return None
        self.session.sleep(0.15)
        for program, stage in self._unheard:
            assert stage.hearing
            try:
                stage.hearing.compare_silence(len(program) - 1)
            except Found as found:
                return program, found.difference
        return None

    def _dismiss(self) -> None:
        while self._unheard:
            self._unheard.pop()[1].close()

    # --- following up

    def _follow(self, program: Program, difference: Difference, findings: list[Finding]) -> None:
        """Run it again, shorten it, find out whose it is."""
        self._following.start()
        try:
            self._follow_up(program, difference, findings)
        finally:
            self._following.stop()

    def _follow_up(self, program: Program, difference: Difference, findings: list[Finding]) -> None:
        aspects = _ASPECTS.get(difference.kind, _VIEWS)
        exchanges: dict[Program, tuple[Exchange, ...]] = {}

        def play(candidate: Program) -> Difference | None:
            found, exchanges[candidate] = self._played(candidate, eager=aspects)
            return found

        shrinking = Shrinking(
            play,
            lambda candidate: is_sound(candidate, self.ground.visibility),
            self.limits.shrinks,
            lambda: self._following.requests < self.limits.shrinking_requests,
        )
        with hurried(self.session):
            again = play(program)
        if again is None:
            self.journal.notes.append(
                f"A sequence showed a difference that did not come again: expected {difference.expected}; "
                f"{difference.actual}. The sequence (seed {self.effort.seed}): {told(program)}."
            )
            return
        # Looking after each step may show another side of the same mistake, and earlier.
        wanted = again.kind
        with hurried(self.session):
            shortest, shown = shrinking.shrink(program, again)
        confirmed = play(shortest)
        if confirmed is None or confirmed.kind != wanted:
            self.journal.notes.append(
                f"A difference comes and goes: expected {shown.expected}; {shown.actual}. "
                f"The sequence (seed {self.effort.seed}): {told(shortest)}."
            )
            return
        shrinking.tries = max(shrinking.tries, _FOR_BLAME)
        shrinking.may_go_on = lambda: True
        operation = blamed(shortest, lambda candidate: shrinking.disappears(candidate, wanted))
        if operation:
            findings.append(Finding(shortest, confirmed, operation, exchanges[shortest]))
        else:
            self.journal.notes.append(
                f"A difference that no single operation is needed for is attributed to none: expected "
                f"{confirmed.expected}; {confirmed.actual}. The sequence: {told(shortest)}."
            )
        if self.effort.corpus is not None:
            corpus.write(self.effort.corpus, shortest, why=f"{confirmed.expected}; {confirmed.actual}")

    def _played(
        self, program: Program, *, eager: frozenset[Aspect]
    ) -> tuple[Difference | None, tuple[Exchange, ...]]:
        """Play a whole sequence in a world of its own."""
        watched = program.watched and (not eager or "devices" in eager)
        stage = Stage(self.ground, watched=watched, eager=eager)
        try:
            for step in program.steps:
                stage.perform(step)
            stage.finish(eager or EVERYTHING, silence=True)
        except Found as found:
            return found.difference, tuple(stage.exchanges)
        finally:
            stage.close()
        return None, tuple(stage.exchanges)


class Performance:
    """A sequence while it is drawn; what the target cannot do ends it quietly.

    As long as it goes as one that was played before, nothing is played: that costs calls and shows nothing.
    """

    def __init__(self, sequences: Sequences, *, watched: bool) -> None:
        self._sequences = sequences
        self._steps: list[Step] = []
        self._watched = watched
        self._stage: Stage | None = None
        self._ended = False

    def perform(self, step: Step) -> None:
        self._steps.append(step)
        if self._ended or self._program in self._sequences.journal.beginnings:
            return
        self._act(self._catch_up)

    def _catch_up(self) -> None:
        """Play what was not played yet; most often the one step that was just drawn."""
        if self._stage is None:
            self._stage = Stage(self._sequences.ground, watched=self._watched)
        for step in self._steps[self._stage.steps :]:
            self._stage.perform(step)

    def finish(self) -> None:
        stage = self._stage
        if not stage:
            return
        self._act(stage.finish)
        if self._ended:
            return
        journal = self._sequences.journal
        journal.note(self._program, self._sequences.ground.visibility)
        if stage.hearing:
            self._sequences.keep_listening(self._program, stage)
            self._stage = None

    @property
    def _program(self) -> Program:
        return Program(tuple(self._steps), self._watched)

    def _act(self, act: Act) -> None:
        try:
            act()
        except TargetError as error:
            self._sequences.journal.troubles.append(error)
            self._ended = True
            self.close()

    def close(self) -> None:
        stage, self._stage = self._stage, None
        if stage:
            try:
                stage.close()
            except TargetError as error:
                self._sequences.journal.troubles.append(error)
