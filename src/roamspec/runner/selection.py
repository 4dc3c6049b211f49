"""What `-m` and `-k` find of a check: its operations, families, levels, evidence and profile, and IDs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pytest

from roamspec.contract.requirements import Requirement

_PROFILES: Final = {
    "quick": "a check of every profile",
    "standard": "a check of the profiles standard and deep",
    "deep": "a check of the profile deep alone",
}


def mark_lines(catalogue: Mapping[str, Requirement]) -> Iterator[str]:
    """A line for pytest on each mark that `describe` may set."""
    requirements = catalogue.values()
    for operation in dict.fromkeys(r.operation for r in requirements):
        yield f"{operation}: a check of this operation"
    for family in sorted({r.family for r in requirements}):
        yield f"{family}: a check of requirements of this family"
    for level in sorted({r.level for r in requirements}):
        yield f"{level}: a check of requirements of this level"
    for evidence in sorted({r.evidence for r in requirements}):
        yield f"{evidence}: a check of requirements with this evidence"
    for name, meaning in _PROFILES.items():
        yield f"{name}: {meaning}"


def describe(item: pytest.Item, requirements: Sequence[Requirement], least: str) -> None:
    """Give a check the marks of what it judges, and let `-k` find it by each requirement's ID."""
    for name in dict.fromkeys((*_names(requirements), least)):
        item.add_marker(name)
    item.extra_keyword_matches.update(requirement.id for requirement in requirements)


def _names(requirements: Iterable[Requirement]) -> Iterator[str]:
    for requirement in requirements:
        yield from (requirement.operation, requirement.family, requirement.level, requirement.evidence)
