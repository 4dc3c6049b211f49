"""Reads YAML and schemas: whatever is wrong with a file of `contracts/` is one ContractError."""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from roamspec.errors import ContractError
from roamspec.resources import folder
from roamspec.shortening import shortened

_LONGEST_REASON = 240


class _StrictLoader(yaml.CSafeLoader):
    """CSafeLoader that rejects a key given twice, and leaves dates as the text they are written in."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} is not text; put it in quotes", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} is given twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_bytes(path: Path) -> bytes:
    """The file's bytes; ContractError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContractError(f"{path} cannot be read: {error.strerror}.") from error


def parse_yaml(content: bytes, *, path: Path) -> Any:
    """What the YAML in `content` says; `path` names the file in errors."""
    try:
        return yaml.load(content, Loader=_StrictLoader)  # noqa: S506 - a subclass of CSafeLoader
    except yaml.YAMLError as error:
        raise ContractError(f"{path}: {_yaml_reason(error)}.") from error


def _yaml_reason(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        reason = (error.problem or "no YAML").rstrip(".")
        return f"line {error.problem_mark.line + 1}: {reason}"
    return "not valid YAML: " + " ".join(str(error).split())


@cache
def schema_validator(name: str) -> jsonschema_rs.Validator:
    """The validator of `contracts/{name}`, built once."""
    return jsonschema_rs.validator_for(json.loads(read_bytes(folder("contracts") / name)))


def check(
    document: Any,
    validator: jsonschema_rs.Validator,
    *,
    path: Path,
    entry: Callable[[Any, Sequence[str | int]], str],
) -> None:
    """Raise a ContractError for the first place where `document` is not as the validator's schema wants it.

    `entry` turns the place (keys and positions from the root) into the name by which a person finds it.
    """
    try:
        error = next(validator.iter_errors(document), None)
    except (ValueError, TypeError) as unusable:
        raise ContractError(f"{path}: a value that JSON cannot express: {unusable}.") from unusable
    if error is not None:
        reason = shortened(error.message.rstrip("."), _LONGEST_REASON)
        raise ContractError(f"{path}: {entry(document, error.instance_path)}: {reason}.")


def load_document(path: Path, *, schema: str) -> Mapping[str, Any]:
    """What a YAML file holds that is as `schema` wants it."""
    return _document(read_bytes(path), path, "", schema)


def load_entries(path: Path, *, key: str, schema: str) -> Sequence[Mapping[str, Any]]:
    """The list under `key` of a YAML file that is as `schema` wants it."""
    entries: Sequence[Mapping[str, Any]] = _document(read_bytes(path), path, key, schema)[key]
    return entries


@lru_cache(maxsize=8)
def _document(content: bytes, path: Path, key: str, schema: str) -> Mapping[str, Any]:
    """The same of content that was read: a warm process reads the same catalogue for run after run."""
    document: dict[str, Any] = parse_yaml(content, path=path)

    def entry(document: Any, place: Sequence[str | int]) -> str:
        return _entry_name(document, place, key)

    check(document, schema_validator(schema), path=path, entry=entry)
    return document


def _entry_name(document: Any, place: Sequence[str | int], key: str) -> str:
    match list(place):
        case []:
            return "the file as a whole"
        case [str(top), int(position), *inside] if top == key:
            item = document[key][position]
            name = item.get("id") if isinstance(item, dict) else None
            name = name if isinstance(name, str) else f"entry {position + 1}"
            return ", ".join([name, *(map(str, inside))])
        case parts:
            return "/".join(map(str, parts))
