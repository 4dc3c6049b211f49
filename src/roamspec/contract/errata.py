"""Where the documentation errs or contradicts each other, and what the suite does about it."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from roamspec.contract.citations import Place, place_of
from roamspec.contract.files import load_entries
from roamspec.contract.requirements import Catalogue
from roamspec.errors import ContractError
from roamspec.resources import folder


@dataclass(frozen=True, slots=True)
class Erratum:
    """One slip: `where` it stands, what it `says`, what that `contradicts`, and the suite's `decision`.

    `places` are the lines of the page of the five operations that it is about, none where it has no line.
    `requirements` are IDs or fnmatch patterns of IDs; empty when the slip touches no requirement.
    """

    id: str
    where: str
    says: str
    contradicts: str
    decision: str
    requirements: tuple[str, ...]
    places: tuple[Place, ...] = ()


def load_errata(path: Path | None = None, *, catalogue: Catalogue) -> tuple[Erratum, ...]:
    """Read `contracts/errata.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "errata.yaml"
    errata = []
    seen: set[str] = set()
    for item in load_entries(path, key="errata", schema="errata.schema.json"):
        if item["id"] in seen:
            raise ContractError(f"{path}: {item['id']}: this id is given twice; each entry needs its own.")
        seen.add(item["id"])
        for pattern in item["requirements"]:
            if not any(fnmatchcase(known, pattern) for known in catalogue):
                raise ContractError(
                    f"{path}: {item['id']}: no requirement of the catalogue matches {pattern!r}."
                )
        texts = {key: item[key] for key in ("id", "where", "says", "contradicts", "decision")}
        places = tuple(place_of(given) for given in item.get("at", ()))
        errata.append(Erratum(**texts, requirements=tuple(item["requirements"]), places=places))
    return tuple(errata)
