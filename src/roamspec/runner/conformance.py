"""The pytest plugin of the suite: one pytest session in which checks are among the tests.

`roamspec run` calls pytest with this plugin; `pytest tests/conformance` gets it from the `conftest.py`
beside the checks. The target is opened when the first check is about to run, and not to collect checks.
"""

import contextlib
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from roamspec.errors import RoamspecError, TargetError, UsageError
from roamspec.interruption import Interruption, terminated_as_interrupted
from roamspec.resources import folder
from roamspec.results.events import Ending, Event, Listener, RunFinished
from roamspec.runner.check_items import is_check
from roamspec.runner.distribution import Distribution
from roamspec.runner.engine import ending_of
from roamspec.runner.fail_fast import FailFast
from roamspec.runner.parallel_operations import ParallelOperations
from roamspec.runner.pytest_plugin import RECORD, ConformancePlugin
from roamspec.runner.reporter import Reporter
from roamspec.runner.requirement_reports import NotShown, RequirementNames, Shown
from roamspec.runner.session_provider import SharedSessionProvider
from roamspec.runner.session_source import SessionSource
from roamspec.runner.settings import Keep
from roamspec.runner.worker import WorkerInput, WorkerRun
from roamspec.session.session import Session

COSTLY_TO_IMPORT: Final = ("test_schema.py", "test_concurrency.py")
"""Files of larger profiles alone, whose libraries take long to import."""


class Conformance:
    """The checks of one pytest session, in the process that was called or in one that does it all."""

    __name__ = "roamspec-conformance"

    def __init__(
        self,
        source: SessionSource,
        listeners: Sequence[Listener],
        *,
        shown: bool,
        by_shared_fixtures: bool = False,
        only: Sequence[str] = (),
        keep: Keep = "nothing",
    ) -> None:
        """Every listener hears every event. `shown`: pytest reports each requirement, and its own reports
        are what people read; else pytest says nothing. `by_shared_fixtures` as for `Distribution`; `only` and
        `keep` as for `ConformancePlugin`."""
        self._source = source
        self._listeners = listeners
        self._shown = shown
        self._by_shared_fixtures = by_shared_fixtures
        plan, effort = source.plan, source.effort
        reports = (
            Shown(plan.catalogue, effort, strict=source.strict, accepted=source.accepted)
            if shown
            else NotShown()
        )
        self.checks = ConformancePlugin(
            plan, effort, source.provider, reports, only=only, keep=keep, part=source.part
        )
        self.reporter = Reporter(plan, self._emit, source.started, silences_pytest=not shown)
        self.fail_fast = FailFast(plan, source.max_failures, source.accepted)
        self.failure: RoamspecError | None = None
        """What has stopped the run before its first check."""

    def session(self) -> Session:
        """The session of the run; opens the target."""
        with self._stopping():
            return self._source.open()

    def _emit(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)

    @property
    def plugins(self) -> list[object]:
        """Every plugin of the session, this one among them."""
        source, profile = self._source, self._source.plan.profile
        plugins = [
            self,
            self.checks,
            self.reporter,
            self.fail_fast,
            Distribution(self._worker_input, profile, by_shared_fixtures=self._by_shared_fixtures),
        ]
        if source.overlaps:
            plugins.append(ParallelOperations(source.open, self.checks))
        return [*plugins, RequirementNames(source.plan.catalogue)] if self._shown else plugins

    def pytest_configure(self, config: pytest.Config) -> None:
        """Clean up however pytest ends, also for SIGTERM where nobody handles it."""
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            # Nobody who called pytest, as `roamspec run` does, has said what ends it.
            heeding = contextlib.ExitStack()
            heeding.enter_context(terminated_as_interrupted())
            config.add_cleanup(heeding.close)
        # Also where pytest ends in a way in which no session finishes.
        config.add_cleanup(self._source.close)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out files that the profile does not run."""
        return ignores(collection_path, self._source.plan.profile)

    def _worker_input(self) -> Any:
        with self._stopping():
            return self._source.worker_input(shown=self._shown)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Open the target, once it is known that checks will run."""
        option = session.config.option
        broken = session.testsfailed and not option.continue_on_collection_errors
        if option.collectonly or broken or not any(map(is_check, session.items)):
            return
        with self._stopping():
            self._source.open()

    @contextlib.contextmanager
    def _stopping(self) -> Any:
        """Whatever keeps the target from being opened ends pytest with one sentence, without a traceback."""
        try:
            yield
        except UsageError as error:
            self.failure = error
            raise pytest.UsageError(str(error)) from None
        except RoamspecError as error:
            self.failure = error
            pytest.exit(str(error), returncode=error.exit_status)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Any:
        """Close the target, once no worker cleans up on it any more; a worker tells how much it has asked
        before pytest-xdist sends that on."""
        yield
        self._source.close()
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[RECORD] = {
                "requests": self._source.requests,
                "left_out": sorted(self.checks.left_out),
                "division": self._source.division,
            }
        if self.checks.lost:
            session.exitstatus = TargetError.exit_status
        elif self.checks.divided and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK  # more shards than checks

    def finished(self, status: int) -> RunFinished:
        """The last event, once pytest has ended with `status`; raises what has stopped the run before."""
        if self.failure is not None:
            raise self.failure
        source, reporter = self._source, self.reporter
        source.add_elsewhere(reporter.workers_requests, reporter.workers_notes, reporter.workers_lags_s)
        ending: Ending
        ending, detail = ending_of(status, self.checks, reporter, reached=self.fail_fast.reached)
        if not reporter.announced:
            if ending == "interrupted":
                raise Interruption(detail)
            self._emit(source.started(0))
        for check in source.further(ending, detail):
            self._emit(check)
        left_out = self.checks.left_out | reporter.workers_left_out
        finished = source.finished(ending, detail, left_out)
        return replace(finished, division=source.division or reporter.workers_division)


class WorkerConformance:
    """The checks of one of several processes."""

    __name__ = "roamspec-conformance"

    def __init__(self, work: WorkerInput) -> None:
        self._run = run = WorkerRun(work)
        catalogue = run.plan.catalogue
        reports = (
            Shown(catalogue, run.effort, strict=work.strict, accepted=work.accepted)
            if work.shown
            else NotShown()
        )
        self.checks = ConformancePlugin(
            run.plan, run.effort, SharedSessionProvider(run.open), reports, keep=work.keep, part=run.part
        )

    def session(self) -> Session:
        """The session of this worker."""
        return self._run.open()

    @property
    def plugins(self) -> list[object]:
        """What pytest registers in this worker."""
        return [self, self.checks]

    def pytest_configure(self, config: pytest.Config) -> None:
        """Close the worker's session however pytest ends."""
        config.add_cleanup(self._run.close)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out files that the profile does not run."""
        return ignores(collection_path, self._run.plan.profile)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Open the session before the first check, if there is one."""
        if any(map(is_check, session.items)):
            self._run.open()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Remove what this worker made, and tell how much it asked."""
        self._run.close()
        output = {
            "requests": self._run.requests,
            "notes": [*self.checks.notes, *self._run.notes],
            "lags_s": self._run.lags_s,
            "left_out": sorted(self.checks.left_out),
            "division": str(self._run.part.division or "") if self._run.part else "",
        }
        session.config.workeroutput[RECORD] = output  # type: ignore[attr-defined]


def ignores(path: Path, profile: str) -> bool | None:
    """Whether a file of our checks has none of this profile; None leaves it to others."""
    costly = profile == "quick" and path.name in COSTLY_TO_IMPORT and path.parent == folder("conformance")
    return True if costly else None
