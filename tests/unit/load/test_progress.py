"""The line that says how far a load is."""

from io import StringIO
from typing import Any

import pytest

from roamspec.load.plan import LoadPlan
from roamspec.load.progress import LoadProgress
from roamspec.report.terminal import Terminal
from roamspec.report.terminal_text import width_of

PLAN = LoadPlan(rate=100, duration_s=3600, users=10, seed=2**31)
STATE: dict[str, Any] = {
    "elapsed_s": 3599.6, "calls": 359_000, "calls_per_s": 99.7, "p95_ms": 12.4, "failures": 1,
}  # fmt: skip


def test_a_log_gets_a_line_now_and_then() -> None:
    stream, times = StringIO(), iter([0.0, 1.0, 6.0, 6.0, 7.0])
    progress = LoadProgress(stream, Terminal(), PLAN, clock=lambda: next(times))
    for _ in range(3):
        progress(STATE)
    progress.end()

    assert stream.getvalue() == "roamspec: 3600 of 3600 s, 359,000 calls, 100/s, p95 12 ms, 1 failure\n"


def test_a_terminal_gets_one_line_that_is_taken_away_at_the_end() -> None:
    stream = StringIO()
    progress = LoadProgress(stream, Terminal(width=40, interactive=True), PLAN)
    progress(STATE)
    progress(STATE)
    progress.end()

    *lines, rest = stream.getvalue().split("\r\x1b[K")
    assert [len(line) for line in lines] == [0, 39, 39]
    assert rest == ""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_will_be_done_fits_80_columns(lang: str) -> None:
    stream = StringIO()
    LoadProgress(stream, Terminal(), PLAN, lang=lang).begin("https://a1.example.com/prefix (acme#parlor)")

    assert max(map(width_of, stream.getvalue().splitlines())) <= 80
    assert "acme#parlor" in stream.getvalue()


def test_a_stream_that_is_gone_does_not_end_a_load() -> None:
    stream = StringIO()
    progress = LoadProgress(stream, Terminal(interactive=True), PLAN)
    stream.close()

    progress(STATE)
    progress.end()
