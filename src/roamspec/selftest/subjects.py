"""What the suite is tried on: an emulator that is sound, unusual but conforming, or broken on purpose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Sharing = Literal["promises", "operations", "none"]
SHARING: Final[tuple[Sharing, ...]] = ("promises", "operations", "none")
"""Which faults may share a run, from the most crowded to the loneliest: see `together`."""

STAGES: Final = (
    ("auth", "method", "missing", "value"),
    ("all", "effect", "one-way", "request", "time"),
    ("limit",),
    ("list",),
    ("notify",),
    ("not-open", "rate", "success", "tenancy"),
)
"""Families of faults whose traces are looked for in the same conversations."""
STAGE_OF: Final = {family: number for number, families in enumerate(STAGES) for family in families}


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault as the self-test sees it: `refutes` are the requirements that it must turn red, and `follows`
    those that may be red along with them (`selftest/follows.py`)."""

    name: str
    operation: str
    refutes: tuple[str, ...]
    follows: frozenset[str] = frozenset()

    @property
    def family(self) -> str:
        return self.name.split(".")[1]

    def explains(self, requirement: str) -> bool:
        return requirement in self.refutes or requirement in self.follows


@dataclass(frozen=True, slots=True)
class Subject:
    """One emulator to run the suite against; without faults it must be found conforming."""

    name: str
    faults: tuple[Broken, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def together(faults: Iterable[Broken], sharing: Sharing) -> list[Subject]:
    """Faults side by side, so that one run of the suite shows several; `none` gives each a run of its own.

    `operations`: at most one of each operation. A check deletes with the operation that it judges and with
    no other, so what is red of one operation is the work of that operation's fault.
    `promises`: also several of one operation, where nothing that one of them must turn red could be red
    because of another, and where they are looked for in different conversations: two faults that delete
    from the same one hide each other.
    """
    rows: list[list[Broken]] = []
    for fault in faults:
        row = next((row for row in rows if all(_apart(fault, each, sharing) for each in row)), None)
        if row is None:
            rows.append([fault])
        else:
            row.append(fault)
    return [side_by_side(row) for row in rows]


def _apart(one: Broken, other: Broken, sharing: Sharing) -> bool:
    if sharing == "none":
        return False
    if one.operation != other.operation:
        return True
    return (
        sharing == "promises"
        and STAGE_OF.get(one.family) != STAGE_OF.get(other.family)
        and not any(map(one.explains, other.refutes))
        and not any(map(other.explains, one.refutes))
    )


def side_by_side(row: Sequence[Broken]) -> Subject:
    return Subject(" + ".join(fault.name for fault in row), tuple(row))
