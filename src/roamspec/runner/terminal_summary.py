"""What a pytest session of conformance checks says at its end, and the files it leaves if asked to."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from roamspec.report import json_report, junit
from roamspec.report.events import RunFinished
from roamspec.report.tally import Tally
from roamspec.report.text import visible
from roamspec.runner.live_run import LiveRun

if TYPE_CHECKING:
    from roamspec.runner.conformance import Conformance

_MOST: Final = 20


class TerminalSummary:
    """Folds the events of a session into verdicts; once it has ended, writes what pytest itself does not."""

    def __init__(self, live: LiveRun, report_dir: str | None) -> None:
        """`report_dir` is where `report.json` and `junit.xml` are to go; None for nowhere."""
        self._live = live
        self._report_dir = live.settings.report_dir if report_dir is not None else None
        self._conformance: Conformance | None = None
        self.tally = Tally(live.catalogue, live.contract.sha256, strict=live.settings.strict)

    def of(self, conformance: "Conformance") -> "TerminalSummary":
        """This one, for the session of a plugin."""
        self._conformance = conformance
        return self

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        yield
        self._finish(int(session.exitstatus))
        left_open = any(result.verdict == "inconclusive" for result in self.tally.results)
        if self._live.settings.strict and left_open and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _finish(self, status: int) -> None:
        """Once: bring the last event to the tally, and write the files."""
        if self._conformance is None or self.tally.started is None or self.tally.ended is not None:
            return
        self._live.close()
        self.tally(self._conformance.finished(status))
        if self._report_dir is not None:
            self._write(self._report_dir)

    def _write(self, folder: Path) -> None:
        report, secrets = self.tally.report(), self._live.config.secrets
        json_report.write_json(report, folder / json_report.FILE_NAME, secrets=secrets)
        junit.write_junit(report, folder / junit.FILE_NAME, secrets=secrets)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        # pytest's writer may come to its summary before the session is finished for everybody else.
        self._finish(int(exitstatus))
        ended = self.tally.ended
        if ended is None:
            return
        terminalreporter.section("conformance")
        for line in self._lines(ended):
            terminalreporter.write_line(visible(line))

    def _lines(self, ended: RunFinished) -> Iterator[str]:
        settings, info = self._live.settings, self._live.info
        run = f"profile {settings.profile}, seed {settings.seed}"
        yield f"{info.kind} {info.base_url} ({info.app_key}), {run}"
        results = [result for result in self.tally.results if result.checks]
        counts = Counter(result.verdict for result in results)
        said = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
        yield f"{len(results)} requirements: {said or 'none was judged'}; {ended.requests:,} requests"
        failed = [r.requirement for r in results if r.verdict == "fail" and not r.requirement.decisive]
        for requirement in failed[:_MOST]:
            yield f"failed, and does not block: {requirement.id}"
        if len(failed) > _MOST:
            yield f"... and {len(failed) - _MOST} more that do not block"
        for note in dict.fromkeys(ended.notes):
            yield f"Note: {note}"
        if self._report_dir is not None:
            yield f"Report: {self._report_dir / json_report.FILE_NAME}"
