"""Shows pytest each requirement that a check judged: as a subtest, and in the reports of other plugins."""

import bdb
import contextlib
import inspect
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Any, Final, Protocol

import pytest

from roamspec.contract.requirements import Requirement
from roamspec.report.text import visible
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.events import Judgement
from roamspec.suite.exploration_limits import ExplorationEffort

_SUBTESTS = pytest.StashKey[pytest.Subtests]()
_SHOWN = pytest.StashKey[set[str]]()
_LEFT = pytest.StashKey[bool]()
_OUTCOMES = (pytest.fail.Exception, pytest.skip.Exception)
_MOST_NAMED = 3
_BETWEEN: Final = (__name__, "roamspec.runner.pytest_plugin", "roamspec.suite.recorder")
"""Modules between a check that compares and pytest that is shown what came of it."""
NON_BLOCKING: Final = "failed, non-blocking"


class SeenInDebugger(pytest.fail.Exception, bdb.BdbQuit):  # type: ignore[name-defined,misc]
    """Fails a check whose failures were looked at one by one; pytest opens no debugger for a BdbQuit."""


class RequirementReports(Protocol):
    """What pytest is shown of the judgements of a check."""

    def prepare(self, request: pytest.FixtureRequest) -> None:
        """Before the check runs, while its fixtures are set up."""

    def show_at_once(self, item: pytest.Item, judgement: Judgement) -> None:
        """While the check runs, for a requirement that has failed: where pytest opens a debugger."""

    def show(self, item: pytest.Item, judgements: Sequence[Judgement]) -> None:
        """After the check has run, for each requirement."""

    def conclude(self, item: pytest.Item, judgements: Sequence[Judgement], ended_because: str) -> None:
        """Raise pytest's outcome of the check, unless it has passed."""


class NotShown:
    """For runs whose own reports show everything: pytest is notified of checks that break, and of no
    other."""

    def prepare(self, request: pytest.FixtureRequest) -> None:
        """Does nothing."""

    def show_at_once(self, item: pytest.Item, judgement: Judgement) -> None:
        """Does nothing."""

    def show(self, item: pytest.Item, judgements: Sequence[Judgement]) -> None:
        """Does nothing."""

    def conclude(self, item: pytest.Item, judgements: Sequence[Judgement], ended_because: str) -> None:
        """Does nothing: the check passes for pytest, whatever was found."""


