"""No signal comes between what a command writes and what it ends with."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from roamspec.interruption import ending_signals


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
