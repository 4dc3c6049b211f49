"""Where the documents slip or contradict each other, and what the suite does about it."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from roamspec.contract.files import load_entries
from roamspec.contract.requirements import Catalogue
from roamspec.errors import ContractError
from roamspec.resources import folder


@dataclass(frozen=True, slots=True)
class Erratum:
    """One slip: `where` it stands, what it `says`, what that `contradicts`, and the suite's `decision`.

    `requirements` are IDs or fnmatch patterns of IDs; empty when the slip touches no requirement.
    """

    id: str
    where: str
    says: str
    contradicts: str
    decision: str
    requirements: tuple[str, ...]


def load_errata(path: Path | None = None, *, catalogue: Catalogue) -> tuple[Erratum, ...]:
    """Read `contracts/errata.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "errata.yaml"
    errata = []
    for item in load_entries(path, key="errata", schema="errata.schema.json"):
        for pattern in item["requirements"]:
            if not any(fnmatchcase(known, pattern) for known in catalogue):
                raise ContractError(
                    f"{path}: {item['id']}: no requirement of the catalogue fits {pattern!r}."
                )
        errata.append(Erratum(**{**item, "requirements": tuple(item["requirements"])}))
    return tuple(errata)
