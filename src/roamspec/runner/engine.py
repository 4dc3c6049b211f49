"""pytest as the engine: how it is called, and how what it returns ends a run."""

import gc
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final

import pytest

from roamspec.interruption import BY_KEYBOARD, why_interrupted
from roamspec.processes import neutral_environment
from roamspec.resources import folder
from roamspec.results.events import Ending, Event, RunStarted
from roamspec.runner.parallel_operations import ParallelOperations
from roamspec.runner.planning import Plan
from roamspec.runner.pytest_plugin import ConformancePlugin
from roamspec.runner.reporter import Reporter
from roamspec.runner.session_provider import SessionProvider, SharedSessionProvider
from roamspec.runner.shard_part import ShardPart
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort

_INI: Final = Path(__file__).with_name("run.ini")


class Engine:
    """Runs the checks that a plan chooses against a session, in this process."""

    def __init__(
        self,
        plan: Plan,
        session: Session,
        effort: ExplorationEffort,
        emit: Callable[[Event], None],
        *,
        provider: SessionProvider | None = None,
        only: Collection[str] = (),
        part: ShardPart | None = None,
    ) -> None:
        """`session` is that of the run; checks run on it, unless a `provider` gives them others. `only` and
        `part` as for `ConformancePlugin`."""
        self._plan = plan
        self._session = session
        self._effort = effort
        self._emit = emit
        self._provider = provider
        self._only = only
        self._part = part
        self.left_out: frozenset[str] = frozenset()
        """After a run: requirements that checks judge which somebody has left out."""

    def run(self, started: Callable[[int], RunStarted]) -> tuple[Ending, str]:
        """Run all checks; `started` makes the first event from the number of checks."""
        reporter = Reporter(self._plan, self._emit, started)
        checks = ConformancePlugin(
            self._plan,
            self._effort,
            self._provider or SharedSessionProvider(lambda: self._session),
            only=self._only,
            part=self._part,
        )
        plugins: list[object] = [reporter, checks]
        if not self._provider:
            # On a stage each check has a session of its own, and its requests come in their order.
            plugins.append(ParallelOperations(lambda: self._session, checks))
        status = call_pytest(plugins)
        self.left_out = checks.left_out
        return ending_of(status, checks, reporter)


class _LoadedForGood:
    """What is loaded before the first check stays: it is no longer looked through for garbage."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self) -> None:
        # Once in a process: of later sessions it would keep what is garbage.
        if not gc.get_freeze_count():
            gc.freeze()


def call_pytest(
    plugins: Sequence[object], *, workers: int = 1, more: Sequence[str] = (), cache: Path | None = None
) -> int:
    """Run pytest over the checks, in `workers` processes; its exit code, INTERRUPTED for Ctrl-C wherever it
    comes.

    Nothing is heeded that stands around: no variables, no files, and no plugins. With `more` arguments
    pytest works as people know it, with the plugins that are installed, and keeps its `cache`.
    """
    checks = folder("conformance")
    arguments = [str(checks), "-c", str(_INI), f"--rootdir={checks}", "--import-mode=importlib"]
    if more:
        arguments += ["-o", f"cache_dir={cache}"] if cache else ["-p", "no:cacheprovider"]
    else:
        arguments += ["--disable-plugin-autoload", "-p", "no:cacheprovider", "--assert=plain", "--capture=no"]
        # These look through all memory for garbage, several times, when a session ends.
        arguments += ["-p", "no:unraisableexception", "-p", "no:threadexception"]
        plugins = [*plugins, _LoadedForGood()]
    if workers > 1:
        arguments += [] if more else ["-p", "xdist.plugin"]
        arguments += ["-n", str(workers), "--dist=loadscope"]
    arguments += more
    try:
        # What decides a verdict comes from our own options alone.
        with neutral_environment():
            return int(pytest.main(arguments, plugins=list(plugins)))
    except KeyboardInterrupt as error:
        for reporter in (each for each in plugins if isinstance(each, Reporter)):
            reporter.interrupted = reporter.interrupted or why_interrupted(error)
        return pytest.ExitCode.INTERRUPTED


def ending_of(
    status: int, checks: ConformancePlugin, reporter: Reporter, *, reached: str = ""
) -> tuple[Ending, str]:
    """How a run has ended, and the sentence on it, empty when it is complete. `reached` says that enough
    requirements have failed, if they have; pytest stops by itself for the same reason."""
    if checks.lost:
        return "target-lost", checks.lost
    if reached:
        return "failures-reached", reached
    if reporter.stopped and not reporter.broken:
        return "failures-reached", f"pytest ended the run early: {reporter.stopped}."
    if status == pytest.ExitCode.INTERRUPTED:
        return "interrupted", reporter.broken or reporter.interrupted or BY_KEYBOARD
    left_out = checks.left_out | reporter.workers_left_out
    if status == pytest.ExitCode.NO_TESTS_COLLECTED and (left_out or checks.divided):
        return "complete", ""
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return "suite-error", reporter.broken or f"pytest ended with {status!r}"
    return "complete", ""
