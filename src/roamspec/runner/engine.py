"""pytest as the engine: collects the checks, runs them, and turns its reports into events."""

import io
import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from roamspec.contract.operations import Operation
from roamspec.contract.requirements import Catalogue
from roamspec.errors import TargetError
from roamspec.report.events import (
    CheckFinished,
    CheckStarted,
    Ending,
    Event,
    Judgement,
    Outcome,
    RunStarted,
)
from roamspec.resources import folder
from roamspec.runner.planning import Plan
from roamspec.runner.settings import RunSettings
from roamspec.suite.case import Case
from roamspec.suite.judge import Judge
from roamspec.target.session import Session

_PROPERTY = "roamspec"


class Engine:
    """Runs pytest on the conformance checks, with this object as its plugin."""

    def __init__(
        self,
        settings: RunSettings,
        session: Session,
        catalogue: Catalogue,
        selected: frozenset[str] | None,
        emit: Callable[[Event], None],
    ) -> None:
        self._settings = settings
        self._session = session
        self._plan = Plan(catalogue, session.contract, settings.profile, selected)
        self._emit = emit
        self._started: Callable[[int], RunStarted] | None = None
        self._broken = ""

    def run(self, started: Callable[[int], RunStarted]) -> tuple[Ending, str]:
        """Run all checks; `started` makes the first event from the number of checks."""
        self._started = started
        checks = folder("conformance")
        arguments = [
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
        try:
            status = pytest.main(arguments, plugins=[self])
        except KeyboardInterrupt:
            return "interrupted", "stopped by the keyboard"
        if status == pytest.ExitCode.INTERRUPTED:
            return "interrupted", self._broken or "stopped by the keyboard"
        if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return "suite-error", self._broken or f"pytest ended with {status!r}"
        return "complete", ""

    # --- hooks of pytest

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "judges(*names): the requirements that a check can refute")
        config.addinivalue_line("markers", "profile(least): the smallest profile in which a check runs")
        # What people see is written by our own listeners; pytest's writer is kept, because other parts
        # of pytest look for it, but writes nowhere.
        reporter = config.pluginmanager.getplugin("terminalreporter")
        config.pluginmanager.unregister(reporter)
        config.pluginmanager.register(TerminalReporter(config, io.StringIO()), "terminalreporter")

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "case" in metafunc.fixturenames:
            operations = self._plan.operations_of(_declared(metafunc.definition))
            metafunc.parametrize("operation", operations, ids=[o.name for o in operations])

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if self._plan.wants(_declared(item), _operation(item), _least(item))]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        assert self._started
        self._emit(self._started(len(session.items)))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._broken = f"{report.nodeid or 'the checks'} cannot be collected: {report.longrepr}"

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._emit(CheckStarted(_check_id(nodeid)))

    @pytest.fixture
    def case(self, operation: Operation, request: pytest.FixtureRequest) -> Case:
        declared = self._plan.judgeable(_declared(request.node), operation, self._session.capabilities)
        judge = Judge(operation.slug, declared, _declared(request.node))
        case = Case(self._session, operation, judge)
        request.node.stash[_CASE] = case
        return case

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        """Run the check, clean its worlds, and hand its judgements on with the report."""
        case = pyfuncitem.stash[_CASE]
        trail: list[str] = []
        detail, ended_because = "", ""
        try:
            yield
        except TargetError as error:
            ended_because = str(error)
        except Exception as error:  # noqa: BLE001 - a check that breaks is our fault, and is told as such
            detail = _where(error)
        finally:
            trail += self._close(case)
        judgements = case.judge.judgements(ended_because or detail)
        record = {
            "judgements": [_as_dict(judgement) for judgement in judgements],
            "detail": detail,
            "notes": trail,
        }
        pyfuncitem.user_properties.append((_PROPERTY, record))
        return True

    def _close(self, case: Case) -> list[str]:
        try:
            case.close()
        except TargetError as error:
            return [str(error)]
        return []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        record = dict(report.user_properties).get(_PROPERTY)
        if report.when != "call" and not report.failed:
            return
        detail = str(record["detail"]) if isinstance(record, dict) else ""
        if report.failed:
            detail = detail or str(report.longrepr)
        judgements = (
            [Judgement.from_dict(d) for d in record["judgements"]] if isinstance(record, dict) else []
        )
        outcome = _outcome([j for j in judgements if self._plan.is_selected(j.requirement)], detail)
        # What was not selected goes along as evidence that the operation works; it decides nothing.
        self._emit(
            CheckFinished(_check_id(report.nodeid), outcome, report.duration, tuple(judgements), detail)
        )


_CASE = pytest.StashKey[Case]()


def _declared(item: Any) -> tuple[str, ...]:
    return tuple(name for mark in item.iter_markers("judges") for name in mark.args)


def _least(item: pytest.Item) -> str:
    mark = item.get_closest_marker("profile")
    return str(mark.args[0]) if mark else "quick"


def _operation(item: pytest.Item) -> Operation:
    operation = item.callspec.params["operation"]  # type: ignore[attr-defined]
    assert isinstance(operation, Operation)
    return operation


def _check_id(nodeid: str) -> str:
    """`test_limits.py::test_fifty_ids[clearUser]` as `limits.fifty-ids[clearUser]`."""
    path, _, name = nodeid.rpartition("::")
    family = os.path.basename(path).removeprefix("test_").removesuffix(".py")  # noqa: PTH119 - a node ID
    function, bracket, rest = name.removeprefix("test_").partition("[")
    return f"{family}.{function.replace('_', '-')}{bracket}{rest}".replace("_", "-")


def _outcome(judgements: Sequence[Judgement], detail: str) -> Outcome:
    if detail:
        return "error"
    verdicts = {judgement.verdict for judgement in judgements}
    if "fail" in verdicts:
        return "fail"
    # Nothing selected was judged, or everything was: either way nothing is left open.
    return "pass" if "pass" in verdicts or not verdicts else "inconclusive"


def _as_dict(judgement: Judgement) -> dict[str, Any]:
    return asdict(judgement)


def _where(error: Exception) -> str:
    """One line: what broke, and in which line of which check."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "conformance" in frame.filename] or frames
    place = f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}" if ours else "an unknown place"  # noqa: PTH119
    return f"{type(error).__name__} at {place}: {error}"
