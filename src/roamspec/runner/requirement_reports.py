"""Shows pytest each requirement that a check judged: as a subtest, and in the reports of other plugins."""

import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Protocol

import pytest

from roamspec.contract.requirements import Requirement
from roamspec.report.text import visible
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.events import Judgement
from roamspec.suite.exploration_limits import ExplorationEffort

_SUBTESTS = pytest.StashKey[pytest.Subtests]()
_OUTCOMES = (pytest.fail.Exception, pytest.skip.Exception)
_MOST_NAMED = 3
NON_BLOCKING: Final = "failed, which does not block"


class RequirementReports(Protocol):
    """What pytest is shown of the judgements of a check."""

    def prepare(self, request: pytest.FixtureRequest) -> None:
        """Before the check runs, while its fixtures are set up."""

    def show(self, item: pytest.Item, judgements: Sequence[Judgement]) -> None:
        """After the check has run, for each requirement."""

    def conclude(self, judgements: Sequence[Judgement], ended_because: str) -> None:
        """Raise pytest's outcome of the check, unless it has passed."""


class NotShown:
    """For runs whose own reports show everything: pytest is told of checks that break, and of no other."""

    def prepare(self, request: pytest.FixtureRequest) -> None:
        pass

    def show(self, item: pytest.Item, judgements: Sequence[Judgement]) -> None:
        pass

    def conclude(self, judgements: Sequence[Judgement], ended_because: str) -> None:
        pass


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
        if request.config.pluginmanager.has_plugin("subtests"):
            request.node.stash[_SUBTESTS] = request.getfixturevalue("subtests")

    def show(self, item: pytest.Item, judgements: Sequence[Judgement]) -> None:
        # JUnit XML has these as properties of the check.
        item.user_properties += [(judgement.requirement, judgement.verdict) for judgement in judgements]
        subtests = item.stash.get(_SUBTESTS, None)
        if subtests is None:
            return
        for judgement in judgements:
            outcome = self._outcome(judgement)
            try:
                with subtests.test(msg=judgement.requirement), _allure_step(judgement.requirement):
                    if outcome is not None:
                        raise outcome
            except _OUTCOMES:
                return  # pytest is to stop at the first failure (-x)

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

    def conclude(self, judgements: Sequence[Judgement], ended_because: str) -> None:
        failed = [j.requirement for j in judgements if j.verdict == "fail" and self._decides(j)]
        if failed:
            raise pytest.fail.Exception(_named(failed), pytrace=False)
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

    rows = "".join(
        f"<tr><td>{verdict['verdict']}</td><td>{verdict['requirement']}</td></tr>" for verdict in judgements
    )
    extra = [*getattr(report, "extras", []), extras.html(f"<table>{rows}</table>")]
    report.extras = extra  # type: ignore[attr-defined]
