"""The limits of the contracts: how many message IDs one call may list, how many calls a second holds."""

from functools import cache
from typing import Any, Final

from roamspec.contract.files import parse_yaml, read_bytes
from roamspec.contract.load import load_contract
from roamspec.errors import ContractError
from roamspec.resources import folder

OTHER_CALLS_PER_SECOND: Final = 100
"""Of operations for which the contracts name no rate: the vendor's limit for everything else."""
_CONTRACTS: Final = ("deletion.openapi.yaml", "surrounding.openapi.yaml")


@cache
def most_message_ids() -> int:
    """How many message IDs one call may list."""
    limits = {operation.most_ids for operation in load_contract().operations.values()} - {None}
    (limit,) = limits
    assert limit is not None
    return limit


def calls_per_second(operation: str) -> int:
    """The documented rate of an operation of one of the contracts, by its operationId."""
    return _rates().get(operation, OTHER_CALLS_PER_SECOND)


@cache
def _rates() -> dict[str, int]:
    return {name: calls for file in _CONTRACTS for name, calls in _rates_in(file).items()}


def _rates_in(file: str) -> dict[str, int]:
    path = folder("contracts") / file
    document: dict[str, Any] = parse_yaml(read_bytes(path), path=path)
    found: dict[str, int] = {}
    for item in document["paths"].values():
        for described in item.values():
            rate = described.get("x-rate-limit") if isinstance(described, dict) else None
            if rate is None:
                continue
            if rate["per"] != "second":
                raise ContractError(f"{path}: {described['operationId']}: a rate is given per second.")
            found[described["operationId"]] = rate["calls"]
    return found
