"""What every test of whole commands needs."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from tests.integration.commands import Emulator, OtherPeople, emulating


@pytest.fixture(scope="session", autouse=True)
def english() -> Iterator[None]:
    """What commands say is compared in English, whatever the language of the developer's machine is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROAMSPEC_LANG", "en")
        yield


@pytest.fixture(scope="session", autouse=True)
def heeded_signals() -> Iterator[None]:
    """Commands heed Ctrl-C and SIGHUP also where a shell has started the tests in the background or under
    `nohup`, and has them and all that they start ignore these."""
    heard: dict[signal.Signals, Any] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.getsignal(number) for number in heard}
    for number, handler in heard.items():
        if before[number] is signal.SIG_IGN:
            signal.signal(number, handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator in a process of its own, for the tests of one module."""
    with emulating() as running:
        yield running


@pytest.fixture(scope="module")
def others(emulator: Emulator) -> OtherPeople:
    """Users, groups and messages of somebody else in the app of the emulator."""
    return OtherPeople(emulator)
