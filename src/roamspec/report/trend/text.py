"""The trend for a terminal: the runs, what flips, what fails."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from roamspec.report.terminal_text import padded, width_of, wrap
from roamspec.report.text import visible
from roamspec.report.translation import Translation, translation
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


def trend_text(trend: Trend, refused: Sequence[Refused], *, width: int = 80, lang: str = "en") -> str:
    """The text, which ends with a line feed; the last runs and the last verdicts, where there are many."""
    texts = translation(lang)
    left_out = texts.gettext("Left out: ")
    reasons = [visible(texts.sentence(each.reason)) for each in refused]
    blocks = [
        list(_runs(trend, texts)),
        [line for reason in reasons for line in wrap(reason, width, first=left_out)],
        list(_flips(trend, width, texts)),
        list(_failing(trend, width, texts)),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return without_workflow_commands(text)


def _runs(trend: Trend, texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    runs = trend.runs[-_MOST_RUNS:]
    if len(runs) < len(trend.runs):
        yield texts.sentence(f"{len(trend.runs)} runs, the last {len(runs)} of them:")
    words = (_("passed"), _("failed"), _("inconclusive"), _("seconds"), _("series"))
    columns = [width_of(word) for word in words]
    heads = "".join(f"  {word}" for word in words)
    yield f"{padded(_('started'), 20)}  {padded(_('verdict'), 14)}{heads}  {_('report')}"
    for run in runs:
        totals = run.totals
        numbers = (
            totals["pass"],
            totals["fail"],
            totals["inconclusive"],
            f"{run.duration_s:.1f}",
            run.series + 1,
        )
        cells = "".join(f"  {number:>{column}}" for number, column in zip(numbers, columns, strict=True))
        began = f"{run.started_at[:19] + 'Z':<20}"
        yield visible(f"{began}  {padded(_(run.verdict), 14)}{cells}  {run.file}")
    for number in dict.fromkeys(run.series for run in runs):
        run = next(run for run in runs if run.series == number)
        said = _("series {number}: {target}, contract {contract}, revision {revision}").format(
            number=number + 1, target=run.target, contract=run.contract[:12], revision=run.revision
        )
        faults = _(", faults {names}").format(names=", ".join(run.faults)) if run.faults else ""
        yield visible(said + faults)


def _flips(trend: Trend, width: int, texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    if not trend.flipping:
        yield _("No requirement changed its verdict with the same contract and target.")
        return
    changed = _("Changed with the same contract and target")
    yield _("{title}: {number}").format(title=changed, number=len(trend.flipping))
    for history in trend.flipping:
        last = history.flips[-1]
        yield f"  {_signs(history)}  {history.id}"
        said = texts.ngettext(
            "changed once, to {verdict} in the run of {started}",
            "changed {number} times, last to {verdict} in the run of {started}",
            len(history.flips),
        ).format(
            number=len(history.flips), verdict=_(last.verdict), started=trend.runs[last.after].started_at
        )
        yield from wrap(said, width, first="    ")


def _failing(trend: Trend, width: int, texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    if trend.failing:
        yield _("{title}: {number}").format(title=_("Failing now"), number=len(trend.failing))
    for history in trend.failing:
        waived = f" ({_('waived')})" if history.latest == "waived" else ""
        since = trend.runs[trend.failing_since(history)].started_at
        said = _("{requirement}, since {started}").format(requirement=history.id + waived, started=since)
        yield from wrap(said, width, first="  ", rest="    ")


def _signs(history: History) -> str:
    return "".join(SIGNS[verdict] for verdict in history.verdicts[-_MOST_SIGNS:])
