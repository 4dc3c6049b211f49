"""The catalogue of requirements: one promise of one operation each, under a name that never changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from roamspec.contract.files import load_entries
from roamspec.contract.operations import Contract, slug_of
from roamspec.errors import ContractError, UsageError
from roamspec.patterns import Named, nearest_pattern
from roamspec.resources import folder

Level = Literal["must", "should", "may"]
Evidence = Literal["documented", "observed", "inferred"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One promise of one operation.

    `id` is `<slug of the operation>.<family>.<name>`. `section` and `line` say where the document makes the
    promise. `capabilities` are what a target must let us arrange or observe before it can be judged.
    `unchecked` is the reason why no check judges it, empty when one does.
    """

    id: str
    operation: str
    title: str
    level: Level
    evidence: Evidence
    section: str
    line: int
    capabilities: tuple[str, ...]
    family: str
    unchecked: str

    @property
    def decisive(self) -> bool:
        """Whether a failure decides the verdict: a documented must."""
        return self.level == "must" and self.evidence == "documented"

    def answers_to(self, pattern: str) -> bool:
        """Whether `pattern`, in the language of `roamspec.patterns`, fits this one."""
        return Named(self.id, self.operation).fits(pattern)


@dataclass(frozen=True, slots=True)
class Catalogue(Mapping[str, Requirement]):
    """All requirements by ID, in the order of the file."""

    by_id: Mapping[str, Requirement]

    def __getitem__(self, key: str) -> Requirement:
        return self.by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def select(self, patterns: Sequence[str] = (), operations: Sequence[str] = ()) -> list[Requirement]:
        """Those that answer to one of the patterns and belong to one of the operations (names or slugs).

        No patterns, or no operations, means all of them. A pattern or an operation that fits nothing in the
        whole catalogue is a UsageError: a slip of the pen must not select silently nothing.
        """
        for pattern in patterns:
            if not any(requirement.answers_to(pattern) for requirement in self.values()):
                raise UsageError(self._nothing_fits(pattern))
        for operation in operations:
            if not any(_belongs(requirement, operation) for requirement in self.values()):
                raise UsageError(f"No requirement belongs to an operation {operation!r}; {self._choices()}.")
        return [
            requirement
            for requirement in self.values()
            if (not patterns or any(map(requirement.answers_to, patterns)))
            and (not operations or any(_belongs(requirement, operation) for operation in operations))
        ]

    def _nothing_fits(self, pattern: str) -> str:
        near = nearest_pattern(pattern, [Named(one.id, one.operation) for one in self.values()])
        advice = f"did you mean {near!r}?" if near else "`roamspec requirements` lists them."
        return f"No requirement, operation or family fits {pattern!r}; {advice}"

    def _choices(self) -> str:
        return "choose from " + ", ".join(dict.fromkeys(r.operation for r in self.values()))


def _belongs(requirement: Requirement, operation: str) -> bool:
    return operation in (requirement.operation, slug_of(requirement.operation))


def load_catalogue(path: Path | None = None, *, contract: Contract) -> Catalogue:
    """Read `contracts/requirements.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "requirements.yaml"
    by_id: dict[str, Requirement] = {}
    for item in load_entries(path, key="requirements", schema="requirements.schema.json"):
        name, operation = item["id"], item["operation"]
        if operation not in contract.operations:
            known = ", ".join(contract.operations)
            raise ContractError(
                f"{path}: {name}: the contract has no operation {operation!r}; it has {known}."
            )
        slug = contract.operations[operation].slug
        if not name.startswith(f"{slug}."):
            raise ContractError(
                f"{path}: {name}: the id of a requirement of {operation} begins with '{slug}.'."
            )
        by_id[name] = Requirement(
            id=name,
            operation=operation,
            title=item["title"],
            level=item["level"],
            evidence=item["evidence"],
            section=item["section"],
            line=item["line"],
            capabilities=tuple(item.get("capabilities", ())),
            family=name.split(".")[1],
            unchecked=item.get("unchecked", ""),
        )
    return Catalogue(by_id)
