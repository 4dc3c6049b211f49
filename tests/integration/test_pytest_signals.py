"""`pytest tests/conformance` on a service that is told to end: nothing stays behind there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.integration.commands import LONGEST_S, Emulator, OtherPeople, environment, still_there

ROOT = Path(__file__).parents[2]
TOLD_TO_END = [(signal.SIGHUP, []), (signal.SIGTERM, ["-n", "2"])]

ENOUGH = 16
"""So many things are listed when checks have begun, in each of two workers too."""


def lines_of_ledgers(folder: Path) -> int:
    return sum(len(file.read_bytes().splitlines()) for file in folder.glob("ledger*.jsonl"))


@pytest.mark.parametrize(("number", "more"), TOLD_TO_END, ids=["one process", "workers"])
def test_what_was_made_is_removed(
    number: signal.Signals, more: list[str], emulator: Emulator, others: OtherPeople, tmp_path: Path
) -> None:
    ready = emulator.ready
    target = ["base-url", "org", "app", "observer-url"]
    options = [word for name in target for word in (f"--roamspec-{name}", ready[name.replace("-", "_")])]
    words = [sys.executable, "-m", "pytest", "tests/conformance", "--roamspec-profile", "quick", *options]
    words += [f"--roamspec-report-dir={tmp_path}", "-p", "no:cacheprovider", *more]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment(**emulator.credentials),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            while process.poll() is None and lines_of_ledgers(tmp_path) < ENOUGH:
                time.sleep(0.02)
            os.killpg(process.pid, number)  # as a terminal or `timeout` does, the workers too
            out, _ = process.communicate(timeout=LONGEST_S)
        finally:
            process.kill()

    assert process.returncode == pytest.ExitCode.INTERRUPTED, out
    assert f"ended by {number.name}" in out
    assert still_there(emulator, others) == []
    assert list(tmp_path.glob("ledger*.jsonl")) == []
