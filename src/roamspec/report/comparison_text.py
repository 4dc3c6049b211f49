"""A comparison of two reports for a terminal."""

from collections.abc import Iterator, Sequence

from roamspec.report.citations import finding_line
from roamspec.report.comparison import Comparison, Item
from roamspec.report.sources import source_lines
from roamspec.report.terminal_text import wrap
from roamspec.report.text import visible
from roamspec.report.workflow_commands import without_workflow_commands


def comparison_text(found: Comparison, *, width: int = 80) -> str:
    """The text, which ends with a line feed; what is empty is left out, but for the new failures."""
    blocks = [
        [line for remark in found.remarks for line in wrap(visible(remark), width, first="Note: ")],
        list(_failures(found.new_failures, width)),
        list(_names("Fixed", found.fixed)),
        list(_names("Still failing", found.still_failing)),
        list(_open(found.no_longer_judged, width)),
        list(_citations(found.changed_citations, width)),
        list(_timings(found)),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    return without_workflow_commands(text)


def _failures(items: Sequence[Item], width: int) -> Iterator[str]:
    yield f"New failures: {len(items)}"
    for item in items:
        yield f"  {item['id']}" + ("" if item["decisive"] else "  (non-blocking)")
        for text in (item["title"], finding_line(item)):
            yield from wrap(visible(text), width, first="    ")
        if item.get("run_again"):
            yield f"    {visible(item['run_again'])}"


def _names(title: str, items: Sequence[Item]) -> Iterator[str]:
    if items:
        yield f"{title}: {len(items)}"
    for item in items:
        yield f"  {item['id']}" + ("  (waived)" if item["verdict"] == "waived" else "")


def _open(items: Sequence[Item], width: int) -> Iterator[str]:
    if items:
        yield f"No longer judged: {len(items)}"
    for item in items:
        gone = item["verdict"] not in ("inconclusive", "not-run")
        reason = "it is not in the new report" if gone else f"{item['verdict']}: {item['reason']}"
        yield from wrap(visible(f"{item['id']}: {reason}"), width, first="  ", rest="    ")


def _citations(items: Sequence[Item], width: int) -> Iterator[str]:
    if items:
        yield f"Changed citations: {len(items)}"
    for item in items:
        yield f"  {item['id']}"
        for line in source_lines(item):
            yield from wrap(visible(line), width, first="    ")


def _timings(found: Comparison) -> Iterator[str]:
    if found.timings:
        yield f"Changed times: {len(found.timings)}"
    for timing in found.timings:
        yield f"  {timing.old:.2f} s, now {timing.new:.2f} s  {visible(timing.check)}"
