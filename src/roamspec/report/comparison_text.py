"""A comparison of two reports for a terminal."""

from collections.abc import Iterator, Sequence

from roamspec.report.citations import finding_line
from roamspec.report.comparison import Comparison, Item
from roamspec.report.localised import localised_requirement
from roamspec.report.sources import source_lines
from roamspec.report.terminal_text import wrap
from roamspec.report.text import visible
from roamspec.report.translation import Translation, translation
from roamspec.report.verdict_labels import VERDICT_LABELS
from roamspec.report.workflow_commands import without_workflow_commands
from roamspec.shortening import short_lists


def comparison_text(found: Comparison, *, width: int = 80, lang: str = "en") -> str:
    """The text, which ends with a line feed; what is empty is left out, but for the new failures."""
    return _Text(width, translation(lang)).of(found)


class _Text:
    def __init__(self, width: int, texts: Translation) -> None:
        self._width = width
        self._texts = texts
        self._ = texts.gettext

    def of(self, found: Comparison) -> str:
        _ = self._
        notes = [self._wrapped(self._texts.sentence(remark), _("Note: ")) for remark in found.remarks]
        blocks = [
            [line for note in notes for line in note],
            list(self._failures(self._said(found.new_failures))),
            list(self._names(_("Fixed"), found.fixed)),
            list(self._names(_("Still failing"), found.still_failing)),
            list(self._open(self._said(found.no_longer_judged))),
            list(self._citations(self._said(found.changed_citations))),
            list(self._timings(found)),
        ]
        text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
        return without_workflow_commands(text)

    def _said(self, items: Sequence[Item]) -> Sequence[Item]:
        return [localised_requirement(item, self._texts) for item in items]

    def _wrapped(self, text: str, first: str, rest: str | None = None) -> list[str]:
        return wrap(visible(short_lists(text)), self._width, first=first, rest=rest)

    def _failures(self, items: Sequence[Item]) -> Iterator[str]:
        _ = self._
        yield _("New failures: {number}").format(number=len(items))
        for item in items:
            yield f"  {item['id']}" + ("" if item["decisive"] else f"  ({_('non-blocking')})")
            for text in (item["title"], finding_line(item, texts=self._texts)):
                yield from self._wrapped(text, "    ")
            if item.get("run_again"):
                yield f"    {visible(item['run_again'])}"

    def _names(self, title: str, items: Sequence[Item]) -> Iterator[str]:
        if items:
            yield self._("{title}: {number}").format(title=title, number=len(items))
        for item in items:
            yield f"  {item['id']}" + (f"  ({self._('waived')})" if item["verdict"] == "waived" else "")

    def _open(self, items: Sequence[Item]) -> Iterator[str]:
        _ = self._
        if items:
            yield _("No longer judged: {number}").format(number=len(items))
        for item in items:
            verdict, reason = item["verdict"], item["reason"]
            if verdict in ("inconclusive", "not-run"):
                why = _("{title}: {number}").format(title=_(VERDICT_LABELS[verdict]), number=reason)
            else:
                why = _("it is not in the new report")
            yield from self._wrapped(f"{item['id']}: {why}", "  ", "    ")

    def _citations(self, items: Sequence[Item]) -> Iterator[str]:
        if items:
            yield self._("Changed citations: {number}").format(number=len(items))
        for item in items:
            yield f"  {item['id']}"
            for line in source_lines(item, texts=self._texts):
                yield from self._wrapped(line, "    ")

    def _timings(self, found: Comparison) -> Iterator[str]:
        _ = self._
        if found.timings:
            yield _("Changed times: {number}").format(number=len(found.timings))
        for timing in found.timings:
            said = _("{old} s, now {new} s").format(old=f"{timing.old:.2f}", new=f"{timing.new:.2f}")
            yield f"  {said}  {visible(timing.check)}"
