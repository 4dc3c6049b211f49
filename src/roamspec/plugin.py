"""The pytest plugin that is there as soon as roamspec is installed: the options of the conformance checks,
and four fixtures for the tests of Python SDKs.

    roaming_emulator   the emulator as a process, with an app for this test alone
    roaming_router     the emulator in this process, answering an SDK that is built on httpx, without a port
    roaming_journal    the calls that this test's app met, and what is wrong with them
    roaming_faults     faults and disturbances of this test's app

Every pytest run of everybody who has roamspec loads this module: it imports little.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from roamspec.contract.requirements import Requirement
    from roamspec.sdk.fixtures import Emulator, RoamingApp, RoamingFaults, RoamingJournal
    from roamspec.sdk.router import RoamingRouter


class Hooks:
    """What a `conftest.py` may say of checks of its own."""

    @pytest.hookspec
    def pytest_roamspec_requirements(self) -> "list[Requirement]":  # type: ignore[empty-body]
        """Requirements that are judged beside those of the catalogue: see `roamspec.suite.own`."""

    @pytest.hookspec
    def pytest_roamspec_fault_files(self) -> "list[Path]":  # type: ignore[empty-body]
        """Python files that register faults for the embedded emulator."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Let a `conftest.py` give requirements and faults of its own."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the target options as `--roamspec-…`."""
    from roamspec.pytest_options import add_options

    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Make the installed checks work with `pytest --pyargs roamspec.conformance`."""
    # The `conftest.py` of a package is found only while its tests are collected, which is too late for
    # options like `-n`.
    if config.option.pyargs and any(name.split("::")[0] == "roamspec.conformance" for name in config.args):
        from roamspec.pytest_entry import register

        register(config)


@pytest.fixture(scope="session")
def _roaming_process() -> "Iterator[Emulator]":
    from roamspec.sdk.fixtures import emulator

    with emulator() as process:
        yield process


@pytest.fixture
def roaming_emulator(_roaming_process: "Emulator", request: pytest.FixtureRequest) -> "Iterator[RoamingApp]":
    """An app of this test's own on a running emulator: addresses, credentials, `seed`, `reset`, `user`."""
    with _roaming_process.app(request.node.name) as app:
        yield app


@pytest.fixture
def roaming_router(request: pytest.FixtureRequest) -> "Iterator[RoamingRouter]":
    """A respx router that answers for `roaming_router.app.base_url`, to sync and to async clients."""
    from roamspec.sdk.router import router

    with router(request.node.name) as made:
        yield made


def _app_of(request: pytest.FixtureRequest) -> "RoamingApp":
    """The app of the router, where the test uses one, else that of the emulator."""
    if "roaming_router" in request.fixturenames:
        made: RoamingRouter = request.getfixturevalue("roaming_router")
        return made.app
    app: RoamingApp = request.getfixturevalue("roaming_emulator")
    return app


@pytest.fixture
def roaming_journal(request: pytest.FixtureRequest) -> "RoamingJournal":
    """The calls that this test's app met so far; its `check()` fails when one breaks a requirement."""
    return _app_of(request).journal


@pytest.fixture
def roaming_faults(request: pytest.FixtureRequest) -> "RoamingFaults":
    """Switches faults and disturbances of this test's app on and off."""
    return _app_of(request).faults
