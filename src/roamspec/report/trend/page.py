"""The trend as one self-contained page: charts of the runs, what flips, what fails, and the rest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from roamspec.report.comparison import FAILING
from roamspec.report.html.renderer import render_page
from roamspec.report.trend.collecting import Refused
from roamspec.report.trend.history import History, Run, Trend
from roamspec.report.workflow_commands import markup_without_workflow_commands

_ORDER: Final = ("fail", "waived", "inconclusive", "pass", "not-run")
HEIGHT: Final = 100.0
"""Of a chart, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a column: from `top` down over `height`, of 100 for the whole chart."""

    tone: str
    number: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One run in a chart: its parts, and its value as text, if it has one value."""

    run: Run
    parts: Sequence[Part]
    value: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring runs with the same verdict; `verdict` is empty where a report lacks the requirement."""

    verdict: str
    runs: int
    first: Run
    last: Run


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement: `verdict` is the latest, `since` the start of the run since which it fails."""

    history: History
    verdict: str
    family: str
    stretches: Sequence[Stretch]
    since: str


@dataclass(frozen=True, slots=True)
class TrendPage:
    """Everything that the template shows."""

    runs: Sequence[Run]
    series: Sequence[Run]
    """The latest run of each."""
    refused: Sequence[Refused]
    verdicts: Sequence[Column]
    failures: Sequence[Column]
    """Requirements that failed, waived ones among them."""
    durations: Sequence[Column]
    requests: Sequence[Column]
    flipping: Sequence[Row]
    failing: Sequence[Row]
    others: Sequence[Row]
    operations: Sequence[str]
    families: Sequence[str]


def trend_html(trend: Trend, refused: Sequence[Refused] = (), *, lang: str = "en") -> str:
    """The page; every value is shown as it is, and none acts as HTML or as a command of a pipeline."""
    return markup_without_workflow_commands(
        render_page("trend.html.j2", lang, page=trend_page(trend, refused))
    )


def trend_page(trend: Trend, refused: Sequence[Refused]) -> TrendPage:
    """The page of a trend; `refused` are reports that could not be read."""
    rows = {history.id: _row(history, trend) for history in trend.histories}
    flipping = [rows.pop(history.id) for history in trend.flipping]
    failing = [rows.pop(name) for name in [row for row in rows if rows[row].history in trend.failing]]
    every = [*flipping, *failing, *rows.values()]
    return TrendPage(
        runs=trend.runs,
        series=list({run.series: run for run in trend.runs}.values()),
        refused=refused,
        verdicts=_stacked(trend.runs),
        failures=_columns(
            trend.runs, [sum(run.totals[verdict] for verdict in FAILING) for run in trend.runs], "{:,}"
        ),
        durations=_columns(trend.runs, [run.duration_s for run in trend.runs], "{:.1f} s"),
        requests=_columns(trend.runs, [run.requests for run in trend.runs], "{:,}"),
        flipping=flipping,
        failing=failing,
        others=list(rows.values()),
        operations=list(
            dict.fromkeys(name for row in every for name in row.history.requirement["operations"])
        ),
        families=list(dict.fromkeys(row.family for row in every)),
    )


def _row(history: History, trend: Trend) -> Row:
    fails = history.latest in FAILING
    return Row(
        history,
        history.latest or "not-run",
        history.id.split(".")[1],
        list(_stretches(history, trend.runs)),
        trend.runs[trend.failing_since(history)].started_at if fails else "",
    )


def _stretches(history: History, runs: Sequence[Run]) -> Iterator[Stretch]:
    pairs = list(zip(history.verdicts, runs, strict=True))
    for verdict, same in groupby(pairs, key=lambda pair: pair[0] or ""):
        of = [run for _, run in same]
        yield Stretch(verdict, len(of), of[0], of[-1])


def _stacked(runs: Sequence[Run]) -> Sequence[Column]:
    """How many requirements each run gave each verdict, those that were not run apart."""
    shown = _ORDER[:-1]
    most = max((sum(run.totals[verdict] for verdict in shown) for run in runs), default=0) or 1
    columns = []
    for run in runs:
        counts = Counter({verdict: run.totals[verdict] for verdict in shown})
        parts, top = [], HEIGHT * (1 - counts.total() / most)
        for verdict in shown:
            height = HEIGHT * counts[verdict] / most
            if counts[verdict]:
                parts.append(Part(verdict, counts[verdict], round(top, 2), round(max(height, 1.0), 2)))
            top += height
        columns.append(Column(run, parts, ""))
    return columns


def _columns(runs: Sequence[Run], values: Sequence[float], form: str) -> Sequence[Column]:
    most = max(values, default=0.0) or 1.0
    return [
        Column(
            run,
            [Part("plain", 0, round(HEIGHT * (1 - value / most), 2), round(HEIGHT * value / most, 2))],
            form.format(value),
        )
        for run, value in zip(runs, values, strict=True)
    ]
