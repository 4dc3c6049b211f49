"""The revisions of the catalogue: what each one changed, and the catalogue as it was at an earlier one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from roamspec.contract.files import load_entries
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, Evidence, Level, Requirement, load_catalogue
from roamspec.errors import ContractError, UsageError
from roamspec.resources import folder


@dataclass(frozen=True, slots=True)
class Change:
    """What one revision changed in requirements that were there before.

    `requirements` are IDs or fnmatch patterns of IDs. `before` is what they were, None when the checks alone
    changed. `because` is a sentence.
    """

    requirements: tuple[str, ...]
    before: tuple[Level, Evidence] | None
    because: str

    def touches(self, identifier: str) -> bool:
        """Whether the change is about this requirement, by its ID."""
        return any(fnmatchcase(identifier, pattern) for pattern in self.requirements)


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: its number, what it is about, and what it changed."""

    number: int
    summary: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How one requirement differs from an earlier revision: `kind` is added, split or changed."""

    requirement: Requirement
    revision: int
    kind: str
    because: str


def load_revisions(path: Path | None = None, *, catalogue: Catalogue) -> tuple[Revision, ...]:
    """Read `contracts/revisions.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "revisions.yaml"
    found: list[Revision] = []
    for item in load_entries(path, key="revisions", schema="revisions.schema.json"):
        if item["revision"] != len(found) + 1:
            raise ContractError(
                f"{path}: {item['id']}: this is revision {len(found) + 1}; number them from 1."
            )
        changes = tuple(_change(change) for change in item.get("changes", ()))
        for pattern in (pattern for change in changes for pattern in change.requirements):
            if not any(fnmatchcase(known, pattern) for known in catalogue):
                raise ContractError(
                    f"{path}: {item['id']}: no requirement of the catalogue matches {pattern!r}."
                )
        found.append(Revision(item["revision"], item["summary"], changes))
    for requirement in catalogue.values():
        if requirement.since > len(found):
            raise ContractError(
                f"{path}: there is no revision {requirement.since}, which {requirement.id} names."
            )
    return tuple(found)


def catalogue_at(number: int | None, *, contract: Contract) -> Catalogue:
    """The catalogue at revision `number`, the latest when None; UsageError when there is no such revision."""
    catalogue = load_catalogue(contract=contract)
    if number is None or number == catalogue.revision:
        return catalogue
    return as_of(catalogue, load_revisions(catalogue=catalogue), number)


def _change(given: Mapping[str, Any]) -> Change:
    before = given.get("before")
    level_and_evidence = (before["level"], before["evidence"]) if before else None
    return Change(tuple(given["requirements"]), level_and_evidence, given["because"])


def as_of(catalogue: Catalogue, revisions: Sequence[Revision], number: int) -> Catalogue:
    """The catalogue as it was at revision `number`; UsageError when there is no such revision.

    What came later is left out; a later part of a requirement is judged as that requirement.
    """
    if not 1 <= number <= len(revisions):
        known = f"1 to {len(revisions)}" if len(revisions) > 1 else "1"
        raise UsageError(f"The catalogue has no revision {number}; give one of {known}.")
    by_id = {name: each for name, each in catalogue.items() if each.since <= number}
    for revision in reversed(revisions[number:]):
        for name, each in by_id.items():
            for change in revision.changes:
                if change.before and change.touches(name):
                    level, evidence = change.before
                    step = each.step if evidence == "derived" else ""
                    by_id[name] = replace(each, level=level, evidence=evidence, step=step)
    judged_as = {name: _whole(catalogue, name, number) for name in catalogue if name not in by_id}
    parts = {name: whole for name, whole in judged_as.items() if whole}
    return Catalogue(by_id, number, parts, frozenset(judged_as.keys() - parts.keys()))


def _whole(catalogue: Catalogue, name: str, number: int) -> str:
    """The requirement of revision `number` that a later one was a part of; empty when there is none."""
    while name and catalogue[name].since > number:
        name = catalogue[name].part_of
    return name


def differences(catalogue: Catalogue, revisions: Sequence[Revision], since: int) -> Iterator[Difference]:
    """What was added, split off or changed after revision `since`, in the order of the catalogue."""
    later = revisions[since:]
    for name, requirement in catalogue.items():
        if requirement.since > since:
            kind = "split" if requirement.part_of else "added"
            because = f"A part of {requirement.part_of} before." if requirement.part_of else ""
            yield Difference(requirement, requirement.since, kind, because)
        for revision in later:
            for change in revision.changes:
                if change.touches(name):
                    yield Difference(requirement, revision.number, "changed", change.because)
