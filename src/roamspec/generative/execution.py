"""Playing sequences: whole ones, and ones that are still being drawn."""

from collections.abc import Callable

from roamspec.errors import TargetError
from roamspec.generative.call_sequence import PLAIN, CallSequence, DeleteStep, Setting, Step
from roamspec.generative.difference import Difference, Found
from roamspec.generative.exploration_log import ExplorationLog
from roamspec.generative.feature_coverage import features_of
from roamspec.generative.sequence_executor import ExplorationContext, Focus, SequenceExecutor
from roamspec.transport.exchange import Exchange


def played(
    context: ExplorationContext, program: CallSequence, *, focus: Focus | None = None
) -> tuple[Difference | None, tuple[Exchange, ...]]:
    """Play a whole sequence in a world of its own; the first difference, and the exchanges up to there.

    With a `focus` nothing else is compared, but that after each step.
    """
    executor = SequenceExecutor(context, watched=program.watched, focus=focus, setting=program.setting)
    try:
        for step in program.steps:
            executor.perform(step)
        executor.finish(silence=True)
    except Found as found:
        return found.difference, tuple(executor.exchanges)
    finally:
        executor.close()
    return None, tuple(executor.exchanges)


class Performance:
    """A sequence while it is drawn; what the target cannot do ends it quietly.

    As long as it goes as one that was played before, nothing is played: that costs calls and shows nothing.
    A world whose devices may still be notified something is handed to `keep` when the sequence ends.
    """

    def __init__(
        self,
        context: ExplorationContext,
        journal: ExplorationLog,
        keep: Callable[[CallSequence, SequenceExecutor], None],
        *,
        watched: bool,
        setting: Setting = PLAIN,
    ) -> None:
        self._context = context
        self._journal = journal
        self._keep = keep
        self._steps: list[Step] = []
        self._watched = watched
        self._setting = setting
        self._executor: SequenceExecutor | None = None
        self._ended = False

    def perform(self, step: Step) -> None:
        """Play one more step, as soon as the sequence differs from all that were played before; Found at a
        difference."""
        self._steps.append(step)
        if not self._ended and self._program not in self._journal.beginnings:
            self._act(self._catch_up)

    def finish(self) -> None:
        """Compare everything once more; Found at a difference."""
        executor = self._executor
        if not executor:
            return
        self._act(executor.finish)
        if self._ended:
            return
        self._journal.note(self._program, self._context.visibility)
        if executor.notifications:
            self._keep(self._program, executor)
            self._executor = None

    def close(self) -> None:
        """Remove what the sequence made; what goes wrong in that is noted, not raised."""
        executor, self._executor = self._executor, None
        if executor:
            try:
                executor.close()
            except TargetError as error:
                self._journal.troubles.append(error)

    @property
    def _program(self) -> CallSequence:
        return CallSequence(tuple(self._steps), self._watched, self._setting)

    def _catch_up(self) -> None:
        """Play what was not played yet; most often the one step that was just drawn."""
        if self._executor is None:
            self._executor = SequenceExecutor(self._context, watched=self._watched, setting=self._setting)
        for step in self._steps[self._executor.steps :]:
            if isinstance(step, DeleteStep):
                before = self._program.first(self._executor.steps)
                self._journal.coverage.add(features_of(before, self._executor.planned, step))
            self._executor.perform(step)

    def _act(self, act: Callable[[], object]) -> None:
        try:
            act()
        except TargetError as error:
            self._journal.troubles.append(error)
            self._ended = True
            self.close()
