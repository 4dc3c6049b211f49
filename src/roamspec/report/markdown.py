"""Markdown for a job's summary and a comment on a pull request: at most 60 lines, whatever the run found."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from roamspec.report.citations import blocks, finding_line, place_of
from roamspec.report.localised import localised
from roamspec.report.shard_label import has_ended_well, shard_label
from roamspec.report.text import visible
from roamspec.report.translation import Translation, translation
from roamspec.report.verdict_labels import VERDICT_LABELS
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.results.verdict import VERDICTS
from roamspec.shortening import short_lists, shortened

MOST_LINES: Final = 60
_MOST_FAILURES: Final = 8
_MOST_REASONS: Final = 5
_MOST_BECAUSE: Final = 5
_MOST_OPERATIONS: Final = 12
_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>()!|~&$])")
_REFERENCE: Final = re.compile(r"(?<=[@#])(?=\w)")
"""Here GitHub and GitLab would mention a person or an issue, escaped or not."""
_OF_AN_ADDRESS: Final = "/:?#&=%+,;.-_~"
_MARKS: Final = {"conforming": "✅", "non-conforming": "❌", "incomplete": "⚠️"}


def markdown(report: dict[str, Any], *, lang: str = "en") -> str:
    """The text, which ends with a line feed. Every value is shown as it is: none acts as Markdown or HTML."""
    texts = translation(lang)
    lines = list(_Summary(localised(report, texts), texts).lines())
    assert len(lines) <= MOST_LINES
    return without_workflow_commands("\n".join(lines)) + "\n"


class _Summary:
    def __init__(self, report: dict[str, Any], texts: Translation) -> None:
        self._report = report
        self._texts = texts
        self._ = texts.gettext

    def lines(self) -> Iterator[str]:
        yield from self._head()
        yield from self._table()
        yield from self._failures()
        yield from self._inconclusive()

    def _head(self) -> Iterator[str]:
        _, report, target = self._, self._report, self._report["target"]
        shard = shard_label(report, self._texts)
        if has_ended_well(report):
            yield f"### roamspec: {_('no verdict')} ({shard})"
        else:
            of = f" ({shard})" if shard else ""
            yield f"### {_MARKS[report['verdict']]} roamspec: {_(report['verdict'])}{of}"
        yield ""
        facts = [
            f"{_(target['kind'])} {_code(target['base_url'])} {_code(target['app_key'])}",
            _("profile {profile}, seed {seed}").format(profile=_code(report["profile"]), seed=report["seed"]),
            _("exit status {status}").format(status=report["exit_status"]),
            f"{report['requests']} " + self._texts.ngettext("request", "requests", report["requests"]),
            f"{report['duration_s']:.1f} s",
            f"roamspec {_text(report['tool']['version'])}",
        ]
        yield " · ".join(facts)
        for sentence in report["because"][:_MOST_BECAUSE]:
            yield ""
            yield f"**{_text(sentence)}**"
        yield ""

    def _table(self) -> Iterator[str]:
        counts: dict[str, Counter[str]] = {}
        for item in self._report["requirements"]:
            for operation in item["operations"]:
                counts.setdefault(operation, Counter())[item["verdict"]] += 1
        labels = [self._(VERDICT_LABELS[verdict]) for verdict in VERDICTS]
        yield f"| | {' | '.join(labels)} |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: |"
        for operation in list(counts)[:_MOST_OPERATIONS]:
            numbers = (str(counts[operation][verdict]) for verdict in VERDICTS)
            yield f"| {_text(operation)} | {' | '.join(numbers)} |"
        yield ""

    def _failures(self) -> Iterator[str]:
        strict = self._report["strict"]
        failed = [item for item in self._report["requirements"] if item["verdict"] == "fail"]
        failed.sort(key=lambda item: not blocks(item, strict=strict))
        for item in failed[:_MOST_FAILURES]:
            mark = "" if blocks(item, strict=strict) else f" ({self._('does not block')})"
            yield f"- **{_text(item['id'])}**{mark}: {_text(item['title'])}  "
            yield f"  {_source(item['source'], self._texts)}: {_text(item['source']['says'])}  "
            yield f"  {_text(finding_line(item, 160, self._texts))}"
            if item.get("run_again"):
                yield f"  {_code(item['run_again'])}"
        if len(failed) > _MOST_FAILURES:
            more = len(failed) - _MOST_FAILURES
            yield "- " + self._("and {number} more failures, in `report.html`").format(number=more)
        if failed:
            yield ""

    def _inconclusive(self) -> Iterator[str]:
        reasons: Counter[str] = Counter(
            item["reason"] for item in self._report["requirements"] if item["verdict"] == "inconclusive"
        )
        for reason, number in reasons.most_common(_MOST_REASONS):
            yield f"- {number} {self._('inconclusive')}: {_text(shortened(reason, 300))}"
        if len(reasons) > _MOST_REASONS:
            rest = reasons.total() - sum(number for _, number in reasons.most_common(_MOST_REASONS))
            yield "- " + self._("{number} inconclusive for further reasons").format(number=rest)


def _source(source: dict[str, Any], texts: Translation) -> str:
    place = _text(place_of(source, texts))
    address = source["url"]
    if not address.startswith(("https://", "http://")):
        return place
    return f"[{place}](<{quote(address, safe=_OF_AN_ADDRESS, errors='replace')}>)"


def _text(text: str) -> str:
    """One line of plain text, long lists of IDs cut; what means something in Markdown or HTML is escaped."""
    escaped = _SPECIAL.sub(r"\\\1", visible(" ".join(short_lists(text).split())))
    return _REFERENCE.sub("&#8203;", escaped)


def _code(text: str) -> str:
    """A code span of one line, with more backticks around it than it has; nothing for nothing."""
    line = visible(" ".join(text.split()))
    if not line:
        return ""
    ticks = "`" * (1 + max((len(run) for run in re.findall(r"`+", line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{space}{line}{space}{ticks}"
