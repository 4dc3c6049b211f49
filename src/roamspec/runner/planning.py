"""Which checks run, for which operations, and which of their requirements can be judged."""

from collections.abc import Iterable
from dataclasses import dataclass

from roamspec.contract.operations import Contract, Operation
from roamspec.contract.requirements import Catalogue
from roamspec.runner.selection import mark_lines
from roamspec.session.capabilities import Capabilities
from roamspec.suite.marks import PROFILES, Profile

BASIS = "success.status-200"
"""Who judges this also judges what the call does."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the catalogue, the profile and the selection of a run ask for."""

    catalogue: Catalogue
    contract: Contract
    profile: Profile
    selected: frozenset[str] | None

    @property
    def marks(self) -> list[str]:
        """A line for pytest on each mark that checks get of what they judge."""
        return list(mark_lines(self.catalogue))

    def operations_of(self, names: Iterable[str]) -> list[Operation]:
        """The operations that have the first of the requirements, in the contract's order; of an earlier
        revision of the catalogue the first that it has."""
        every = self.contract.operations.values()
        later = {identifier.partition(".")[2] for identifier in self.catalogue.later}
        known = [name for name in names if name not in later or any(self._has(o, name) for o in every)]
        unknown = [name for name in known if not any(self._has(o, name) for o in every)]
        if unknown:
            raise ValueError(f"no operation has a requirement {', '.join(unknown)}")
        return [operation for operation in every if known and self._has(operation, known[0])]

    def wants(self, names: Iterable[str], operation: Operation, least: str) -> bool:
        """Whether a check runs: its profile is covered and one of its requirements is selected.

        The check of the success response runs for every operation of which anything is selected: without
        a success and its effect seen, no verdict on the operation would mean much.
        """
        if PROFILES.index(least) > PROFILES.index(self.profile):
            return False
        wanted = tuple(names)
        if BASIS in wanted and self._selects(operation):
            return True
        return any(self._has(operation, n) and self.is_selected(f"{operation.slug}.{n}") for n in wanted)

    def wants_jointly(self, names: Iterable[str], least: str) -> bool:
        """The same for a check of all operations at once."""
        if PROFILES.index(least) > PROFILES.index(self.profile):
            return False
        every = self.contract.operations.values()
        return any(self._has(o, n) and self.is_selected(f"{o.slug}.{n}") for n in names for o in every)

    def _selects(self, operation: Operation) -> bool:
        return self.selected is None or any(
            self.catalogue[identifier].operation == operation.name for identifier in self.selected
        )

    def is_selected(self, requirement: str) -> bool:
        """Whether the run judges this requirement, by its ID."""
        return self.selected is None or self.catalogue.judged(requirement) in self.selected

    def judgeable(
        self, names: Iterable[str], operation: Operation, capabilities: Capabilities
    ) -> dict[str, str]:
        """The names that the operation has, with the reason why they cannot be judged here, if any."""
        return {
            name: capabilities.lacking(self.catalogue[judged].capabilities)
            for name in names
            if (judged := self.catalogue.judged(f"{operation.slug}.{name}"))
        }

    def _has(self, operation: Operation, name: str) -> bool:
        return bool(self.catalogue.judged(f"{operation.slug}.{name}"))
