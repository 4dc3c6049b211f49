"""Reads the deletion contract into records."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jsonschema_rs

from roamspec.contract.files import check, parse_yaml, read_bytes
from roamspec.contract.operations import Contract, ErrorRow, Operation, Parameter, slug_of
from roamspec.contract.references import dereferenced
from roamspec.contract.shape import METHODS, SHAPE
from roamspec.errors import ContractError
from roamspec.resources import folder


def load_contract(path: Path | None = None) -> Contract:
    """Read `contracts/deletion.openapi.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "deletion.openapi.yaml"
    return _contract(read_bytes(path), path)


@lru_cache(maxsize=4)
def _contract(content: bytes, path: Path) -> Contract:
    """The same of content that was read: a warm process reads the same contract for run after run."""
    document = parse_yaml(content, path=path)
    if not isinstance(document, dict):
        raise ContractError(f"{path}: the file as a whole: this is not an OpenAPI document.")
    resolved = dereferenced(document, path=path)
    check(resolved, _shape(), path=path, entry=_entry_name)
    operations: dict[str, Operation] = {}
    for operation in _operations(resolved, path):
        if operation.name in operations:
            raise ContractError(
                f"{path}: {operation.name}: this operationId is given twice; each operation needs its own."
            )
        operations[operation.name] = operation
    return Contract(MappingProxyType(operations), hashlib.sha256(content).hexdigest(), document)


@cache
def _shape() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(SHAPE)


def _entry_name(_: Any, place: Sequence[str | int]) -> str:
    return " / ".join(map(str, place)) or "the file as a whole"


def _operations(document: dict[str, Any], path: Path) -> Iterator[Operation]:
    for template, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(item[method], method, template, item.get("parameters", []), path)


def _operation(
    described: dict[str, Any], method: str, template: str, shared: list[dict[str, Any]], path: Path
) -> Operation:
    name = described["operationId"]
    # The key is location and name: a path may have a parameter of the same name as the query.
    parameters: dict[tuple[str, str], Parameter] = {}
    for declared in (shared, described.get("parameters", [])):
        found = [_parameter(parameter) for parameter in declared]
        if len({(one.location, one.name) for one in found}) < len(found):
            raise ContractError(f"{path}: {name}: a parameter is given twice in the same place.")
        # An operation's own parameter replaces the path's, as OpenAPI has it.
        parameters |= {(one.location, one.name): one for one in found}
    return Operation(
        name=name,
        slug=slug_of(name),
        method=method.upper(),
        path=template,
        parameters=tuple(parameters.values()),
        error_rows=tuple(_error_rows(described["responses"])),
        rate_per_second=described["x-rate-limit"]["calls"],
        whole_timestamp=_has_whole_timestamp(described["responses"]["200"]),
    )


def _has_whole_timestamp(success: dict[str, Any]) -> bool:
    """Whether a part of the success schema calls timestamp an integer."""
    schema = success.get("content", {}).get("application/json", {}).get("schema", {})
    parts = [schema, *schema.get("allOf", ())]
    return any(part.get("properties", {}).get("timestamp", {}).get("type") == "integer" for part in parts)


def _parameter(described: dict[str, Any]) -> Parameter:
    schema = described["schema"]
    return Parameter(
        name=described["name"],
        location=described["in"],
        type=schema["type"],
        required=described.get("required", False),
        default=schema.get("default"),
        description=" ".join(described["description"].split()),
        min_items=schema.get("minItems"),
        max_items=schema.get("maxItems"),
    )


def _error_rows(responses: dict[str, Any]) -> Iterator[ErrorRow]:
    """The named examples of the error responses: each is one row of the documentation's error table."""
    for status, response in responses.items():
        if status.startswith("4") and status.isdecimal():
            examples = response.get("content", {}).get("application/json", {}).get("examples", {})
            for key, example in examples.items():
                value = example["value"]
                yield ErrorRow(key, int(status), value["error"], value["error_description"])
