"""How long a run takes on broken services: as users meet it, with no wait shortened.

    python benchmarks/broken.py [--faults 60] [--seed 0] [--fault NAME]...

Runs `roamspec run` on the embedded emulator: sound, then with each fault of a sample of the bank (or of the
given names), then sound again. Prints each time as a multiple of that of the sound emulator in the same run.
Ends with 1 when the median or the worst of them is above its bound.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from roamspec.faults.registry import known

MEDIAN, WORST = 1.3, 2.5
"""How many times the time of the sound emulator a run may take."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command; `failures` are the requirements that failed."""

    name: str
    seconds: float
    requests: int
    status: int
    failures: int


def run(name: str, options: Sequence[str]) -> Run:
    """`roamspec run` with these options."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "roamspec", "run", "--seed", "0", "--report-dir", folder, *options]
        began = time.perf_counter()
        done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own command
        seconds = time.perf_counter() - began
        report = json.loads((Path(folder) / "report.json").read_text(encoding="utf-8"))
    sys.stderr.write(f"{seconds:6.1f} s  {name}\n")
    return Run(name, seconds, int(report["requests"]), done.returncode, int(report["totals"]["fail"]))


def sample(count: int, seed: int) -> list[str]:
    """So many faults of the bank, by their whole names."""
    return random.Random(seed).sample(sorted(known()), count)  # noqa: S311 - no secret


def measured(names: Sequence[str], options_of: Callable[[str], Sequence[str]]) -> list[tuple[Run, float]]:
    """Each run, and how many times as long it took as the sound ones just before and after it."""
    found: list[tuple[Run, float]] = []
    sound = [run("sound", ())]
    for place, name in enumerate(names):
        broken = run(name, options_of(name))
        if place % 5 == 4 or place == len(names) - 1:
            sound.append(run("sound", ()))
        found.append((broken, broken.seconds))
    unit = statistics.median(each.seconds for each in sound)
    say(f"sound {unit:5.1f} s  ({', '.join(f'{each.seconds:.1f}' for each in sound)})")
    return [(each, seconds / unit) for each, seconds in found]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[])
    options = parser.parse_args()
    names = options.fault or sample(options.faults, options.seed)
    found = sorted(measured(names, lambda name: ["--fault", name]), key=lambda each: each[1])
    for each, times in found:
        say(
            f"{times:5.2f}  {each.seconds:5.1f} s  {each.requests:>5} requests  {each.failures:>3} failures  "
            f"status {each.status}  {each.name}"
        )
    median, worst = statistics.median(times for _, times in found), found[-1][1]
    say(f"median {median:.2f} (at most {MEDIAN:g}), worst {worst:.2f} (at most {WORST:g})")
    unnoticed = [each.name for each, _ in found if each.status != 1]
    if unnoticed:
        say(f"not found to be non-conforming: {', '.join(unnoticed)}")
    return 1 if median > MEDIAN or worst > WORST else 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
