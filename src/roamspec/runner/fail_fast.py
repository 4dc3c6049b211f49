"""Ends a run early, once enough requirements that block have failed."""

from collections.abc import Collection
from typing import Any

import pytest

from roamspec.results.events import Judgement
from roamspec.runner.planning import Plan
from roamspec.runner.pytest_plugin import RECORD


class FailFast:
    """Stops pytest after the check with which `most` selected blocking requirements have failed; never, if
    `most` is 0. Failures of `accepted` requirements do not count."""

    def __init__(self, plan: Plan, most: int, accepted: Collection[str] = ()) -> None:
        self._plan = plan
        self._accepted = accepted
        self._most = most
        self._failed: set[str] = set()
        self._session: pytest.Session | None = None
        self.reached = ""
        """Why the run ends early, if it does."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Remember the session that is to be stopped."""
        self._session = session

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the blocking failures of a check, and stop pytest at the bound."""
        record: dict[str, Any] | None = getattr(report, RECORD, None)
        if not self._most or report.when != "call" or record is None:
            return
        found = (Judgement.from_dict(each) for each in record["judgements"])
        self._failed |= {each.requirement for each in found if each.verdict == "fail" and self._blocks(each)}
        if len(self._failed) >= self._most and not self.reached and self._session is not None:
            failed = f"{len(self._failed)} blocking failure{'' if len(self._failed) == 1 else 's'}"
            self.reached = f"The run ended early, after {failed} (--max-failures {self._most})."
            self._session.shouldstop = self.reached

    def _blocks(self, judgement: Judgement) -> bool:
        name = judgement.requirement
        return (
            name in self._plan.catalogue
            and self._plan.catalogue[name].decisive
            and self._plan.is_selected(name)
            and name not in self._accepted
        )
