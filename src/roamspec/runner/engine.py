"""pytest as the engine: in this process, or in several by pytest-xdist."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from roamspec.report.events import Ending, Event, RunStarted
from roamspec.resources import folder
from roamspec.runner.checks import Checks
from roamspec.runner.planning import Plan
from roamspec.runner.reporter import Reporter
from roamspec.runner.stage import Stage
from roamspec.runner.together import Together
from roamspec.runner.worker import WORKER_INPUT, WorkerInput
from roamspec.suite.effort import MOST_REQUESTS, Effort
from roamspec.suite.marks import Profile
from roamspec.target.session import Session


class Engine:
    """Runs the checks that a plan chooses against a session."""

    def __init__(
        self,
        plan: Plan,
        session: Session,
        effort: Effort,
        emit: Callable[[Event], None],
        *,
        stage: Stage | None = None,
    ) -> None:
        """`session` is that of the run; checks run on it, unless a `stage` gives them others."""
        self._plan = plan
        self._session = session
        self._effort = effort
        self._emit = emit
        self._stage = stage

    def run(
        self, started: Callable[[int], RunStarted], *, workers: WorkerInput | None = None
    ) -> tuple[Ending, str]:
        """Run all checks; `started` makes the first event from the number of checks.

        With `workers` other processes run them, each with a session of its own.
        """
        reporter = Reporter(self._plan, self._emit, started)
        checks = Checks(self._plan, self._session, self._effort, self._stage)
        arguments = [*arguments_for_pytest(), *_not_collected(self._plan.profile)]
        plugins: list[object] = [reporter]
        if workers:
            arguments += ["-p", "xdist.plugin", "-p", "roamspec.runner.worker"]
            arguments += ["-n", str(workers.count), "--dist=loadscope"]
            plugins.append(_Hand(workers))
        else:
            # On a stage each check has a session of its own, and its requests come in their order.
            plugins += [checks] if self._stage else [checks, Together(self._session, checks)]
        try:
            status = pytest.main(arguments, plugins=plugins)
        except KeyboardInterrupt:
            return "interrupted", "stopped by the keyboard"
        self._session.notes += reporter.workers_notes
        self._session.requests_elsewhere += reporter.workers_requests
        if checks.lost:
            return "target-lost", checks.lost
        if status == pytest.ExitCode.INTERRUPTED:
            return "interrupted", reporter.broken or "stopped by the keyboard"
        if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return "suite-error", reporter.broken or f"pytest ended with {status!r}"
        return "complete", ""


def _not_collected(profile: Profile) -> list[str]:
    """Files of larger profiles alone, whose libraries take long to import."""
    names = ("test_schema.py", "test_concurrency.py") if profile == "quick" else ()
    return [f"--ignore={folder('conformance') / name}" for name in names]


class _Hand:
    """Hands the workers what they need."""

    def __init__(self, workers: WorkerInput) -> None:
        self._workers = workers

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        node.workerinput[WORKER_INPUT] = pickle.dumps(self._workers)  # type: ignore[attr-defined]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object:
        """A process takes the checks that share scenes as a whole."""
        from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-not-found,import-untyped,unused-ignore]

        bounded = MOST_REQUESTS[self._workers.effort.profile] > 0

        class BySharedScenes(LoadScopeScheduling):  # type: ignore[misc]
            def _split_scope(self, nodeid: str) -> str:
                return shares_with(nodeid, bounded=bounded)

        return BySharedScenes(config, log)


def shares_with(nodeid: str, *, bounded: bool) -> str:
    """The name of those checks that one process takes with this one, because they share scenes.

    Where a run may send but so many requests, what is costly is made once for all operations on its kind,
    and what makes do with the requests that are left comes after most of the others.
    """
    operation = nodeid.partition("[")[2].rstrip("]")
    if not bounded:
        return operation or "all operations"
    return "chats" if "Chat" in operation else "others"


def arguments_for_pytest() -> list[str]:
    """What pytest is called with: our checks, our plugins, and nothing it would leave behind."""
    checks = folder("conformance")
    return [
        str(checks),
        "-c",
        str(checks / "pytest.ini"),
        f"--rootdir={checks}",
        "--disable-plugin-autoload",
        "-p",
        "no:cacheprovider",
        "--assert=plain",
        "--capture=no",
        "--import-mode=importlib",
    ]
