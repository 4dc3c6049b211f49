"""What cuts a run short, told as what it is: Ctrl-C, a signal, or a time limit."""

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

BY_KEYBOARD: Final = "The run was interrupted (Ctrl-C)."
BY_TERMINATION: Final = "The run was ended by SIGTERM."
BY_HANGUP: Final = "The run was ended by SIGHUP, as when its terminal is closed."
_SENTENCES: Final = {"SIGTERM": BY_TERMINATION, "SIGHUP": BY_HANGUP}


class Interruption(KeyboardInterrupt):
    """Ends a run as Ctrl-C does; its text is the sentence that says why."""


def why_interrupted(error: BaseException | None) -> str:
    """The sentence about an interrupt; Python's own is that of the keyboard."""
    return str(error) if isinstance(error, Interruption) else BY_KEYBOARD


def ending_signals() -> Mapping[signal.Signals, str]:
    """The signals, besides that of Ctrl-C, that end what runs in good order, and the sentence for each.

    Under `nohup` this process ignores SIGHUP, and goes on doing so. Windows has no SIGHUP.
    """
    return {
        each: _SENTENCES[each.name]
        for each in signal.Signals
        if each.name in _SENTENCES
        and (each is signal.SIGTERM or signal.getsignal(each) is not signal.SIG_IGN)
    }


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM, which a pipeline sends when it is cancelled, and SIGHUP end the block as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    sentences = ending_signals()

    def interrupt(number: int, _frame: FrameType | None) -> None:
        raise Interruption(sentences[signal.Signals(number)])

    before = {number: signal.signal(number, interrupt) for number in sentences}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_ALARM: Final = next(each for each in signal.Signals if each.name in ("SIGALRM", "SIGBREAK"))
"""The signal of a limit: that of a timer; on Windows, which has none, one that nothing else uses here."""


@dataclass(frozen=True, slots=True)
class _Alarm:
    """The handler of the signal while a limit holds."""

    seconds: int
    cancel: Callable[[], object]

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        unit = "second" if self.seconds == 1 else "seconds"
        raise Interruption(f"The run was cut short after {self.seconds:,} {unit} (--timeout).")


@contextmanager
def time_limit(seconds: int | None) -> Iterator[None]:
    """Raise Interruption in the main thread when the block takes longer; None for no limit.

    `end_time_limit` ends the limit earlier: what was made must be removed however late it is.
    """
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    start, cancel = _timer(seconds)
    before = signal.signal(_ALARM, _Alarm(seconds, cancel))
    try:
        start()
        yield
    finally:
        end_time_limit()
        signal.signal(_ALARM, before)


def end_time_limit() -> None:
    """From now on the limit of `time_limit`, if there is one, interrupts nothing."""
    alarm = signal.getsignal(_ALARM)
    if isinstance(alarm, _Alarm):
        alarm.cancel()


def _timer(seconds: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """How to start, and how to cancel, what sends the signal to the main thread after so many seconds."""
    if sys.platform == "win32":
        timer = threading.Timer(seconds, _thread.interrupt_main, [_ALARM])
        timer.daemon = True
        return timer.start, timer.cancel
    return (
        lambda: signal.setitimer(signal.ITIMER_REAL, seconds),
        lambda: signal.setitimer(signal.ITIMER_REAL, 0),
    )
