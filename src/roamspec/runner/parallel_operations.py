"""Lets checks of several operations overlap where most of a run would be waiting.

Where a target is known to make one wait, a check runs for all of its operations at once. Elsewhere checks run
one by one, each in its turn; but while one of them waits for an effect, checks of other operations go on.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from roamspec.runner.check_items import is_check
from roamspec.runner.pytest_plugin import ConformancePlugin
from roamspec.session.session import Session
from roamspec.suite.context import CheckContext

MOST_AT_ONCE = 5
"""One check of each operation."""
IN_ORDER = ("expensive", "generative", "profile", "serial", "waits_for_expiry")
"""Marks of checks that no other one may overtake, and that overtake no other one."""


class ParallelOperations:
    """Begins checks in threads of their own, before they are due.

    Checks of the same operation never overlap. Each operation has its own people and each check its own
    judge, and what they share is arranged under the session's lock.
    """

    def __init__(self, session: Callable[[], Session], checks: ConformancePlugin) -> None:
        """`session` opens the session of the run; it is asked for when the first check is due."""
        self._open_session = session
        self._opened: Session | None = None
        self._checks = checks
        self._begun: dict[pytest.Item, Future[None]] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._current: pytest.Item | None = None
        self._beginning = threading.Lock()
        self._one_by_one = False

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let checks come one by one under a debugger."""
        # A debugger needs the terminal and the main thread.
        self._one_by_one = bool(config.getoption("usepdb", False) or config.getoption("trace", False))

    @property
    def _session(self) -> Session:
        if self._opened is None:
            self._opened = session = self._open_session()
            session.turns.when_idle = self._begin_another
            session.turns.take()
        return self._opened

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object | None:
        """Run a check, and begin others in threads while it waits, where the target is slow."""
        if not is_check(pyfuncitem) or self._one_by_one:
            return None
        self._session.client.start_thread()
        with self._beginning:
            self._current = pyfuncitem
        if pyfuncitem not in self._begun:
            due = self._due(pyfuncitem)
            if len(due) < 2 or not self._session.is_slow:
                return None
            for item in due:
                self._begin(item, self._run)
        with self._session.turns.aside():
            self._begun[pyfuncitem].result()
        return True

    def _begin(self, item: pytest.Function, run: Callable[[pytest.Function, CheckContext], None]) -> None:
        self._pool = self._pool or ThreadPoolExecutor(2 * MOST_AT_ONCE, thread_name_prefix="check")
        self._begun[item] = self._pool.submit(run, item, self._checks.case_of(item))

    def _run(self, item: pytest.Function, case: CheckContext) -> None:
        """A check and the comparison after it, so that both wait while others do."""
        client = self._session.client
        client.start_thread()
        before = client.requests_here
        try:
            item.obj(case=case)
            self._checks.compare(item, case)
        finally:
            case.requests += client.requests_here - before

    def _run_in_turn(self, item: pytest.Function, case: CheckContext) -> None:
        turns = self._session.turns
        turns.take()
        try:
            self._run(item, case)
        finally:
            turns.give()

    def _due(self, first: pytest.Function) -> Sequence[pytest.Function]:
        """The same check of this operation and of those that come after it."""
        if not _is_of_one_operation(first) or first.get_closest_marker("serial"):
            return []
        due: dict[object, pytest.Function | None] = {_operation(first): first}
        for item in _after(first):
            if isinstance(item, pytest.Function) and item.function is first.function:
                # A plugin may repeat checks: those of one operation come one after the other.
                due.setdefault(_operation(item), None if item in self._begun else item)
        return [item for item in due.values() if item is not None]

    def _begin_another(self) -> None:
        """Begin the next check that may overlap with those that wait."""
        with self._beginning:
            item = self._next()
            if item is None:
                return
            self._session.overlapping = True
            self._begin(item, self._run_in_turn)
        self._begun[item].add_done_callback(lambda _: self._session.turns.idle())

    def _next(self) -> pytest.Function | None:
        """The first later check of an operation of which none is under way; none beyond a check that must not
        be overtaken."""
        if self._current is None or not _may_overlap(self._current) or self._session.is_slow:
            # Where most of a run is waiting, a check begins for all of its operations instead.
            return None
        busy = {_operation(self._current)}
        for item in _after(self._current):
            if not _may_overlap(item):
                return None
            under_way = self._begun.get(item)
            if under_way is None and _operation(item) not in busy:
                assert isinstance(item, pytest.Function)
                return item
            if under_way is None or not under_way.done():
                busy.add(_operation(item))
        return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Also after an interrupt no check goes on while the clean-up removes what it made."""
        self._current = None
        if self._opened is not None:
            self._opened.turns.give()
        if self._pool is not None:
            self._session.client.allowance.end()
            self._pool.shutdown(cancel_futures=True)


def _after(item: pytest.Item) -> Iterator[pytest.Item]:
    items = item.session.items
    return iter(items[items.index(item) + 1 :])


def _is_of_one_operation(item: pytest.Item) -> bool:
    return is_check(item) and isinstance(item, pytest.Function) and "case" in item.fixturenames


def _may_overlap(item: pytest.Item) -> bool:
    return _is_of_one_operation(item) and not any(item.get_closest_marker(mark) for mark in IN_ORDER)


def _operation(item: pytest.Item) -> object:
    assert isinstance(item, pytest.Function)
    return item.callspec.params["operation"]
