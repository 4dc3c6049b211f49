"""The state machine: Hypothesis chooses the steps, the executor plays them to the target at once."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from random import Random
from typing import Protocol, TypedDict, Unpack

import hypothesis
from hypothesis import strategies as st
from hypothesis.database import ExampleDatabase
from hypothesis.errors import FlakyStrategyDefinition
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from roamspec.generative import strategies
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep, Setting, Step
from roamspec.generative.difference import Difference, Found
from roamspec.generative.feature_coverage import feature_of_operation, features_of, features_of_setting
from roamspec.generative.hypothesis_settings import quiet
from roamspec.generative.planned_state import PlannedState, Visibility
from roamspec.generative.strategies import Choosing, Drawing, Repertoire

_CANDIDATES = 3


class _Enough(BaseException):
    """Nothing more is to be played. Hypothesis draws no further after what is no Exception."""


class Player(Protocol):
    """Where a sequence is played while it is being drawn."""

    def perform(self, step: Step) -> None:
        """Raises Found at a difference."""

    def finish(self) -> None:
        """The sequence has come to its end; raises Found at a difference."""

    def close(self) -> None:
        """Nothing more comes, also after a difference."""


class StartSequence(Protocol):
    """Begins a sequence, with devices or without; None when no more is to be played."""

    def __call__(self, *, watched: bool, setting: Setting) -> Player | None:
        """The player of a new sequence."""


def _newest(
    planned: PlannedState,
    program: CallSequence,
    steps: Sequence[Step | None],
    new_in: Callable[[frozenset[str]], int],
) -> Step | None:
    """The first step if it is a message; else the call of whose features most pairs are new."""
    if isinstance(steps[0], SendStep):
        return steps[0]
    calls = [step for step in steps if isinstance(step, DeleteStep) and planned.allows(step)]
    return max(calls, key=lambda call: new_in(features_of(program, planned, call)), default=steps[0])


class ExplorationForm(TypedDict, total=False):
    """What Hypothesis does beside drawing; nothing unless it is asked for."""

    database: ExampleDatabase | None
    """Where it keeps and finds sequences that showed a difference."""
    shrink: bool
    """It shortens what it found, and plays whatever it tries: only for comparing its shrinker with ours."""


def explore(
    visibility: Visibility,
    repertoire: Repertoire,
    begin: StartSequence,
    *,
    seed: int,
    examples: int,
    steps: int,
    new_in: Callable[[frozenset[str]], int] = lambda _: 0,
    **form: Unpack[ExplorationForm],
) -> tuple[CallSequence, Difference] | None:
    """Draw and play sequences until one shows a difference; returned are the steps up to there.

    None when `examples` sequences of at most `steps` choices showed none. What is drawn depends on `seed`,
    `visibility` and `repertoire` alone, and on `new_in`: of the calls that could come next the one is made
    of whose features most pairs are new.
    """
    shrink = form.get("shrink", False)
    failed: dict[tuple[CallSequence, bool], Difference] = {}
    shown: list[tuple[CallSequence, Difference]] = []
    enough: list[bool] = []
    taken: dict[tuple[CallSequence, tuple[Step | None, ...]], Step | None] = {}
    settings: dict[tuple[Setting, ...], Setting] = {}

    def newest_setting(drawn: Sequence[Setting]) -> Setting:
        """The one whose features are new to most operations; of the same ones always the same, as below."""

        def worth(setting: Setting) -> int:
            with_calls = product(features_of_setting(setting), repertoire.subjects)
            return sum(new_in(frozenset((each, feature_of_operation(s.operation)))) for each, s in with_calls)

        if tuple(drawn) not in settings:
            settings[tuple(drawn)] = max(drawn, key=worth)
        return settings[tuple(drawn)]

    # Drawn by composite strategies, which see the machine by `st.runner()`: `st.data()` costs twice as much.
    @st.composite
    def opening(draw: Drawing) -> tuple[Random, bool, Setting, Sequence[Step]]:
        dice = strategies.dice(draw)
        return dice, *strategies.opening(Choosing(dice, draw), draw(st.runner()).planned, newest_setting)

    @st.composite
    def next_step(draw: Drawing) -> Step | None:
        machine = draw(st.runner())
        choose = Choosing(machine.dice, draw)
        steps = [
            strategies.any_step(choose, machine.planned, repertoire, machine.program)
            for _ in range(_CANDIDATES)
        ]
        # What is new changes while sequences are played: the same beginning must go on in the same way.
        key = (machine.program, tuple(steps))
        if key not in taken:
            taken[key] = _newest(machine.planned, machine.program, steps, new_in)
        return taken[key]

    class Steps(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.planned = PlannedState.blank(visibility)
            self.program = CallSequence()
            self.player: Player | None = None

        @initialize(drawn=opening())
        def begin(self, drawn: tuple[Random, bool, Setting, Sequence[Step]]) -> None:
            """Something must have been said before it can be deleted: a few messages in a few places."""
            self.dice, watched, setting, steps = drawn
            self.program = CallSequence((), watched, setting)
            plays = shrink or not failed
            self.player = begin(watched=watched, setting=setting) if plays else None
            if plays and self.player is None:
                enough.append(True)
                raise _Enough
            for step in steps:
                self.take(step)

        # One rule, not one for each kind of step: Hypothesis leaves some rules out of each sequence, which
        # pays when there are thousands of sequences, not when there are ten.
        @rule(step=next_step())
        def go_on(self, step: Step | None) -> None:
            self.take(step)

        def take(self, step: Step | None) -> None:
            again = isinstance(step, DeleteStep) and not step.flaw
            known = step in self.program.steps and not again
            if step is None or known or not self.planned.allows(step):
                return
            self.program = replace(self.program, steps=(*self.program.steps, step))
            self.play(lambda player: player.perform(step), at_end=False)
            self.planned, _ = self.planned.after(step)

        def play(self, act: Callable[[Player], None], *, at_end: bool) -> None:
            # Hypothesis runs a failing sequence once more to be sure of it. That costs calls, and the
            # shortest sequence is going to be run again anyway: so it is told the same once more.
            difference = failed.get((self.program, at_end))
            if difference is None and self.player is not None:
                try:
                    act(self.player)
                except Found as found:
                    difference = failed[self.program, at_end] = found.difference
            if difference is not None:
                shown.append((self.program, difference))
                raise Found(difference)

        def teardown(self) -> None:
            try:
                # Only a sequence that came to its end is compared as a whole.
                if sys.exc_info()[0] is None:
                    self.play(lambda player: player.finish(), at_end=True)
            finally:
                if self.player:
                    self.player.close()

    machine = hypothesis.seed(seed)(Steps)
    try:
        run_state_machine_as_test(
            machine, settings=quiet(examples, steps=steps, database=form.get("database"), shrink=shrink)
        )
    except (_Enough, FlakyStrategyDefinition):
        # The latter takes the place of the former where an earlier sequence began in the same way.
        if not enough:
            raise
        return None
    except Found:
        # Hypothesis ends with the simplest that it has seen.
        return shown[-1]
    return None