class Shown:
    """A subtest under each requirement's ID; a check fails when a requirement that decides fails."""

    def __init__(
        self,
        catalogue: Mapping[str, Requirement],
        effort: ExplorationEffort,
        *,
        strict: bool,
        accepted: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Failures of `accepted`, IDs with reasons, do not count."""
        self._catalogue = catalogue
        self._effort = effort
        self._strict = strict
        self._accepted = accepted

    def prepare(self, request: pytest.FixtureRequest) -> None:
        """Keep pytest's subtests for the check, where that plugin is there."""
        if request.config.pluginmanager.has_plugin("subtests"):
            request.node.stash[_SUBTESTS] = request.getfixturevalue("subtests")

    def show_at_once(self, item: pytest.Item, judgement: Judgement) -> None:
        """Show a failure to a debugger while the check still runs."""
        subtests = item.stash.get(_SUBTESTS, None)
        # A debugger needs the terminal, and the main thread has it.
        here = threading.current_thread() is threading.main_thread()
        if subtests is None or not here or not self._decides(judgement) or item.stash.get(_LEFT, False):
            return
        outcome = self._outcome(judgement)
        assert outcome is not None
        item.stash.setdefault(_SHOWN, set()).add(judgement.requirement)
        try:
            with subtests.test(msg=judgement.requirement), _allure_step(judgement.requirement):
                raise outcome.with_traceback(_traceback_of_check())
        except pytest.exit.Exception:
            item.stash[_LEFT] = True
            raise
        except _OUTCOMES:
            return  # the check goes on, also where it is the last one (-x)

    def show(self, item: pytest.Item, judgements: Sequence[Judgement]) -> None:
        """Show each judgement as a subtest, and as properties of the check."""
        # JUnit XML has these as properties of the check, pytest-html as a table.
        names = {judgement.requirement for judgement in judgements}
        properties = [each for each in item.user_properties if each[0] not in names]
        item.user_properties[:] = [*properties, *((one.requirement, one.verdict) for one in judgements)]
        subtests = item.stash.get(_SUBTESTS, None)
        if subtests is None:
            return
        shown = item.stash.get(_SHOWN, set())
        for judgement in (each for each in judgements if each.requirement not in shown):
            outcome = self._outcome(judgement)
            try:
                with subtests.test(msg=judgement.requirement), _allure_step(judgement.requirement):
                    if outcome is not None:
                        raise outcome
            except _OUTCOMES:
                break  # pytest is to stop at the first failure (-x)

    def _outcome(self, judgement: Judgement) -> BaseException | None:
        if judgement.verdict == "fail":
            text = failure_text(self._catalogue[judgement.requirement], judgement, self._effort)
            if self._decides(judgement):
                return pytest.fail.Exception(text, pytrace=False)
            why = self._accepted.get(judgement.requirement, NON_BLOCKING)
            return pytest.xfail.Exception(f"{why}: {text}", pytrace=False)
        if judgement.verdict == "inconclusive":
            # pytest lists what was skipped by its reason, under the name of the first one.
            reason = f"{judgement.requirement}: {judgement.reason}"
            return pytest.skip.Exception(reason, _use_item_location=True)
        return None

    def _decides(self, judgement: Judgement) -> bool:
        name = judgement.requirement
        return name not in self._accepted and (self._strict or self._catalogue[name].decisive)

    def conclude(self, item: pytest.Item, judgements: Sequence[Judgement], ended_because: str) -> None:
        """Fail the check for failures that decide, or skip it when all is inconclusive."""
        failed = [j.requirement for j in judgements if j.verdict == "fail" and self._decides(j)]
        if failed:
            outcome = SeenInDebugger if item.stash.get(_SHOWN, None) else pytest.fail.Exception
            raise outcome(_named(failed), False)
        if judgements and all(judgement.verdict == "inconclusive" for judgement in judgements):
            reasons = dict.fromkeys(judgement.reason for judgement in judgements)
            raise pytest.skip.Exception(ended_because or "; ".join(reasons), _use_item_location=True)


def failure_text(requirement: Requirement, judgement: Judgement, effort: ExplorationEffort) -> str:
    """What was expected, what came, and the line that runs the checks of this requirement again."""
    lines = [requirement.title]
    failure = judgement.failure
    if failure is not None:
        lines += [f"expected  {failure.expected}", f"actual    {failure.actual}"]
    grounds = f"{requirement.level}, {requirement.evidence}"
    lines.append(f"source    {requirement.source.where()} ({grounds})")
    if judgement.reason:
        lines.append(f"reason    {judgement.reason}")
    if failure is not None and failure.hint:
        lines.append(f"hint      {failure.hint}")
    # `roamspec run` does not know requirements of somebody's own, which are of no revision.
    own = f"pytest -k {requirement.id} --roamspec-seed {effort.seed}"
    lines.append(f"again     {effort.again(requirement.id) if requirement.since else own}")
    if failure is not None and failure.reproduce:
        lines += ["reproduce", *(f"    {line}" for line in failure.reproduce.strip().splitlines())]
    return without_workflow_commands(visible("\n".join(lines)))


def _named(requirements: Sequence[str]) -> str:
    """`limit.a, limit.b failed`, with no more names than a line has room for."""
    more = len(requirements) - _MOST_NAMED
    named = ", ".join(requirements[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f"{named} failed"


def _traceback_of_check() -> TracebackType | None:
    """From pytest's call of the check down to where it compared, for a person who looks around there."""
    frame = inspect.currentframe()
    assert frame is not None, "CPython has frames"
    while frame.f_back is not None and frame.f_globals.get("__name__", "") in _BETWEEN:
        frame = frame.f_back
    found: TracebackType | None = None
    while frame.f_back is not None and frame.f_globals.get("__name__", "") != "_pytest.python":
        found = TracebackType(found, frame, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    return found


@contextlib.contextmanager
def _allure_step(title: str) -> Iterator[None]:
    """A step of allure's report, where somebody writes one."""
    if "allure_pytest" not in sys.modules:
        yield
        return
    import allure  # type: ignore[import-not-found,import-untyped,unused-ignore]

    with allure.step(title):
        yield


class RequirementNames:
    """Keeps each requirement's ID in what pytest's terminal says of it, which other plugins may take out."""

    def __init__(self, catalogue: Mapping[str, Requirement]) -> None:
        self._catalogue = catalogue

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_report_teststatus(self, report: object) -> Any:
        """Name a subtest by its requirement alone."""
        status = yield
        if isinstance(report, pytest.SubtestReport) and report.context.msg in self._catalogue:
            category, letter, word = status
            if isinstance(word, str) and word:
                named = (
                    "" if report.skipped and not hasattr(report, "wasxfail") else f"[{report.context.msg}]"
                )
                return category, letter, word.partition("[")[0] + named
        return status


def add_html(report: pytest.TestReport, judgements: Iterable[Mapping[str, Any]]) -> None:
    """List the requirements of one check in the report of pytest-html, where somebody writes one."""
    if "pytest_html" not in sys.modules:
        return
    from pytest_html import extras  # type: ignore[import-not-found,import-untyped,unused-ignore]

    names = {verdict["requirement"] for verdict in judgements}
    rows = "".join(
        f"<tr><td>{verdict}</td><td>{name}</td></tr>"
        for name, verdict in report.user_properties
        if name in names
    )
    extra = [*getattr(report, "extras", []), extras.html(f"<table>{rows}</table>")]
    report.extras = extra  # type: ignore[attr-defined]
