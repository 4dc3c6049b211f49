"""`make bench`: runs every program of `benchmarks/`, one after the other, and prints one table.

    python tools/bench.py [--only NAME]... [--small]

`--small` runs each with the smallest sizes that mean something: minutes instead of hours. What a figure is
compared with was measured in the same run. Ends with 1 when a figure is beyond its limit, or a program broke.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
HELPERS: Final = frozenset({"peer_tools"})
"""Modules of `benchmarks/` that others import."""
PEERS: Final = ROOT / "peers"


@dataclass(frozen=True, slots=True)
class Figure:
    """What the first group of `pattern` is in the output; `peer` is what it is compared with, and stands in
    the group of that name where the output has a figure of it."""

    what: str
    pattern: str
    limit: float | None = None
    at_least: bool = False
    peer: str = ""

    def holds(self, value: float) -> bool:
        if self.limit is None:
            return True
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True)
class Program:
    """`small` are the arguments of a short run, `whole` those of the usual one; `needs` is a program that
    must be installed."""

    name: str
    figures: tuple[Figure, ...]
    small: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    program: str
    what: str
    value: str
    limit: str
    peer: str
    verdict: str


_ASGI: Final = r"{} connections?: raw ASGI +(?P<peer>\d+)/s, emulator +\d+/s = ([\d.]+) of it"
_PRISM: Final = r"{} connections?: Prism +(?P<peer>\d+)/s, emulator +\d+/s = ([\d.]+) of it"
_ALONE: Final = r"alone +"
_US: Final = r"([\d.]+) us"

PROGRAMS: Final = (
    Program(
        "emulator_start",
        (
            Figure("ms until ready", r"ready after (\d+) ms", 300),
            Figure("MiB when idle", r"(\d+) MiB resident", 60),
        ),
        ("--rounds", "3"),
    ),
    Program(
        "emulator_domain",
        (
            Figure("µs to delete 50 IDs of 100,000", rf"{_ALONE}{_US}", 100),
            Figure("µs to pull 50", rf"{_ALONE}[\d.]+ us +{_US}", 100),
            Figure("µs to clear, per message", rf"{_ALONE}[\d.]+ us +[\d.]+ us +{_US}", 1),
            Figure("MiB of 1,000,000 messages", r"(\d+) MiB resident", 700),
        ),
        whole=("--million",),
    ),
    Program(
        "growth",
        tuple(
            Figure(f"cost with the most {what}", rf"{what} cost ([\d.]+) times", 3, peer="the fewest")
            for what in ("messages", "users", "apps")
        ),
        ("--small",),
    ),
    Program(
        "emulator_throughput",
        (
            Figure("rate at 32 connections", _ASGI.format("32"), 0.45, True, "raw ASGI"),
            Figure("rate at one connection", _ASGI.format(" 1"), 0.75, True, "raw ASGI"),
            Figure("rate at 32 connections", _PRISM.format("32"), 3, True, "Prism"),
            Figure("rate at one connection", _PRISM.format(" 1"), 2, True, "Prism"),
        ),
        ("--rounds", "3", "--seconds", "0.3"),
    ),
    Program(
        "emulator_disk",
        (
            Figure("time of a call", r"takes ([\d.]+) times", peer="in memory"),
            Figure("the same by processor time", r"costs ([\d.]+) times", 3, peer="in memory"),
        ),
        ("--rounds", "3", "--calls", "100"),
    ),
    Program(
        "emulator_shared",
        (
            Figure(
                "cost of a deletion with a store",
                r"deleteChatMessages: with a store an answer costs ([\d.]+) times",
                3,
                peer="in memory",
            ),
            Figure(
                "answers of two workers",
                r"deleteChatMessages: .* can give ([\d.]+) times",
                1.5,
                True,
                "one worker",
            ),
            Figure(
                "cost of a message with a store",
                r"messages: with a store an answer costs ([\d.]+) times",
                3,
                peer="in memory",
            ),
        ),
        ("--rounds", "2", "--seconds", "0.5"),
        needs="redis-server",
    ),
    Program(
        "emulator_devices",
        (
            Figure("rate with idle devices", r"idle at ([\d.]+) of", peer="without devices"),
            Figure("the same by processor time", r"\(([\d.]+) by processor", 0.9, True, "without devices"),
            Figure("ms until the last notice", r"after (\d+) ms", 200),
        ),
        ("--devices", "100", "--rounds", "15"),
    ),
    Program(
        "sdk_overhead",
        (Figure("wall time", r"median ratio ([\d.]+) of wall", 1.10, peer="the same tests, not judged"),),
        ("--tests", "50", "--rounds", "2"),
    ),
    Program(
        "suite",
        (
            Figure("quick, part of 5 s", r"quick .* ([\d.]+) of 5 s", 1),
            Figure("standard, part of 20 s", r"standard .* ([\d.]+) of 20 s", 1),
            Figure("time per request", r"checks / bare = ([\d.]+)", 6, peer="bare client"),
        ),
        ("--rounds", "1"),
    ),
    Program(
        "state_machine",
        (Figure("time per call", r'"ratio": ([\d.]+)', 4, peer="bare client"),),
        ("--rounds", "1"),
    ),
    Program(
        "shrinking",
        (Figure("requests", r"ours ([\d,]+) requests", peer=r"Hypothesis"),),
        ("--fault", "clear-chat-before.time.boundary-kept"),
    ),
    Program(
        "broken",
        (
            Figure("time of a run, median", r"median ([\d.]+)", 1.3, peer="conforming emulator"),
            Figure("time of a run, worst", r"worst ([\d.]+)", 2.5, peer="conforming emulator"),
        ),
        ("--faults", "2"),
    ),
    Program(
        "conditional",
        (
            Figure("% shown, quick", r"shown to the suite +\d+ \(([\d.]+) %\)", 70, True),
            Figure("% of these detected, quick", r"of these detected +\d+ \(([\d.]+) %\)", 95, True),
        ),
        ("--faults", "20", "--profile", "quick"),
    ),
    Program(
        "false_alarms",
        (Figure("seeds with a false alarm", r"settings: (\d+) with a false alarm", 0),),
        ("--seeds", "2", "--workers", "1"),
    ),
    Program(
        "faults_schemathesis",
        (Figure("faults detected", r"all +\d+ +(?P<peer>\d+) +(\d+)", peer="Schemathesis"),),
        ("--every", "400"),
        needs="schemathesis",
    ),
    Program(
        "peers",
        (Figure("faults noticed", r"roamspec +(\d+) of"),),
        ("--npm", str(PEERS), "--every", "400", "--variants", "1"),
        ("--npm", str(PEERS)),
        needs="npx",
    ),
)


def arguments_of(program: Program, *, small: bool) -> tuple[str, ...]:
    arguments = program.small if small else program.whole
    # Prism comes from npm, which fetches it.
    prism = program.name == "emulator_throughput" and shutil.which("npx") is not None
    return (*arguments, "--prism") if prism else arguments


def lacking(program: Program) -> str:
    """Why a program cannot run here; empty where it can."""
    places = (str(Path(sys.executable).parent / program.needs), program.needs)
    if program.needs and not any(map(shutil.which, places)):
        return f"{program.needs} is not installed"
    if program.name == "peers" and not (PEERS / "node_modules").is_dir():
        return "no Specmatic and Dredd in peers/ (npm install --prefix peers specmatic dredd)"
    return ""


def rows_of(program: Program, output: str, status: int) -> list[Row]:
    """The figures in what a program has printed, each with its limit."""
    rows = [_row(program, figure, output) for figure in program.figures]
    found = [row for row in rows if row is not None]
    broken = status not in (0, 1) or not found
    if broken:
        last = (output.strip().splitlines() or ["nothing was printed"])[-1]
        return [Row(program.name, "", "", "", "", f"broken (status {status}): {last[:80]}")]
    if status == 1 and all(row.verdict == "holds" for row in found):
        found.append(Row(program.name, "", "", "", "", "above a limit that its own output names"))
    return found


def _row(program: Program, figure: Figure, output: str) -> Row | None:
    found = re.search(figure.pattern, output)
    if found is None:
        return None  # not measured, such as Prism where npm is missing
    named = found.re.groupindex.values()
    text = found[next(number for number in range(1, found.re.groups + 1) if number not in named)]
    said = found.groupdict().get("peer")
    value = float(text.replace(",", ""))
    sign = "≥" if figure.at_least else "≤"
    limit = f"{sign} {figure.limit:g}" if figure.limit is not None else ""
    peer = f"{figure.peer} {said}" if said else figure.peer
    beyond = "BELOW ITS LIMIT" if figure.at_least else "ABOVE ITS LIMIT"
    verdict = "holds" if figure.holds(value) else beyond
    return Row(program.name, figure.what, text, limit, peer, verdict)


def table(rows: Sequence[Row]) -> str:
    head = ("program", "figure", "measured", "limit", "compared with", "")
    cells = [head, *((r.program, r.what, r.value, r.limit, r.peer, r.verdict) for r in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def measure(program: Program, *, small: bool) -> list[Row]:
    reason = lacking(program)
    if reason:
        return [Row(program.name, "", "", "", "", f"skipped: {reason}")]
    command = [sys.executable, str(ROOT / "benchmarks" / f"{program.name}.py")]
    words = [*command, *arguments_of(program, small=small)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603 - ours
    return rows_of(program, done.stdout or done.stderr, done.returncode)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], choices=[each.name for each in PROGRAMS])
    parser.add_argument("--small", action="store_true", help="the smallest sizes that mean something")
    options = parser.parse_args()
    rows: list[Row] = []
    for program in PROGRAMS:
        if not options.only or program.name in options.only:
            sys.stderr.write(f"{program.name} ...\n")
            rows += measure(program, small=options.small)
    sys.stdout.write(table(rows))
    return int(any(not row.verdict.startswith(("holds", "skipped")) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
