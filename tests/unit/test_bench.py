"""The table of `make bench`: what it reads in the programs' output, and what it says of it."""

from pathlib import Path

import pytest
from tools import bench

ROOT = Path(__file__).parents[2]
OF = {program.name: program for program in bench.PROGRAMS}

# What each program prints, in its own form.
OUTPUTS = {
    "emulator_start": (
        "ready after 250 ms (median 261), first answer after 255 ms (median 270), 52 MiB resident when idle",
        ["250", "52"],
    ),
    "emulator_domain": (
        "one conversation of 100,000 messages    delete 50 IDs   pull 50   clear, per message\n"
        "alone                                        13.1 us   21.5 us        0.512 us\n",
        ["13.1", "21.5", "0.512"],
    ),
    "growth": (
        "messages cost 1.10 times as much\nusers cost 1.20 times as much\napps cost 0.90 times as much",
        ["1.10", "1.20", "0.90"],
    ),
    "emulator_throughput": (
        "32 connections: raw ASGI  20000/s, emulator   9600/s = 0.48 of it (median of the rounds 0.47)\n"
        " 1 connections: raw ASGI   9000/s, emulator   7200/s = 0.80 of it (median of the rounds 0.79)\n",
        ["0.48", "0.80"],
    ),
    "emulator_disk": (
        "kept on disk, a call takes 1.50 times as long as in memory, and costs 1.30 times the processor time "
        "(at most 3)",
        ["1.50", "1.30"],
    ),
    "emulator_shared": (
        "deleteChatMessages: with a store an answer costs 0.90 times one in memory, and two workers can give "
        "1.80 times the answers of one\n    in memory / one worker / two workers: 160 / 150 / 170 us\n"
        "messages: with a store an answer costs 1.50 times one in memory, and two workers can give 1.40",
        ["0.90", "1.80", "1.50"],
    ),
    "emulator_devices": (
        "1000 devices: a notice reaches the last after 40 ms (median 44); deletions with them idle at 0.97 "
        "of the rate without (0.95 by processor time; at least 0.9)",
        ["0.97", "0.95", "40"],
    ),
    "sdk_overhead": ("500 tests: median ratio 1.050 of wall time, 1.160 of processor time", ["1.050"]),
    "suite": (
        "quick       4.1 s    1930 requests  0.82 of 5 s\nstandard   12.0 s    2900 requests  0.60 of 20 s\n"
        "checks / bare = 2.7 (at most 6)",
        ["0.82", "0.60", "2.7"],
    ),
    "state_machine": (
        '{"ms_per_call": 1.2, "ms_per_bare_request": 0.4, "ratio": 3.1, "at_most": 4}',
        ["3.1"],
    ),
    "shrinking": ("x: ours 1,300 requests, 3 steps; Hypothesis 2,400 requests, 3 steps", ["1,300"]),
    "broken": ("median 1.10 (at most 1.3), worst 2.00 (at most 2.5)", ["1.10", "2.00"]),
    "conditional": ("shown to the suite  150 (75.0 %)\nof these detected   145 (96.7 %)", ["75.0", "96.7"]),
    "false_alarms": ("200 seeds in 12 settings: 0 with a false alarm", ["0"]),
    "faults_schemathesis": ("family  faults schemathesis roamspec\nall  40  9  40\nseconds  100 20", ["40"]),
    "peers": ("tool  faults noticed\nroamspec  20 of 20  0 of 8  1,900  5.0", ["20"]),
}


def test_every_program_of_the_folder_is_in_the_table() -> None:
    there = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - bench.HELPERS

    assert there == set(OF) == set(OUTPUTS)


@pytest.mark.parametrize("name", OUTPUTS)
def test_figures_are_found_in_what_a_program_prints(name: str) -> None:
    output, values = OUTPUTS[name]

    rows = bench.rows_of(OF[name], output, 0)

    assert [row.value for row in rows] == values
    assert {row.verdict for row in rows} == {"holds"}


def test_the_peers_figure_stands_beside_ours() -> None:
    output = "32 connections: Prism   1800/s, emulator   9600/s = 5.33 of it"

    (row,) = bench.rows_of(OF["emulator_throughput"], output, 0)

    assert (row.value, row.limit, row.peer) == ("5.33", "≥ 3", "Prism 1800")


@pytest.mark.parametrize(
    ("name", "output", "status", "verdict"),
    [
        ("emulator_start", "ready after 301 ms, 52 MiB resident", 0, "ABOVE ITS LIMIT"),
        (
            "emulator_devices",
            "idle at 0.97 of the rate without (0.89 by processor time)",
            0,
            "BELOW ITS LIMIT",
        ),
        ("broken", "Traceback\nKeyError: x", 1, "broken (status 1): KeyError: x"),
        ("broken", "", 0, "broken (status 0): nothing was printed"),
        ("broken", "median 1.10, worst 2.00", 2, "broken (status 2): median 1.10, worst 2.00"),
        ("conditional", "shown to the suite  9 (75.0 %)", 1, "above a limit that its own output names"),
    ],
)
def test_what_does_not_hold_is_said(name: str, output: str, status: int, verdict: str) -> None:
    assert verdict in [row.verdict for row in bench.rows_of(OF[name], output, status)]


def test_what_needs_a_missing_tool_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)

    (row,) = bench.measure(OF["faults_schemathesis"], small=True)

    assert row.verdict == "skipped: schemathesis is not installed"
    assert "--prism" not in bench.arguments_of(OF["emulator_throughput"], small=True)


def test_the_table_has_a_line_for_each_figure() -> None:
    rows = bench.rows_of(OF["emulator_start"], OUTPUTS["emulator_start"][0], 0)

    lines = bench.table(rows).splitlines()

    assert [line.split()[0] for line in lines] == ["program", "emulator_start", "emulator_start"]
    assert len({line.index("≤") for line in lines[1:]}) == 1
