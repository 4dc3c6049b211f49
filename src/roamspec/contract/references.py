"""Local `$ref`s of an OpenAPI document, replaced by what they point at."""

from pathlib import Path
from typing import Any

from roamspec.errors import ContractError


def dereferenced(document: dict[str, Any], *, path: Path) -> dict[str, Any]:
    """A copy of `document` without `$ref`; one that leads nowhere or round in circles is a ContractError."""

    def follow(node: Any, trail: tuple[str, ...]) -> Any:
        if isinstance(node, list):
            return [follow(item, trail) for item in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return {key: follow(value, trail) for key, value in node.items()}
        if reference in trail:
            raise ContractError(f"{path}: {reference}: this reference refers to itself.")
        return follow(_target(document, reference, path), (*trail, reference))

    try:
        resolved: dict[str, Any] = follow(document, ())
    except RecursionError:
        raise ContractError(f"{path}: the file as a whole: a YAML alias refers to itself.") from None
    return resolved


def _target(document: dict[str, Any], reference: str, path: Path) -> Any:
    if not reference.startswith("#/"):
        raise ContractError(f"{path}: {reference}: only references inside the file ('#/...') are followed.")
    node: Any = document
    for part in reference[2:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or key not in node:
            raise ContractError(f"{path}: {reference}: this reference has no target.")
        node = node[key]
    return node
