"""What the suite is tried on: an emulator that is sound, unusual but conforming, or broken on purpose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault as the self-test sees it: `breaks` are the promises it is about, `refutes` all requirements
    that must turn red for it, and `may_refute` those that may."""

    name: str
    operation: str
    breaks: tuple[str, ...]
    refutes: tuple[str, ...]
    may_refute: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One emulator to run the suite against; without faults it must be found conforming."""

    name: str
    faults: tuple[Broken, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def together(faults: Iterable[Broken]) -> list[Subject]:
    """Faults side by side, at most one of each operation, so that one run of the suite shows several.

    A check deletes with the operation that it judges and with no other, so what is red of one operation
    is the work of that operation's fault. Whatever does not fit this is run once more, each fault alone.
    """
    rows: list[list[Broken]] = []
    for fault in faults:
        row = next((row for row in rows if fault.operation not in {each.operation for each in row}), None)
        if row is None:
            rows.append([fault])
        else:
            row.append(fault)
    return [side_by_side(row) for row in rows]


def side_by_side(row: Sequence[Broken]) -> Subject:
    return Subject(" + ".join(fault.name for fault in row), tuple(row))
