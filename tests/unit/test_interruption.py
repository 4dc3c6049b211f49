"""Signals that end a run; a time limit interrupts what takes too long, and nothing after its end."""

import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from roamspec.interruption import (
    Interruption,
    end_time_limit,
    ending_signals,
    terminated_as_interrupted,
    time_limit,
    why_interrupted,
)


def remaining() -> float:
    return signal.getitimer(signal.ITIMER_REAL)[0]


@pytest.mark.parametrize(("seconds", "said"), [(1, "1 second"), (3600, "3,600 seconds")])
def test_the_limit_says_that_it_was_one(seconds: int, said: str) -> None:
    with time_limit(seconds):
        assert 0 < remaining() <= seconds
        with pytest.raises(Interruption) as caught:
            signal.raise_signal(signal.SIGALRM)

    assert why_interrupted(caught.value) == f"The run was cut short after {said} (--timeout)."
    assert remaining() == 0


def test_it_comes_by_itself() -> None:
    with pytest.raises(Interruption), time_limit(1):
        threading.Event().wait(60)


def test_an_ended_limit_interrupts_nothing() -> None:
    with time_limit(3600):
        end_time_limit()

        assert remaining() == 0


def test_where_no_timer_sends_signals_a_thread_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(signal, "setitimer", None)

    def work_on() -> None:
        while True:
            threading.Event().wait(0.01)

    with pytest.raises(Interruption, match=r"cut short after 1 second \(--timeout\)"), time_limit(1):
        work_on()
    with time_limit(3600):
        timers = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
        end_time_limit()
        timers[-1].join(30)
        assert not timers[-1].is_alive()


def test_the_timer_of_somebody_else_is_left_alone() -> None:
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 3600)
    try:
        with time_limit(None):
            end_time_limit()
        assert remaining() > 0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_pythons_own_interrupt_is_the_keyboards() -> None:
    assert why_interrupted(KeyboardInterrupt()) == "The run was interrupted (Ctrl-C)."


@pytest.fixture
def hangup() -> Iterator[signal.Signals]:
    """SIGHUP as it is without `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield signal.SIGHUP
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.usefixtures("hangup")
def test_a_signal_ends_the_block_and_says_which_one_it_was(name: str) -> None:
    number = signal.Signals[name]
    before = signal.getsignal(number)

    with pytest.raises(Interruption) as caught, terminated_as_interrupted():
        signal.raise_signal(number)

    assert f"ended by {name}" in why_interrupted(caught.value)
    assert signal.getsignal(number) is before


def test_under_nohup_a_closed_terminal_ends_nothing(hangup: signal.Signals) -> None:
    signal.signal(hangup, signal.SIG_IGN)

    with terminated_as_interrupted():
        signal.raise_signal(hangup)

        assert hangup not in ending_signals()
