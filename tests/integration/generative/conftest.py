"""Emulators with one mistake each, and sessions that do not wait long for what will not come."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from benchmarks.false_alarms import checks_in

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.runner.cleanup import clean_up
from roamspec.runner.preflight import Preflight
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.opening import RequestLimits
from roamspec.session.session import Session, open_session
from roamspec.session.waiting import WaitPolicy
from roamspec.suite.marks import MARKERS
from roamspec.world.variety import Variety

Open = Callable[..., Session]
ChecksOf = Callable[[str], list[Callable[..., None]]]


class Short(WaitPolicy):
    """For an emulator that never lags."""

    FIRST_S = 0.5
    LEAST_S = 0.3


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens a session on a fresh emulator with the given faults; everything made is removed again."""
    with ExitStack() as stack:

        def begin(*faults: str, varied: bool = False) -> Session:
            emulator = stack.enter_context(EmbeddedEmulator(faults))
            session = open_session(
                embedded_config(TargetConfig(), emulator.ready()),
                load_contract(),
                limits=RequestLimits.at_rate(0),
            )
            stack.callback(session.close)
            stack.callback(clean_up, session)
            session.variety = Variety(0) if varied else None
            Preflight(session).run()
            session.patience, session.arrival_patience = Short(), Short()
            session.list_patience, session.notice_patience = Short(), Short()
            return session

        yield begin


@pytest.fixture(scope="module")
def checks_of(request: pytest.FixtureRequest) -> ChecksOf:
    """The checks of one of the suite's files, by its name."""
    for mark in MARKERS:
        request.config.addinivalue_line("markers", mark)

    return checks_in
