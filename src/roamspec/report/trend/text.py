"""The trend for a terminal: the runs, what flips, what fails."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from roamspec.report.terminal_text import wrap
from roamspec.report.text import visible
from roamspec.report.trend.collecting import Refused
from roamspec.report.trend.history import History, Trend
from roamspec.report.workflow_commands import without_workflow_commands

SIGNS: Final[Mapping[str | None, str]] = {
    "pass": "✓",
    "fail": "✗",
    "waived": "~",
    "inconclusive": "?",
    "not-run": "-",
    None: " ",
}
_MOST_RUNS: Final = 20
_MOST_SIGNS: Final = 40


def trend_text(trend: Trend, refused: Sequence[Refused], *, width: int = 80) -> str:
    """The text, which ends with a line feed; the last runs and the last verdicts, where there are many."""
    blocks = [
        list(_runs(trend)),
        [line for each in refused for line in wrap(visible(each.reason), width, first="Left out: ")],
        list(_flips(trend, width)),
        list(_failing(trend, width)),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return without_workflow_commands(text)


def _runs(trend: Trend) -> Iterator[str]:
    runs = trend.runs[-_MOST_RUNS:]
    if len(runs) < len(trend.runs):
        yield f"{len(trend.runs)} runs, the last {len(runs)} of them:"
    yield f"{'started':<20}  {'verdict':<14}  passed  failed  inconclusive  seconds  series  report"
    for run in runs:
        totals = run.totals
        yield visible(
            f"{run.started_at[:19] + 'Z':<20}  {run.verdict:<14}  {totals['pass']:>6}  {totals['fail']:>6}  "
            f"{totals['inconclusive']:>12}  {run.duration_s:>7.1f}  {run.series + 1:>6}  {run.file}"
        )
    for number in dict.fromkeys(run.series for run in runs):
        run = next(run for run in runs if run.series == number)
        faults = f", faults {', '.join(run.faults)}" if run.faults else ""
        contract = f"contract {run.contract[:12]}, revision {run.revision}"
        yield visible(f"series {number + 1}: {run.target}, {contract}{faults}")


def _flips(trend: Trend, width: int) -> Iterator[str]:
    if not trend.flipping:
        yield "No requirement changed its verdict with the same contract and target."
        return
    yield f"Changed with the same contract and target: {len(trend.flipping)}"
    for history in trend.flipping:
        count = len(history.flips)
        last = history.flips[-1]
        times = "once" if count == 1 else f"{count} times"
        yield f"  {_signs(history)}  {history.id}"
        yield from wrap(
            f"changed {times}, last to {last.verdict} in the run of {trend.runs[last.after].started_at}",
            width,
            first="    ",
        )


def _failing(trend: Trend, width: int) -> Iterator[str]:
    if trend.failing:
        yield f"Failing now: {len(trend.failing)}"
    for history in trend.failing:
        waived = " (waived)" if history.latest == "waived" else ""
        since = trend.runs[trend.failing_since(history)].started_at
        yield from wrap(f"{history.id}{waived}, since {since}", width, first="  ", rest="    ")


def _signs(history: History) -> str:
    return "".join(SIGNS[verdict] for verdict in history.verdicts[-_MOST_SIGNS:])
