"""Five seeds of every generative check, each on another conforming emulator: none fails, none is flaky."""

import subprocess
import sys
from pathlib import Path

from benchmarks.false_alarms import SETTINGS, written

from roamspec.emulator.settings import parse_assignment

ROOT = Path(__file__).resolve().parents[3]


def test_five_seeds_find_nothing_on_conforming_emulators() -> None:
    command = [sys.executable, "benchmarks/false_alarms.py", "--seeds", "5", "--first", "1000"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 seeds" in done.stdout
    assert "0 with a false alarm" in done.stdout


def test_every_conforming_setting_can_be_asked_of_an_emulator() -> None:
    for settings in SETTINGS.values():
        for name, value in settings.items():
            wanted = list(value) if isinstance(value, tuple) else value
            assert parse_assignment(f"{name}={written(value)}", where="here") == (name, wanted)
