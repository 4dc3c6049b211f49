"""Checks in several processes, by pytest-xdist: what the workers get, and which checks go together."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from roamspec.runner.check_ids import kind_of
from roamspec.runner.worker import WORKER_INPUT, WorkerInput
from roamspec.suite.exploration_limits import MOST_REQUESTS
from roamspec.suite.marks import Profile


class Distribution:
    """The plugin of the process that was called: hands the workers what they need."""

    def __init__(
        self, worker_input: Callable[[], WorkerInput | None], profile: Profile, *, by_shared_fixtures: bool
    ) -> None:
        """`worker_input` opens the target; `by_shared_fixtures`: a process takes checks that share fixtures
        as a whole, instead of as pytest-xdist would give them out."""
        self._worker_input = worker_input
        self._profile = profile
        self._by_shared_fixtures = by_shared_fixtures
        self._handed: bytes | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give a worker what it opens its session with."""
        if self._handed is None:
            work = self._worker_input()
            self._handed = pickle.dumps(work) if work is not None else b""
        if self._handed:
            node.workerinput[WORKER_INPUT] = self._handed

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> object | None:
        """Keep checks that share fixtures in one worker, unless somebody chose another distribution."""
        if not self._by_shared_fixtures:
            return None
        from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-not-found,import-untyped,unused-ignore]

        bounded = MOST_REQUESTS[self._profile] > 0

        class BySharedFixtures(LoadScopeScheduling):  # type: ignore[misc]
            def _split_scope(self, nodeid: str) -> str:
                return shares_with(nodeid, bounded=bounded)

        return BySharedFixtures(config, log)


def shares_with(nodeid: str, *, bounded: bool) -> str:
    """The name of those checks that one process takes with this one, because they share fixtures.

    Where a run may send but so many requests, what is costly is made once for all operations on its kind,
    and what makes do with the requests that are left comes after most of the others.
    """
    operation = nodeid.partition("[")[2].rstrip("]")
    if not bounded:
        return operation or "all operations"
    return kind_of(nodeid)
