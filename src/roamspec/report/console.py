"""The summary of a run for a terminal: the target, the count per operation, each failure, the verdict."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from roamspec.report.localised import localised
from roamspec.report.shard_label import has_ended_well, shard_label
from roamspec.report.sources import source_lines
from roamspec.report.terminal_text import Cell, Style, padded, styled, table, width_of, wrap
from roamspec.report.text import visible, wrap_command
from roamspec.report.translation import N_, Translation, translation
from roamspec.report.verdict_labels import VERDICT_LABELS
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.verdict import VERDICTS
from roamspec.shortening import short_lists

_VERDICT_STYLES: Final[dict[str, Style]] = {
    "conforming": "bold green",
    "non-conforming": "bold red",
    "incomplete": "bold yellow",
}
_LABELS: Final = VERDICT_LABELS | {"not-run": N_("not-run")}
_LABEL_COLUMN: Final = 12
_VERDICT_WORDS: Final = {
    "conforming": N_("CONFORMING"),
    "non-conforming": N_("NON-CONFORMING"),
    "incomplete": N_("INCOMPLETE"),
}
_MOST_IN_FULL: Final = 3
_MOST_NAMED: Final = 20
_COUNT_STYLES: Final[dict[str, Style]] = {"fail": "red", "inconclusive": "yellow"}
_VARIABLE: Final = re.compile(r"\$\{?(ROAMSPEC_[A-Z_]+)")


def summary(
    report: dict[str, Any],
    *,
    path: str,
    width: int = 80,
    colour: bool = False,
    more: Sequence[Sequence[str]] = (),
    lang: str = "en",
) -> str:
    """The text for a report of `report.json`'s form; `path` is where that file is, `more` stands at the top.

    No line is wider than `width` columns, but for the commands, which must stay whole to work.
    """
    texts = translation(lang)
    return _Summary(localised(report, texts), path, width, colour, more, texts).text()


class _Summary:
    def __init__(
        self,
        report: dict[str, Any],
        path: str,
        width: int,
        colour: bool,
        more: Sequence[Sequence[str]],
        texts: Translation,
    ) -> None:
        self._report = report
        self._path = path
        self._width = width
        self._colour = colour
        self._more = more
        self._texts = texts
        self._ = texts.gettext

    def text(self) -> str:
        blocks = [
            list(self._header()),
            *self._more,
            list(self._table()),
            list(self._notes()),
            list(self._open(self._("Waived"), "waived")),
            list(self._open(self._("Inconclusive"), "inconclusive")),
            list(self._suite_errors()),
            *self._failures(),
            list(self._verdict()),
        ]
        text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
        return without_workflow_commands(text)

    def _styled(self, text: str, style: Style) -> str:
        return styled(text, style, colour=self._colour)

    def _wrapped(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        return wrap(visible(short_lists(text)), self._width, first=first, rest=rest)

    def _labelled(self, label: str, text: str) -> list[str]:
        """`text` beside its label, in a column of its own."""
        return self._wrapped(
            text, first=padded(f"  {self._(label)}", _LABEL_COLUMN) if label else " " * _LABEL_COLUMN
        )

    def _header(self) -> Iterator[str]:
        report, target = self._report, self._report["target"]
        _, profile, revision = self._, report["profile"], report["catalogue"]["revision"]
        kind = _(target["kind"])
        yield from self._wrapped(
            f"roamspec {report['tool']['version']}  {kind} {target['base_url']}".rstrip()
        )
        facts = [_("app {key}").format(key=target["app_key"])] if target["app_key"] else []
        facts += [
            _("profile {profile}").format(profile=profile),
            _("seed {seed}").format(seed=report["seed"]),
        ]
        facts += [_("requirements of revision {revision}").format(revision=revision)]
        facts += [_("strict")] if report["strict"] else []
        facts += filter(None, [shard_label(report, self._texts)])
        yield from self._wrapped("  ".join(facts))

    def _table(self) -> Iterator[str]:
        report = self._report
        shown = [verdict for verdict in VERDICTS if verdict != "waived" or report["totals"]["waived"]]
        counts: dict[str, Counter[str]] = {}
        for item in report["requirements"]:
            for operation in item["operations"]:
                counts.setdefault(operation, Counter())[item["verdict"]] += 1
        labels = [self._(_LABELS[verdict]) for verdict in shown]
        rows: list[list[Cell]] = [["", *((label, "bold") for label in labels)]]
        for name in [*counts, self._("all")]:
            count = counts.get(name, report["totals"])
            rows.append([name, *(_count(verdict, count[verdict]) for verdict in shown)])
        yield from table(rows, colour=self._colour)

    def _notes(self) -> Iterator[str]:
        for note in self._report["notes"]:
            yield from self._wrapped(note, first=self._("Note: "))

    def _open(self, title: str, verdict: str) -> Iterator[str]:
        reasons = Counter(
            item["reason"] or self._("no reason was given")
            for item in self._report["requirements"]
            if item["verdict"] == verdict
        )
        if reasons:
            count = self._("{title}: {number}").format(title=title, number=reasons.total())
            yield self._styled(count, "bold")
        for reason, number in reasons.most_common():
            yield from self._wrapped(reason, first=f"{number:>5}  ")

    def _suite_errors(self) -> Iterator[str]:
        errors = self._report["checks"]["errors"]
        if errors:
            failed = self._("The suite itself failed in {number} of its checks").format(number=len(errors))
            yield self._styled(failed, "bold")
        for error in errors:
            yield from self._wrapped(error["id"], first="  ")
            yield from self._wrapped(error["detail"].strip(), first="      ")

    def _failures(self) -> Iterator[list[str]]:
        failed = [item for item in self._report["requirements"] if item["verdict"] == "fail"]
        # What decides comes first; within each, the catalogue's order.
        failed.sort(key=lambda item: not item["decisive"])
        variables = sorted({name for item in failed[:_MOST_IN_FULL] for name in _variables(item)})
        if variables:
            said = self._("The curl lines below read the token from {variables}: export it before pasting.")
            yield self._wrapped(said.format(variables=self._(" and ").join(variables)))
        for item in failed[:_MOST_IN_FULL]:
            yield list(self._failure(item))
        if failed[_MOST_IN_FULL:]:
            yield list(self._further(failed[_MOST_IN_FULL:]))

    def _further(self, failed: Sequence[dict[str, Any]]) -> Iterator[str]:
        """The others by name: the end of a run fits on a screen, and the report has the rest."""
        _, named = self._, failed[:_MOST_NAMED]
        for item in named:
            yield self._styled(self._mark(item), "bold red") + "  " + item["id"]
        if len(failed) > len(named):
            yield _("and {number} more failures").format(number=len(failed) - len(named))
        yield from self._wrapped(_("report.html and report.json have each of them in full."))
        again = next((item for item in named if item.get("run_again")), None)
        if again is not None:
            yield _("To run {requirement} again").format(requirement=again["id"])
            yield f"    {visible(again['run_again'])}"

    def _mark(self, item: dict[str, Any]) -> str:
        blocking = item["decisive"] or self._report["strict"]
        return self._("FAIL") if blocking else self._("FAIL (non-blocking)")

    def _failure(self, item: dict[str, Any]) -> Iterator[str]:
        _ = self._
        yield self._styled(self._mark(item), "bold red") + "  " + item["id"]
        yield from self._wrapped(item["title"], first="  ")
        for number, line in enumerate(source_lines(item, texts=self._texts)):
            yield from self._labelled("" if number else N_("source"), line)
        failing = [check for check in item["checks"] if check["outcome"] == "fail"]
        shown = next((check for check in failing if check.get("failure")), failing[0])
        failure = shown.get("failure", {})
        for key in (N_("expected"), N_("actual")):
            if failure.get(key):
                yield from self._labelled(key, failure[key])
        if shown.get("reason"):
            yield from self._labelled(N_("reason"), shown["reason"])
        if failure.get("hint"):
            yield from self._labelled(N_("hint"), failure["hint"])
        yield from self._labelled(N_("check"), shown["id"])
        others = list(dict.fromkeys(check["id"] for check in failing if check["id"] != shown["id"]))
        if others:
            yield from self._labelled("", _("and in {checks}").format(checks=", ".join(others)))
        # Whole, whatever the width: people copy these lines.
        if item.get("run_again"):
            yield f"  {_('run again')}\n    {visible(item['run_again'])}"
            if failure.get("exchanges"):
                command = f"roamspec reproduce {shlex.quote(visible(self._path))} {item['id']}"
                yield f"  {_('show it')}\n    {command}"
        elif failure.get("reproduce"):
            yield f"  {_('reproduce')}"
            yield from wrap_command(visible(failure["reproduce"]).strip("\n"), self._width, "    ")

    def _verdict(self) -> Iterator[str]:
        report = self._report
        word = self._(_VERDICT_WORDS[report["verdict"]])
        if has_ended_well(report):
            word = self._("NO VERDICT: {shard}").format(shard=shard_label(report, self._texts))
        status = self._("exit status {status}").format(status=report["exit_status"])
        requests = self._texts.ngettext("{number} request", "{number} requests", report["requests"])
        number = f"{report['requests']:,}"
        facts = f"{status}  {requests.format(number=number)}"
        yield (
            self._styled(word, _VERDICT_STYLES[report["verdict"]])
            + f"  {facts}  {report['duration_s']:.1f} s"
        )
        for sentence in report["because"]:
            yield from self._wrapped(sentence, first="  ")
        label, path = self._("Report:"), visible(self._path)
        line = f"{label} {path}"
        yield line if width_of(line) <= self._width else f"{label}\n{path}"


def _count(verdict: str, number: int) -> Cell:
    style = _COUNT_STYLES.get(verdict) if number else None
    return (str(number), style) if style else str(number)


def _variables(item: dict[str, Any]) -> Iterable[str]:
    """Of a failure whose curl lines are shown."""
    for check in item["checks"] if not item.get("run_again") else ():
        yield from _VARIABLE.findall(check.get("failure", {}).get("reproduce", ""))
