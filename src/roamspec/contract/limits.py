"""The limits of the contracts: how many message IDs one call may list, how many calls a second holds."""

from functools import cache
from typing import Any, Final

from roamspec.contract.files import parse_yaml, read_bytes
from roamspec.contract.load import load_contract
from roamspec.errors import ContractError
from roamspec.resources import folder

OTHER_CALLS_PER_SECOND: Final = 100
"""Of operations for which the contracts name no rate: the vendor's limit for everything else."""
_SECONDS: Final = {"second": 1, "minute": 60}
_CONTRACTS: Final = ("deletion.openapi.yaml", "surrounding.openapi.yaml")


@cache
def most_message_ids() -> int:
    """How many message IDs one call may list."""
    limits = {operation.most_ids for operation in load_contract().operations.values()} - {None}
    (limit,) = limits
    assert limit is not None
    return limit


def documented_rate(operation: str) -> tuple[int, int]:
    """How many calls in how many seconds, of an operation of one of the contracts, by its operationId."""
    return _rates("x-rate-limit").get(operation, (OTHER_CALLS_PER_SECOND, 1))


def documented_rate_per_user(operation: str) -> tuple[int, int]:
    """The further limit for each user, in the same form; KeyError for an operation without one."""
    return _rates("x-rate-limit-per-user")[operation]


def documented_message_rate(operation: str) -> tuple[int, int]:
    """How many messages in how many seconds, however many calls they come in; KeyError for an operation
    without such a limit."""
    return _rates("x-message-limit", "messages")[operation]


def calls_per_second(operation: str) -> int:
    """The documented rate of an operation in whole calls per second, at least one."""
    calls, seconds = documented_rate(operation)
    return max(1, calls // seconds)


@cache
def _rates(key: str, counted: str = "calls") -> dict[str, tuple[int, int]]:
    return {name: rate for file in _CONTRACTS for name, rate in _rates_in(file, key, counted).items()}


def _rates_in(file: str, key: str, counted: str) -> dict[str, tuple[int, int]]:
    path = folder("contracts") / file
    document: dict[str, Any] = parse_yaml(read_bytes(path), path=path)
    found: dict[str, tuple[int, int]] = {}
    for item in document["paths"].values():
        for described in item.values():
            rate = described.get(key) if isinstance(described, dict) else None
            if rate is None:
                continue
            if rate["per"] not in _SECONDS:
                raise ContractError(
                    f"{path}: {described['operationId']}: a rate is given per second or per minute."
                )
            found[described["operationId"]] = (rate[counted], _SECONDS[rate["per"]])
    return found
