"""Waiting for a process that somebody else may have to stop, and stopping it."""

import contextlib
import os
import signal
import subprocess
import threading
from typing import Any, Final

_GRACE_S: Final = 5.0


def wait_until_ended(process: "subprocess.Popen[Any]", timeout_s: float) -> int:
    """Its status, as soon as it has one; TimeoutExpired where it has none in time.

    `Popen.wait` with a timeout asks every 50 ms; this does not ask, and an interrupt ends it as well.
    """
    waiting = threading.Thread(target=process.wait, daemon=True)
    waiting.start()
    waiting.join(timeout_s)
    return process.wait(0)


def stop_group(process: "subprocess.Popen[Any]") -> None:
    """End a process and all of its group; first as a terminal would, then without asking."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            wait_until_ended(process, _GRACE_S)
