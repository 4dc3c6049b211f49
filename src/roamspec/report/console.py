"""The summary of a run for a terminal: the target, the count per operation, each failure, the verdict."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from roamspec.report.sources import source_lines
from roamspec.report.terminal_text import Cell, Style, styled, table, width_of, wrap
from roamspec.report.text import visible, wrap_command
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.verdict import VERDICTS
from roamspec.shortening import short_lists

_VERDICT_STYLES: Final[dict[str, Style]] = {
    "conforming": "bold green",
    "non-conforming": "bold red",
    "incomplete": "bold yellow",
}
_COUNT_STYLES: Final[dict[str, Style]] = {"fail": "red", "inconclusive": "yellow"}
_LABELS: Final = {"pass": "passed", "fail": "failed"}
_VARIABLE: Final = re.compile(r"\$\{?(ROAMSPEC_[A-Z_]+)")


def summary(
    report: dict[str, Any],
    *,
    path: str,
    width: int = 80,
    colour: bool = False,
    more: Sequence[Sequence[str]] = (),
) -> str:
    """The text for a report of `report.json`'s form; `path` is where that file is, `more` stands at the top.

    No line is wider than `width` columns, but for the commands, which must stay whole to work.
    """
    return _Summary(report, path, width, colour, more).text()


class _Summary:
    def __init__(
        self, report: dict[str, Any], path: str, width: int, colour: bool, more: Sequence[Sequence[str]]
    ) -> None:
        self._report = report
        self._path = path
        self._width = width
        self._colour = colour
        self._more = more

    def text(self) -> str:
        blocks = [
            list(self._header()),
            *self._more,
            list(self._table()),
            list(self._notes()),
            list(self._open("Waived", "waived")),
            list(self._open("Inconclusive", "inconclusive")),
            list(self._suite_errors()),
            *self._failures(),
            list(self._verdict()),
        ]
        text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
        return without_workflow_commands(text)

    def _styled(self, text: str, style: Style) -> str:
        return styled(text, style, colour=self._colour)

    def _wrapped(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return wrap(visible(text), self._width, first=first, rest=rest)

    def _header(self) -> Iterator[str]:
        report, target = self._report, self._report["target"]
        yield from self._wrapped(
            f"roamspec {report['tool']['version']}  {target['kind']} {target['base_url']}".rstrip()
        )
        app = f"app {target['app_key']}  " if target["app_key"] else ""
        strict = "  strict" if report["strict"] else ""
        revision = f"  requirements of revision {report['catalogue']['revision']}"
        yield from self._wrapped(f"{app}profile {report['profile']}  seed {report['seed']}{revision}{strict}")

    def _table(self) -> Iterator[str]:
        report = self._report
        shown = [verdict for verdict in VERDICTS if verdict != "waived" or report["totals"]["waived"]]
        counts: dict[str, Counter[str]] = {}
        for item in report["requirements"]:
            for operation in item["operations"]:
                counts.setdefault(operation, Counter())[item["verdict"]] += 1
        labels = [_LABELS.get(verdict, verdict) for verdict in shown]
        rows: list[list[Cell]] = [["", *((label, "bold") for label in labels)]]
        for name in [*counts, "all"]:
            count = counts.get(name, report["totals"])
            rows.append([name, *(_count(verdict, count[verdict]) for verdict in shown)])
        yield from table(rows, colour=self._colour)

    def _notes(self) -> Iterator[str]:
        for note in self._report["notes"]:
            yield from self._wrapped(note, first="Note: ")

    def _open(self, title: str, verdict: str) -> Iterator[str]:
        reasons = Counter(
            item["reason"] or "no reason was given"
            for item in self._report["requirements"]
            if item["verdict"] == verdict
        )
        if reasons:
            yield self._styled(f"{title}: {reasons.total()}", "bold")
        for reason, number in reasons.most_common():
            yield from self._wrapped(reason, first=f"{number:>5}  ")

    def _suite_errors(self) -> Iterator[str]:
        errors = self._report["checks"]["errors"]
        if errors:
            yield self._styled(f"The suite itself failed in {len(errors)} of its checks", "bold")
        for error in errors:
            yield from self._wrapped(error["id"], first="  ")
            yield from self._wrapped(error["detail"].strip(), first="      ")

    def _failures(self) -> Iterator[list[str]]:
        failed = [item for item in self._report["requirements"] if item["verdict"] == "fail"]
        # What decides comes first; within each, the catalogue's order.
        failed.sort(key=lambda item: not item["decisive"])
        variables = sorted({name for item in failed for name in _variables(item)})
        if variables:
            given = " and ".join(variables)
            yield self._wrapped(
                f"The curl lines below read the token from {given}: export it before pasting."
            )
        for item in failed:
            yield list(self._failure(item))

    def _failure(self, item: dict[str, Any]) -> Iterator[str]:
        mark = "FAIL" if item["decisive"] or self._report["strict"] else "FAIL (non-blocking)"
        yield self._styled(mark, "bold red") + "  " + item["id"]
        yield from self._wrapped(item["title"], first="  ")
        for number, line in enumerate(source_lines(item)):
            yield from self._wrapped(line, first=f"  {'' if number else 'source':<10}")
        failing = [check for check in item["checks"] if check["outcome"] == "fail"]
        shown = next((check for check in failing if check.get("failure")), failing[0])
        failure = shown.get("failure", {})
        for key in ("expected", "actual"):
            if failure.get(key):
                yield from self._wrapped(short_lists(failure[key]), first=f"  {key:<10}")
        if shown.get("reason"):
            yield from self._wrapped(short_lists(shown["reason"]), first="  reason    ")
        if failure.get("hint"):
            yield from self._wrapped(failure["hint"], first="  hint      ")
        yield from self._wrapped(shown["id"], first="  check     ")
        others = list(dict.fromkeys(check["id"] for check in failing if check["id"] != shown["id"]))
        if others:
            yield from self._wrapped(f"and in {', '.join(others)}", first="            ")
        # Whole, whatever the width: people copy these lines.
        if item.get("run_again"):
            yield f"  run again\n    {visible(item['run_again'])}"
            if failure.get("exchanges"):
                yield f"  show it\n    roamspec reproduce {shlex.quote(visible(self._path))} {item['id']}"
        elif failure.get("reproduce"):
            yield "  reproduce"
            yield from wrap_command(visible(failure["reproduce"]).strip("\n"), self._width, "    ")

    def _verdict(self) -> Iterator[str]:
        report = self._report
        word = report["verdict"].upper()
        facts = f"exit status {report['exit_status']}  {_requests(report['requests'])}"
        yield (
            self._styled(word, _VERDICT_STYLES[report["verdict"]])
            + f"  {facts}  {report['duration_s']:.1f} s"
        )
        for sentence in report["because"]:
            yield from self._wrapped(sentence, first="  ")
        report_line = f"Report: {visible(self._path)}"
        yield report_line if width_of(report_line) <= self._width else f"Report:\n{visible(self._path)}"


def _count(verdict: str, number: int) -> Cell:
    style = _COUNT_STYLES.get(verdict) if number else None
    return (str(number), style) if style else str(number)


def _variables(item: dict[str, Any]) -> Iterable[str]:
    """Of a failure whose curl lines are shown."""
    for check in item["checks"] if not item.get("run_again") else ():
        yield from _VARIABLE.findall(check.get("failure", {}).get("reproduce", ""))


def _requests(number: int) -> str:
    return f"{number:,} request" if number == 1 else f"{number:,} requests"
