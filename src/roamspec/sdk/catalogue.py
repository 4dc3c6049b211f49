"""The requirements on clients: the same records as those on the service, from a file of their own."""

from functools import cache
from pathlib import Path
from typing import Final

from roamspec.contract.files import load_entries
from roamspec.contract.operations import slug_of
from roamspec.contract.requirements import Catalogue, Requirement
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
    known = (*contract().operations, *FURTHER)
    by_id: dict[str, Requirement] = {}
    for item in load_entries(path, key="requirements", schema="requirements.schema.json"):
        name, operation = item["id"], item["operation"]
        slug, family, _ = name.split(".")
        if operation not in known or slug != slug_of(operation):
            raise ContractError(
                f"{path}: {name}: the id begins with the slug of its operation, which is one of "
                f"{', '.join(known)}."
            )
        if not family.startswith("client-"):
            raise ContractError(
                f"{path}: {name}: the family of a requirement on clients begins with 'client-'."
            )
        capabilities = tuple(item.get("capabilities", ()))
        fields = {**item, "capabilities": capabilities}
        by_id[name] = Requirement(**fields, family=family, unchecked="")
    return Catalogue(by_id)


@cache
def client_catalogue() -> Catalogue:
    """The project's own catalogue, read once."""
    return load_client_catalogue()
