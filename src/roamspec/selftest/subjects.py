"""What the suite is tried on: an emulator that is sound, unusual but conforming, or broken on purpose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final, Literal

Sharing = Literal["operations", "none"]
SHARING: Final[tuple[Sharing, ...]] = ("operations", "none")
"""Which faults may share a run: see `together`."""


@dataclass(frozen=True, slots=True)
class BrokenEmulator:
    """A fault as the self-test sees it: `refutes` are the requirements that it must fail, and `follows`
    those that may be red along with them (`selftest/implied_failures.py`)."""

    name: str
    operation: str
    refutes: tuple[str, ...]
    follows: frozenset[str] = frozenset()

    @property
    def family(self) -> str:
        """The family of the fault."""
        return self.name.split(".")[1]

    def explains(self, requirement: str) -> bool:
        """Whether a failure of this requirement is due to the fault."""
        return requirement in self.refutes or requirement in self.follows


@dataclass(frozen=True, slots=True)
class EmulatorUnderTest:
    """One emulator to run the suite against; without faults it must be found conforming."""

    name: str
    faults: tuple[BrokenEmulator, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


def together(faults: Iterable[BrokenEmulator], sharing: Sharing) -> list[EmulatorUnderTest]:
    """Faults side by side, so that one run of the suite shows several; `none` gives each a run of its own.

    `operations`: at most one of each operation. A check deletes with the operation that it judges and with
    no other, so what is red of one operation is the work of that operation's fault.
    """
    if sharing == "none":
        return [side_by_side([fault]) for fault in faults]
    by_operation: dict[str, list[BrokenEmulator]] = {}
    for fault in faults:
        by_operation.setdefault(fault.operation, []).append(fault)
    rows = zip_longest(*by_operation.values())
    return [side_by_side([fault for fault in row if fault]) for row in rows]


def side_by_side(row: Sequence[BrokenEmulator]) -> EmulatorUnderTest:
    """One emulator with faults of different operations."""
    return EmulatorUnderTest(" + ".join(fault.name for fault in row), tuple(row))
