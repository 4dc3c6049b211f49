"""Waiting for a process: as long as it runs, no longer than is allowed, and never asking."""

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from roamspec.processes import wait_until_ended


def started(script: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)


def test_the_status_of_a_process_that_ends() -> None:
    with started("raise SystemExit(7)") as process:
        assert wait_until_ended(process, 30) == 7
        assert wait_until_ended(process, 30) == 7


def test_a_process_that_does_not_end_in_time() -> None:
    with started("input()") as process:
        for _ in range(2):
            with pytest.raises(subprocess.TimeoutExpired):
                wait_until_ended(process, 0.01)
        process.kill()
        assert wait_until_ended(process, 30) == -9


def test_it_does_not_ask_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_seconds: float) -> None:
        raise AssertionError("it slept, to ask again later")

    sleep: Callable[[float], None] = refuse
    monkeypatch.setattr(time, "sleep", sleep)
    with started("import time; time.sleep(0.1)") as process:
        assert wait_until_ended(process, 30) == 0
