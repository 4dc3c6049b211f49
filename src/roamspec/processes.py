"""Waiting for a process that somebody else may have to stop."""

import subprocess
import threading
from typing import Any


def wait_until_ended(process: "subprocess.Popen[Any]", timeout_s: float) -> int:
    """Its status, as soon as it has one; TimeoutExpired where it has none in time.

    `Popen.wait` with a timeout asks every 50 ms; this does not ask, and an interrupt ends it as well.
    """
    waiting = threading.Thread(target=process.wait, daemon=True)
    waiting.start()
    waiting.join(timeout_s)
    return process.wait(0)
