"""Runs a check for all of its operations at once, where a target makes most of a run waiting."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from roamspec.runner.checks import Checks, is_check
from roamspec.suite.case import Case
from roamspec.target.session import Session

MOST_AT_ONCE = 5
"""One check of each operation."""


class Together:
    """Begins the check of one operation in a thread of its own when the first of them is due.

    Only the same check of different operations overlaps: each has its own people and its own judge, and
    what they share is arranged under the session's lock.
    """

    def __init__(self, session: Callable[[], Session], checks: Checks) -> None:
        self._session_of_all = session
        self._checks = checks
        self._begun: dict[pytest.Item, Future[object]] = {}
        self._pool: ThreadPoolExecutor | None = None

    @property
    def _session(self) -> Session:
        return self._session_of_all()

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object | None:
        if not is_check(pyfuncitem):
            return None
        self._session.door.begin_here()
        if pyfuncitem not in self._begun:
            due = self._due(pyfuncitem)
            if len(due) < 2 or not self._session.waits_long:
                return None
            self._pool = self._pool or ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="check")
            for item in due:
                case = self._checks.case_of(item)
                self._begun[item] = self._pool.submit(self._run, item.obj, case)
        self._begun.pop(pyfuncitem).result()
        return True

    def _run(self, body: Callable[..., object], case: Case) -> object:
        self._session.door.begin_here()
        return body(case=case)

    def _due(self, first: pytest.Function) -> Sequence[pytest.Function]:
        """The same check of this operation and of those that come after it."""
        if "case" not in first.fixturenames or first.get_closest_marker("alone"):
            return []
        items = first.session.items
        due: dict[object, pytest.Function | None] = {}
        for item in items[items.index(first) :]:
            if isinstance(item, pytest.Function) and item.function is first.function:
                # A plugin may repeat checks: one operation has its turns one after the other.
                due.setdefault(item.callspec.params["operation"], None if item in self._begun else item)
        return [item for item in due.values() if item is not None]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Also after an interrupt no check goes on while the clean-up removes what it made."""
        if self._pool is not None:
            self._session.door.allowance.end()
            self._pool.shutdown(cancel_futures=True)
