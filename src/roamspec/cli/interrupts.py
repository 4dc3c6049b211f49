"""A signal ends a command in the same good order as Ctrl-C, or waits until it has ended."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from roamspec.interruption import ending_signals, terminated_as_interrupted

__all__ = ["not_interrupted", "terminated_as_interrupted"]


@contextmanager
def not_interrupted() -> Iterator[None]:
    """Let no signal and no Ctrl-C come between what is written and what the command ends with."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (*ending_signals(), signal.SIGINT)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
