"""The requirements on clients: the same records as those on the service, from a file of their own."""

from functools import cache
from pathlib import Path
from typing import Final

from roamspec.contract.citations import load_citations
from roamspec.contract.requirements import Catalogue, latest_revision, load_catalogue, read_requirements
from roamspec.errors import ContractError
from roamspec.resources import folder
from roamspec.sdk.contracted import contract

CONNECTION: Final = "connection"
"""Stands for an operation where what came belongs to none."""
FURTHER: Final = ("createToken", "sendToUsers", "sendToGroups", "sendToChatrooms", CONNECTION)
"""What requirements on clients speak of besides the five."""


def load_client_catalogue(path: Path | None = None) -> Catalogue:
    """Read `contracts/client-requirements.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "client-requirements.yaml"
    by_id = read_requirements(path, (*contract().operations, *FURTHER), load_citations())
    for name, requirement in by_id.items():
        if not requirement.family.startswith("client-"):
            raise ContractError(
                f"{path}: {name}: the family of a requirement on clients begins with 'client-'."
            )
    return Catalogue(by_id, latest_revision())


@cache
def service_catalogue() -> Catalogue:
    """The requirements on the service, read once."""
    return load_catalogue(contract=contract())


@cache
def client_catalogue() -> Catalogue:
    """The project's own catalogue, read once."""
    return load_client_catalogue()
