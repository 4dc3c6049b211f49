"""Each failure as it happens: the requirement, what was expected and came, and the line to run it again."""

from collections.abc import Callable, Iterator
from typing import Final

from roamspec.report.terminal_text import padded
from roamspec.report.text import visible
from roamspec.report.translation import N_, translation
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.events import CheckFinished, Judgement, RunStarted
from roamspec.results.run_again import run_again
from roamspec.shortening import short_lists, shortened

MOST_IN_FULL: Final = 20
_MOST_OF_A_SENTENCE: Final = 200
_LABEL_COLUMN: Final = 10


class LiveFailures:
    """Tells each requirement once, however many checks fail it; `counts` says whether its failures count."""

    def __init__(self, counts: Callable[[str], bool], *, lang: str = "en") -> None:
        self._texts = translation(lang)
        self._counts = counts
        self._told: set[str] = set()
        self._started: RunStarted | None = None

    def start(self, started: RunStarted) -> None:
        """Take from the first event what the lines to run again need."""
        self._started = started

    def lines(self, finished: CheckFinished) -> Iterator[str]:
        """What is to be printed of a check; from the twenty-first failure on, the requirement alone."""
        for judgement in finished.judgements:
            name = judgement.requirement
            if judgement.verdict == "fail" and name not in self._told and self._counts(name):
                self._told.add(name)
                yield f"{self._texts.gettext('FAIL')}  {visible(name)}"
                if len(self._told) <= MOST_IN_FULL:
                    yield from self._details(judgement)

    def _details(self, judgement: Judgement) -> Iterator[str]:
        failure = judgement.failure
        if failure:
            yield self._labelled(N_("expected"), self._texts.sentence(failure.expected))
            yield self._labelled(N_("actual"), self._texts.sentence(failure.actual))
        elif judgement.reason:
            yield self._labelled(N_("reason"), self._texts.sentence(judgement.reason))
        started = self._started
        if started is not None and started.command:
            again = run_again(started.command, seed=started.seed, requirement=judgement.requirement)
            yield f"      {padded(self._texts.gettext('again'), _LABEL_COLUMN)}{visible(again)}"

    def _labelled(self, label: str, text: str) -> str:
        return f"      {padded(self._texts.gettext(label), _LABEL_COLUMN)}{_line(text)}"


def _line(text: str) -> str:
    line = shortened(visible(" ".join(short_lists(text).split())), _MOST_OF_A_SENTENCE)
    return without_workflow_commands(line)
