"""SIGTERM ends a run in the same good order as Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from roamspec.interruption import BY_TERMINATION, Interruption


@contextmanager
def terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM, which a pipeline sends when it is cancelled, end the run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Interruption(BY_TERMINATION)

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def not_interrupted() -> Iterator[None]:
    """Let neither SIGTERM nor Ctrl-C come between what is written and what the command ends with."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
