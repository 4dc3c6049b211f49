"""What a pytest session of conformance checks says at its end, and the files it leaves if asked to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from roamspec.report import json_report, junit
from roamspec.report.text import visible
from roamspec.report.translation import translation
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Listener, RunFinished
from roamspec.results.verdict import RequirementResult
from roamspec.results.waivers import NOTHING, Accepted
from roamspec.runner.session_source import SessionSource

if TYPE_CHECKING:
    from roamspec.runner.conformance import Conformance

_MOST: Final = 20


class TerminalSummary:
    """Folds the events of a session into verdicts; once it has ended, writes what pytest itself does not."""

    def __init__(
        self,
        source: SessionSource,
        report_dir: Path | None,
        accepted: Accepted = NOTHING,
        *,
        lang: str = "en",
        further: Sequence[Listener] = (),
    ) -> None:
        """`report_dir` is where `report.json` and `junit.xml` are to go; None for nowhere. Failures of
        `accepted` do not count; a waiver that no longer holds does. `further` listeners hear the last event
        too."""
        self._further = further
        self._texts = translation(lang)
        self._source = source
        self._report_dir = report_dir
        self._conformance: Conformance | None = None
        self.aggregate = Aggregate(
            source.plan.catalogue, source.contract_sha256, strict=source.strict, accepted=accepted
        )

    def of(self, conformance: "Conformance") -> "TerminalSummary":
        """This one, for the session of a plugin."""
        self._conformance = conformance
        return self

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """End the run, and let pytest fail for what no item of its own has shown."""
        yield
        self._finish(int(session.exitstatus))
        results, strict = self.aggregate.results, self._source.strict
        # What no check of pytest's has judged, as an exchange that a page shows, must not pass unseen.
        failed = any(r.verdict == "fail" and (strict or r.requirement.decisive) for r in results)
        # What one shard leaves open, another one may have judged.
        left_open = (
            strict
            and self._source.part is None
            and any(result.verdict == "inconclusive" for result in results)
        )
        broken = self.aggregate.broken_checks or self.aggregate.broken_waivers
        if (failed or left_open or broken) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _finish(self, status: int) -> None:
        """Once: bring the last event to the aggregate, and write the files."""
        if self._conformance is None or self.aggregate.started is None or self.aggregate.ended is not None:
            return
        self._source.close()
        finished = self._conformance.finished(status)
        for listener in (self.aggregate, *self._further):
            listener(finished)
        if self._report_dir is not None:
            self._write(self._report_dir)

    def _write(self, folder: Path) -> None:
        report, secrets = self.aggregate.report(), self._source.secrets
        json_report.write_json(report, folder / json_report.FILE_NAME, secrets=secrets)
        junit.write_junit(report, folder / junit.FILE_NAME, secrets=secrets)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """Write the summary of the conformance checks below pytest's own."""
        # pytest's writer may come to its summary before the session is finished for everybody else.
        self._finish(int(exitstatus))
        ended = self.aggregate.ended
        if ended is None:
            return
        terminalreporter.section("conformance")
        for line in self._lines(ended):
            terminalreporter.write_line(without_workflow_commands(visible(line)))

    def _lines(self, ended: RunFinished) -> Iterator[str]:
        info, effort = self._source.info, self._source.effort
        _, sentence = self._texts.gettext, self._texts.sentence
        run = _("profile {profile}, seed {seed}").format(profile=effort.profile, seed=effort.seed)
        yield f"{_(info.kind)} {info.base_url} ({info.app_key}), {run}"
        part = self.aggregate.started.part if self.aggregate.started else None
        if part is not None:
            said = (
                f"This is shard {part.shard.index} of {part.shard.count}; `roamspec merge` gives the verdict "
                "of the whole run."
            )
            yield sentence(said)
        results = [result for result in self.aggregate.results if result.checks]
        counts = Counter(result.verdict for result in results)
        said = _(", ").join(f"{number} {_(verdict)}" for verdict, number in counts.items())
        yield self._texts.ngettext(
            "{number} requirement: {verdicts}; {requests} requests",
            "{number} requirements: {verdicts}; {requests} requests",
            len(results),
        ).format(number=len(results), verdicts=said or _("no check finished"), requests=f"{ended.requests:,}")
        failed = [result for result in results if result.verdict == "fail"]
        blocking = [result for result in failed if result.requirement.decisive]
        yield from self._listed(_("failed: {requirement}"), blocking)
        others = [result for result in failed if result not in blocking]
        yield from self._listed(_("failed, non-blocking: {requirement}"), others)
        waived = [result for result in results if result.verdict == "waived"]
        yield from self._listed(_("failed, waived: {requirement}"), waived)
        open_ = [result for result in results if result.verdict == "inconclusive"]
        yield from self._listed(_("inconclusive: {requirement}"), open_)
        for check, detail in self.aggregate.broken_checks.items():
            yield sentence(f"the suite itself failed in {check}: {detail}")
        yield from map(sentence, self.aggregate.broken_waivers)
        for note in dict.fromkeys(ended.notes):
            yield _("Note: ") + sentence(note)
        if self._report_dir is not None:
            yield f"{_('Report:')} {self._report_dir / json_report.FILE_NAME}"

    def _listed(self, form: str, results: Sequence[RequirementResult]) -> Iterator[str]:
        """A line for each of the first results: the ID in its `form`, and the reason."""
        for result in results[:_MOST]:
            reason = f": {self._texts.sentence(result.reason)}" if result.reason else ""
            yield form.format(requirement=result.requirement.id) + reason
        if len(results) > _MOST:
            more = self._texts.gettext("{number} more").format(number=len(results) - _MOST)
            yield form.format(requirement=more)
