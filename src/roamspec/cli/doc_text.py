"""The text of `roamspec doc`: what agrees in counts, what changed in full."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from roamspec.cli.language import texts
from roamspec.documentation.examination import Examination
from roamspec.documentation.findings import Finding
from roamspec.documentation.statements import Looked, Standing
from roamspec.report.terminal_text import wrap

_STANDINGS: Final[Sequence[tuple[Standing, str]]] = (
    ("stands", "stand"),
    ("changed", "changed"),
    ("not on this page", "belong to another page"),
)


def _wrapped(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    return wrap(texts().sentence(text), width, first=first, rest=rest)


_SHOWN: Final = 6
"""How many requirements a line names before it counts the rest."""


def examination_lines(place: str, found: Examination, width: int, *, everything: bool) -> Iterator[str]:
    """The report; `everything` also lists each fact that agrees."""
    operations = found.operations
    noun = "operation" if len(operations) == 1 else "operations"
    yield from _wrapped(f"{place} ({found.page.form}): {len(operations)} {noun}", width, rest="  ")
    for operation in dict.fromkeys(finding.operation for finding in found.findings):
        yield ""
        own = [finding for finding in found.findings if finding.operation == operation]
        yield from _of_operation(operation, own, found, width, everything=everything)
    yield ""
    yield from _passages(found, width)
    yield ""
    yield from _conclusion(found, width)


def _of_operation(
    operation: str, own: Sequence[Finding], found: Examination, width: int, *, everything: bool
) -> Iterator[str]:
    agreeing = sum(finding.agrees for finding in own)
    yield from _wrapped(
        f"{operation}: {agreeing} of {len(own)} facts agree with the contract", width, rest="  "
    )
    for finding in own:
        if finding.agrees:
            if everything:
                text = f"agrees   {finding.fact}, {finding.aspect}: {finding.page or 'as in the contract'}"
                yield from _wrapped(text, width, first="  ", rest="    ")
            continue
        yield from _wrapped(_difference(finding), width, first="  ", rest="    ")
        yield from _touched(found.by_finding[finding], width)


def _difference(finding: Finding) -> str:
    line = f" (line {finding.line})" if finding.line else ""
    match finding.outcome:
        case "added":
            what = f"only the page has {finding.page}"
        case "removed":
            what = f"only the contract has {finding.contract}"
        case _:
            what = f"contract {finding.contract}, page {finding.page}"
    return f"{finding.outcome:<8} {finding.fact}, {finding.aspect}: {what}{line}"


def _passages(found: Examination, width: int) -> Iterator[str]:
    counts = Counter(each.standing for each in found.looked)
    parts = [
        f"{counts[standing]} {words}"
        for standing, words in _STANDINGS
        if counts[standing] or standing == "stands"
    ]
    yield from _wrapped(f"cited words: {', '.join(parts)}", width, rest="  ")
    for each in found.changed_passages:
        yield from _wrapped(_passage(each), width, first="  ", rest="    ")
        yield from _touched(found.by_passage[each.name, each.operation], width)


def _passage(each: Looked) -> str:
    whose = f"{each.operation}: " if each.operation else ""
    return f"changed  {each.name}: {whose}the page no longer has the words of: {each.says}"


def _touched(identifiers: Sequence[str], width: int) -> Iterator[str]:
    if not identifiers:
        yield "    " + texts().sentence("touches no requirement")
        return
    shown = ", ".join(identifiers[:_SHOWN])
    more = f" and {len(identifiers) - _SHOWN} more" if len(identifiers) > _SHOWN else ""
    yield from _wrapped(f"touches {shown}{more}", width, first="    ", rest="      ")


def _conclusion(found: Examination, width: int) -> Iterable[str]:
    if not found.changed:
        return _wrapped("NOTHING CHANGED  exit status 0", width)
    count = len(found.differences) + len(found.changed_passages)
    return _wrapped(
        f"CHANGED  exit status 1  {count} differences, {len(found.touched)} requirements touched; "
        "--json lists all of them",
        width,
    )
