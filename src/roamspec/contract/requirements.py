"""The catalogue of requirements: one requirement of one operation each, under a name that never changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from roamspec.contract.citations import Citations, Source, load_citations
from roamspec.contract.files import load_entries
from roamspec.contract.operations import Contract, slug_of
from roamspec.errors import ContractError, UsageError
from roamspec.patterns import Matchable, nearest_pattern
from roamspec.resources import folder

Level = Literal["must", "should", "may"]
Evidence = Literal["documented", "vendor", "derived", "observed", "inferred"]
BLOCKING_EVIDENCE = ("documented", "vendor", "derived")
"""What a requirement has to rest on so that its failure decides the verdict."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of one operation.

    `id` is `<slug of the operation>.<family>.<name>`. `sources` say where the vendor says it, the first one
    what it rests on; `step` is how it follows from them, empty unless the evidence is `derived`.
    `capabilities` are what a target must let us arrange or observe before it can be judged. `unchecked` is
    the reason why no check judges it, empty when one does. `since` is the revision of the catalogue that
    brought it, `part_of` the ID of the requirement that it was a condition of before, if any.
    """

    id: str
    operation: str
    title: str
    level: Level
    evidence: Evidence
    sources: tuple[Source, ...] = field(hash=False)
    capabilities: tuple[str, ...]
    family: str
    unchecked: str
    step: str = ""
    since: int = 1
    part_of: str = ""

    @property
    def decisive(self) -> bool:
        """Whether a failure decides the verdict: a must that the vendor says, or that follows from it."""
        return self.level == "must" and self.evidence in BLOCKING_EVIDENCE

    @property
    def source(self) -> Source:
        """What it rests on first of all."""
        return self.sources[0]

    def answers_to(self, pattern: str) -> bool:
        """Whether `pattern`, in the language of `roamspec.patterns`, fits this one.

        The ID of the requirement that it was a part of is a name for it too.
        """
        return any(Matchable(name, self.operation).fits(pattern) for name in (self.id, self.part_of) if name)


@dataclass(frozen=True, slots=True)
class Catalogue(Mapping[str, Requirement]):
    """All requirements by ID, operation by operation, as of one `revision`.

    `judged_as` has the IDs that this revision does not have yet, each with the one that it is a part of here,
    and `later` those that are no part of any.
    """

    by_id: Mapping[str, Requirement]
    revision: int = 1
    judged_as: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    later: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> Requirement:
        return self.by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def judged(self, identifier: str) -> str:
        """Under which ID of this revision `identifier` is judged; empty when under none."""
        return identifier if identifier in self.by_id else self.judged_as.get(identifier, "")

    def extended(self, further: Iterable[Requirement]) -> "Catalogue":
        """This catalogue with requirements of somebody's own; ContractError for an ID that is taken."""
        by_id = dict(self.by_id)
        for requirement in further:
            if requirement.id in by_id:
                raise ContractError(
                    f"{requirement.id}: another requirement has this name; use a different one."
                )
            by_id[requirement.id] = requirement
        return replace(self, by_id=by_id)

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
                raise UsageError(f"No requirement is about an operation {operation!r}; {self._choices()}.")
        return [
            requirement
            for requirement in self.values()
            if (not patterns or any(map(requirement.answers_to, patterns)))
            and (not operations or any(_belongs(requirement, operation) for operation in operations))
        ]

    def _nothing_fits(self, pattern: str) -> str:
        near = nearest_pattern(pattern, [Matchable(one.id, one.operation) for one in self.values()])
        advice = f"did you mean {near!r}?" if near else "`roamspec requirements` lists them."
        return f"No requirement, operation or family matches {pattern!r}; {advice}"

    def _choices(self) -> str:
        return "choose from " + ", ".join(dict.fromkeys(r.operation for r in self.values()))


def _belongs(requirement: Requirement, operation: str) -> bool:
    return operation in (requirement.operation, slug_of(requirement.operation))


def load_catalogue(path: Path | None = None, *, contract: Contract) -> Catalogue:
    """Read `contracts/requirements.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "requirements.yaml"
    by_id = read_requirements(path, tuple(contract.operations), load_citations())
    return Catalogue(by_id, latest_revision())


def latest_revision() -> int:
    """The number of the catalogue's latest revision."""
    path = folder("contracts") / "revisions.yaml"
    return len(load_entries(path, key="revisions", schema="revisions.schema.json"))


def read_requirements(
    path: Path, operations: Sequence[str], citations: Citations
) -> Mapping[str, Requirement]:
    """The requirements of a file by ID, operation by operation in the given order."""
    found: dict[str, dict[str, Requirement]] = {operation: {} for operation in operations}
    for item in load_entries(path, key="requirements", schema="requirements.schema.json"):
        for operation in item["operations"]:
            if operation not in found:
                raise ContractError(
                    f"{path}: {item['id']}: the contract has no operation {operation!r}; it has "
                    f"{', '.join(operations)}."
                )
            requirement = _requirement(item, operation, citations, path)
            if requirement.id in found[operation]:
                raise ContractError(f"{path}: {item['id']}: {operation} has this requirement twice.")
            found[operation][requirement.id] = requirement
    by_id = {name: requirement for each in found.values() for name, requirement in each.items()}
    for requirement in by_id.values():
        if requirement.part_of and requirement.part_of not in by_id:
            raise ContractError(
                f"{path}: {requirement.id}: part_of names {requirement.part_of}, which does not exist."
            )
    return by_id


def _requirement(item: Mapping[str, Any], operation: str, citations: Citations, path: Path) -> Requirement:
    name, slug = item["id"], slug_of(operation)
    sources = []
    for statement in item["cites"]:
        if statement not in citations.by_id:
            raise ContractError(f"{path}: {name}: citations.yaml has no statement {statement!r}.")
        source = citations.of(statement, operation)
        if source is not None:
            sources.append(source)
    if not sources:
        raise ContractError(f"{path}: {name}: none of the statements that it cites is about {operation}.")
    return Requirement(
        id=f"{slug}.{name}",
        operation=operation,
        title=item["title"],
        level=item["level"],
        evidence=item["evidence"],
        sources=tuple(sources),
        capabilities=tuple(item.get("capabilities", ())),
        family=name.split(".")[0],
        unchecked=item.get("unchecked", ""),
        step=item.get("step", ""),
        since=item.get("since", 1),
        part_of=f"{slug}.{item['part_of']}" if "part_of" in item else "",
    )
