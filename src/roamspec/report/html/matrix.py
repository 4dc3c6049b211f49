"""The matrix of operations by families: how many requirements of each verdict a cell has."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from roamspec.results.verdict import VERDICTS

Tone = Literal["fail", "minor", "inconclusive", "waived", "pass", "not-run", "none"]
"""The worst that a cell holds; `minor` is a failure that does not block."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The verdicts of one operation in one family, by number."""

    operation: str
    family: str
    counts: Mapping[str, int]
    tone: Tone

    @property
    def total(self) -> int:
        """How many requirements there are."""
        return sum(self.counts.values())

    @property
    def shown(self) -> Sequence[tuple[str, int]]:
        """The verdicts that occur, with their numbers, failures first."""
        order = ("fail", "inconclusive", "waived", "pass", "not-run")
        return [(verdict, self.counts[verdict]) for verdict in order if self.counts[verdict]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells; `families` are the columns."""

    families: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    """For each operation its cells, in the order of `families`."""


def matrix_of(items: Sequence[dict[str, Any]], *, strict: bool) -> Matrix:
    """The matrix of a report's requirements."""
    families = list(dict.fromkeys(item["id"].split(".")[1] for item in items))
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for item in items:
        for operation in item["operations"]:
            held.setdefault((operation, item["id"].split(".")[1]), []).append(item)
    operations = dict.fromkeys(operation for operation, _ in held)
    return Matrix(
        families,
        [
            (name, [_cell(name, family, held.get((name, family), []), strict) for family in families])
            for name in operations
        ],
    )


def _cell(operation: str, family: str, items: Sequence[dict[str, Any]], strict: bool) -> Cell:
    counts = Counter(item["verdict"] for item in items)
    return Cell(operation, family, {verdict: counts[verdict] for verdict in VERDICTS}, _tone(items, strict))


def _tone(items: Sequence[dict[str, Any]], strict: bool) -> Tone:
    failed = [item for item in items if item["verdict"] == "fail"]
    if failed:
        return "fail" if strict or any(item["decisive"] for item in failed) else "minor"
    verdicts = {item["verdict"] for item in items}
    if "inconclusive" in verdicts:
        return "inconclusive"
    if "waived" in verdicts:
        return "waived"
    if "pass" in verdicts:
        return "pass"
    return "not-run" if verdicts else "none"
