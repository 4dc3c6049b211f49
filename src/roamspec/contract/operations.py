"""The five operations as the contract describes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from roamspec.errors import ContractError

Location = Literal["path", "query"]
ErrorKey = Literal["not-open", "too-many-ids", "missing-parameter"]

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def slug_of(name: str) -> str:
    """The form of an operation's name that begins its requirements' IDs: `clearUser` -> `clear-user`."""
    return _HUMP.sub("-", name).lower()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One path or query parameter.

    `type` is the JSON Schema type; an `array` is written as one value, its items separated by commas.
    `default` is what an absent parameter means; None when the contract names no default.
    `min_items` and `max_items` are set for arrays only.
    """

    name: str
    location: Location
    type: str
    required: bool
    default: object
    description: str
    min_items: int | None = None
    max_items: int | None = None


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One documented error: `error` and `description` are the literal texts of the response's body."""

    key: ErrorKey
    status: int
    error: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the five: `path` is a template that begins `/{org_name}/{app_name}/`.

    The path and the query may each have a parameter of the same name: tell them apart by `location`.
    `rate_per_second` counts the calls of one App Key. `whole_timestamp` says whether the timestamp of a
    success is a whole number; else it may have a fraction.
    """

    name: str
    slug: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    error_rows: tuple[ErrorRow, ...]
    rate_per_second: int
    whole_timestamp: bool = False

    @property
    def most_ids(self) -> int | None:
        """How many message IDs one call may list; None for an operation that lists none."""
        return next((each.max_items for each in self.parameters if each.max_items is not None), None)

    def find_error_row(self, key: str) -> ErrorRow | None:
        """The documented error of this key; None where the operation has none."""
        return next((row for row in self.error_rows if row.key == key), None)

    def error_row(self, key: str) -> ErrorRow:
        """The same for an operation that has it; KeyError for another one."""
        rows: dict[str, ErrorRow] = {row.key: row for row in self.error_rows}
        return rows[key]


@dataclass(frozen=True, slots=True)
class Contract:
    """The deletion contract: `sha256` is over the file's bytes, `document` is the OpenAPI document itself."""

    operations: Mapping[str, Operation]
    sha256: str
    document: dict[str, Any] = field(repr=False, compare=False)

    def operation(self, name: str) -> Operation:
        """The operation of this name or slug; ContractError when there is none."""
        for operation in self.operations.values():
            if name in (operation.name, operation.slug):
                return operation
        raise ContractError(f"The contract has no operation {name!r}; it has {', '.join(self.operations)}.")
