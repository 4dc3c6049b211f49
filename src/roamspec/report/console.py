"""The summary of a run for a terminal: the target, the count per operation, each failure, the verdict."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal

from roamspec.report.sources import source_lines
from roamspec.report.text import visible, width_of, wrap, wrap_command
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.verdict import VERDICTS
from roamspec.shortening import short_lists

Style = Literal["bold", "red", "green", "yellow", "dim"]

_CODES: Final[dict[Style, str]] = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "dim": "2"}
_VERDICT_STYLES: Final[dict[str, Style]] = {
    "conforming": "green",
    "non-conforming": "red",
    "incomplete": "yellow",
}
_LABELS: Final = {"pass": "passed", "fail": "failed"}
_MOST_IN_FULL: Final = 3
_MOST_NAMED: Final = 20
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

    def _styled(self, text: str, *styles: Style) -> str:
        if not self._colour or not styles:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"

    def _wrapped(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return wrap(visible(short_lists(text)), self._width, first=first, rest=rest)

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
        names = [*counts, "all"]
        column = max(map(len, names), default=0)
        labels = [_LABELS.get(verdict, verdict) for verdict in shown]
        yield self._styled(" " * column + "".join(f"{label:>{len(label) + 3}}" for label in labels), "bold")
        for name in names:
            count = counts.get(name, report["totals"])
            cells = [
                self._cell(verdict, count[verdict], len(label) + 3)
                for verdict, label in zip(shown, labels, strict=True)
            ]
            yield f"{name:<{column}}" + "".join(cells)

    def _cell(self, verdict: str, number: int, width: int) -> str:
        styles: dict[str, Style] = {"fail": "red", "inconclusive": "yellow"}
        style = (styles[verdict],) if number and verdict in styles else ()
        return self._styled(f"{number:>{width}}", *style)

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
        variables = sorted({name for item in failed[:_MOST_IN_FULL] for name in _variables(item)})
        if variables:
            given = " and ".join(variables)
            yield self._wrapped(
                f"The curl lines below read the token from {given}: export it before pasting."
            )
        for item in failed[:_MOST_IN_FULL]:
            yield list(self._failure(item))
        if failed[_MOST_IN_FULL:]:
            yield list(self._further(failed[_MOST_IN_FULL:]))

    def _further(self, failed: Sequence[dict[str, Any]]) -> Iterator[str]:
        """The others by name: the end of a run fits on a screen, and the report has the rest."""
        named = failed[:_MOST_NAMED]
        for item in named:
            yield self._styled(self._mark(item), "red", "bold") + "  " + item["id"]
        if len(failed) > len(named):
            yield f"and {len(failed) - len(named)} more failures"
        yield from self._wrapped("report.html and report.json have each of them in full.")
        again = next((item for item in named if item.get("run_again")), None)
        if again is not None:
            yield f"To run {again['id']} again\n    {visible(again['run_again'])}"

    def _mark(self, item: dict[str, Any]) -> str:
        return "FAIL" if item["decisive"] or self._report["strict"] else "FAIL (does not decide)"

    def _failure(self, item: dict[str, Any]) -> Iterator[str]:
        yield self._styled(self._mark(item), "red", "bold") + "  " + item["id"]
        yield from self._wrapped(item["title"], first="  ")
        for number, line in enumerate(source_lines(item)):
            yield from self._wrapped(line, first=f"  {'' if number else 'source':<10}")
        failing = [check for check in item["checks"] if check["outcome"] == "fail"]
        shown = next((check for check in failing if check.get("failure")), failing[0])
        failure = shown.get("failure", {})
        for key in ("expected", "actual"):
            if failure.get(key):
                yield from self._wrapped(failure[key], first=f"  {key:<10}")
        if shown.get("reason"):
            yield from self._wrapped(shown["reason"], first="  reason    ")
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
            self._styled(word, _VERDICT_STYLES[report["verdict"]], "bold")
            + f"  {facts}  {report['duration_s']:.1f} s"
        )
        for sentence in report["because"]:
            yield from self._wrapped(sentence, first="  ")
        report_line = f"Report: {visible(self._path)}"
        yield report_line if width_of(report_line) <= self._width else f"Report:\n{visible(self._path)}"


def _variables(item: dict[str, Any]) -> Iterable[str]:
    """Of a failure whose curl lines are shown."""
    for check in item["checks"] if not item.get("run_again") else ():
        yield from _VARIABLE.findall(check.get("failure", {}).get("reproduce", ""))


def _requests(number: int) -> str:
    return f"{number:,} request" if number == 1 else f"{number:,} requests"
