"""For checks of your own: your `conftest.py` says `from roamspec.pytest_checks import *`.

roamspec_session   the session on the target that the `--roamspec-...` options name, preflight included
world              users, groups and messages of one test, removed after it
operation          the operation of a check that says what it judges (`roamspec.suite.judges`)
case               everything a check works with; `case.verdicts` takes its verdicts
"""

from collections.abc import Iterator

import pytest

from roamspec.pytest_entry import register
from roamspec.session.session import Session
from roamspec.world.world import World

__all__ = ["pytest_configure", "pytest_pycollect_makemodule", "roamspec_session", "world"]


def pytest_configure(config: pytest.Config) -> None:
    """Register the checks where a `conftest.py` gives requirements or faults."""
    # Where pytest meets the `conftest.py` only as it collects, its other hooks are not known at this moment.
    hook = config.hook
    if hook.pytest_roamspec_requirements.get_hookimpls() or hook.pytest_roamspec_fault_files.get_hookimpls():
        register(config)


def pytest_pycollect_makemodule(parent: pytest.Collector) -> None:
    """Register the checks where a module is the first to use them."""
    register(parent.config)


@pytest.fixture(scope="session")
def roamspec_session(pytestconfig: pytest.Config) -> Session:
    """The session on the target that the options name."""
    plugin = pytestconfig.pluginmanager.get_plugin("roamspec-conformance")
    assert plugin is not None
    session: Session = plugin.session()
    return session


@pytest.fixture
def world(roamspec_session: Session) -> Iterator[World]:
    """Users, groups and messages for one test, removed after it."""
    made = World(roamspec_session)
    yield made
    made.close()
