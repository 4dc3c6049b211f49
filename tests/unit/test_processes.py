"""What processes get of the environment, and waiting for them, never asking again and again."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from roamspec.processes import OF_ITS_OWN_GROUP, neutral, neutral_environment, stop_group, wait_until_ended


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


def test_a_group_ends_with_all_that_it_started() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        **OF_ITS_OWN_GROUP,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        stop_group(process)
        # The child had the same output: it ends with the last who can write.
        assert process.stdout.read() == b""


def test_on_windows_a_tree_of_processes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    calls: list[list[str]] = []
    with started("input()") as process:
        monkeypatch.setattr(subprocess, "run", lambda words, **_: calls.append(words))
        stop_group(process)

        assert process.poll() is not None
    assert calls == [["taskkill", "/F", "/T", "/PID", str(process.pid)]]


def test_what_would_change_a_library_is_left_out_and_what_finds_code_stays() -> None:
    stays = {"PATH": "/bin", "PYTHONPATH": "src", "ROAMSPEC_ORG": "acme", "COLUMNS": "7", "CI": "true"}
    goes = {
        "PYTEST_ADDOPTS": "-k no",
        "PYTEST_PLUGINS": "mine",
        "PYTHONVERBOSE": "1",
        "PYTHONINSPECT": "1",
        "HYPOTHESIS_NO_PLUGINS": "",
        "SCHEMATHESIS_HOOKS": "mine",
        "WEB_CONCURRENCY": "four",
        "FORWARDED_ALLOW_IPS": "*",
    }
    assert neutral(stays | goes) == stays


def test_the_environment_is_as_before_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k no")
    before = dict(os.environ)

    with neutral_environment():
        assert "PYTEST_ADDOPTS" not in os.environ

    assert dict(os.environ) == before
