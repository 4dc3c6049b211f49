"""The pytest plugin that turns pytest's reports into events; it decides nothing."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from roamspec.interruption import why_interrupted
from roamspec.results.events import CheckFinished, CheckStarted, Event, Judgement, Outcome, RunStarted
from roamspec.runner.check_ids import check_id
from roamspec.runner.check_items import is_check
from roamspec.runner.planning import Plan
from roamspec.runner.pytest_plugin import RECORD

_OF_A_CRASH = "???"
"""What pytest-xdist writes as the phase of a check whose process has died."""


class Reporter:
    """Emits RunStarted once it is known how many checks there are, then what each of them found."""

    def __init__(
        self,
        plan: Plan,
        emit: Callable[[Event], None],
        started: Callable[[int], RunStarted],
        *,
        silences_pytest: bool = True,
    ) -> None:
        """`silences_pytest`: what people see is written by listeners alone."""
        self._plan = plan
        self._emit = emit
        self._started = started
        self._silences_pytest = silences_pytest
        self.announced = False
        self.broken = ""
        """Why the checks could not be collected, if so."""
        self.interrupted = ""
        """What interrupted the checks, if something did."""
        self.stopped = ""
        """Why pytest or a plugin of it has stopped before the last check, if so."""
        self.workers_requests = 0
        self.workers_notes: list[str] = []
        self.workers_lags_s: dict[str, float] = {}
        self.workers_left_out: frozenset[str] = frozenset()
        self.workers_division = ""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest's own output in `roamspec run`."""
        # pytest's writer goes: it renders where an interrupt came, which breaks where an instruction has no
        # line, and the interrupt would be reported as an error.
        if self._silences_pytest:
            config.pluginmanager.unregister(name="terminalreporter")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Emit the first event, unless workers collect."""
        checks = [item.nodeid for item in session.items if is_check(item)]
        option = session.config.option
        # pytest comes here also when it refuses its arguments, and has then collected nothing.
        known = bool(checks) or self._silences_pytest
        if known and not getattr(option, "numprocesses", None) and not option.collectonly:
            self._announce(checks)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:  # noqa: ARG002
        """Emit the first event when a worker has collected."""
        self._announce(ids)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Add what a worker reports at its end; one that ended early breaks the run."""
        if error:
            self.broken = f"a worker ended early: {error}"
        output = getattr(node, "workeroutput", {}).get(RECORD, {})
        self.workers_requests += int(output.get("requests", 0))
        self.workers_notes += output.get("notes", [])
        for kind, seconds in output.get("lags_s", {}).items():
            self.workers_lags_s[kind] = max(seconds, self.workers_lags_s.get(kind, 0.0))
        self.workers_left_out |= frozenset(output.get("left_out", ()))
        self.workers_division = output.get("division", "") or self.workers_division

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note why checks cannot be collected."""
        if report.failed:
            self.broken = f"{report.nodeid or 'the checks'} cannot be collected: {report.longrepr}"

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool | None:
        """Note what broke inside pytest."""
        self.broken = excinfo.exconly()
        return True if self._silences_pytest else None  # told in the report, so that nobody else writes it

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note who ended the run: a person, pytest or a plugin."""
        error = excinfo.value
        if isinstance(error, pytest.Session.Interrupted) or type(error).__module__.startswith("xdist."):
            self.stopped = str(error).rstrip(".!")
        elif isinstance(error, pytest.exit.Exception):
            self.interrupted = f"The run was ended inside pytest: {error.msg}."
        else:
            self.interrupted = why_interrupted(error)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Emit that a check starts."""
        self._emit(CheckStarted(check_id(nodeid)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Emit what a check found."""
        found: dict[str, Any] | None = getattr(report, RECORD, None)
        if found is None and report.when == _OF_A_CRASH:
            found = {"judgements": [], "detail": str(report.longrepr)}
        if found is None:
            return  # of a test that is not a check, of one requirement, or of setting a check up
        judgements = tuple(Judgement.from_dict(each) for each in found["judgements"])
        outcome = _outcome([j for j in judgements if self._plan.is_selected(j.requirement)], found["detail"])
        # What was not selected goes along as evidence that the operation works; it decides nothing.
        check = check_id(report.nodeid)
        self._emit(
            CheckFinished(
                check,
                outcome,
                report.duration,
                judgements,
                found["detail"],
                found.get("requests", 0),
                found.get("may_cost", 0),
                report.start,
            )
        )

    def _announce(self, nodeids: Iterable[str]) -> None:
        if not self.announced:
            self.announced = True
            self._emit(self._started(len(set(map(check_id, nodeids)))))


def _outcome(judgements: Sequence[Judgement], detail: str) -> Outcome:
    if detail:
        return "error"
    verdicts = {judgement.verdict for judgement in judgements}
    if "fail" in verdicts:
        return "fail"
    # Nothing selected was judged, or everything was: either way nothing is left open.
    return "pass" if "pass" in verdicts or not verdicts else "inconclusive"
