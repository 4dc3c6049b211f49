"""Both contracts are valid OpenAPI 3.1, examples included."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.readers import read_from_filename

from roamspec.contract.files import parse_yaml, read_bytes
from roamspec.contract.references import dereferenced
from roamspec.resources import folder

CONTRACTS = ("deletion.openapi.yaml", "surrounding.openapi.yaml")
each_contract = pytest.mark.parametrize("name", CONTRACTS)


@each_contract
def test_valid_openapi_3_1(name: str) -> None:
    document, _ = read_from_filename(str(folder("contracts") / name))
    assert str(document["openapi"]).startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


@each_contract
def test_every_component_is_used(name: str) -> None:
    text = read_bytes(folder("contracts") / name).decode()
    components = parse_yaml(text.encode(), path=Path(name))["components"]
    unused = [
        f"#/components/{kind}/{entry}"
        for kind, entries in components.items()
        if kind != "securitySchemes"
        for entry in entries
        if f"#/components/{kind}/{entry}" not in text
    ]
    assert unused == []


@each_contract
def test_every_example_fits_its_schema(name: str) -> None:
    path = folder("contracts") / name
    document = dereferenced(parse_yaml(read_bytes(path), path=path), path=path)
    checked = 0
    for place, media in _media_types(document["paths"], "paths"):
        for key, example in media.get("examples", {}).items():
            errors = jsonschema_rs.validator_for(media["schema"]).iter_errors(example["value"])
            assert [error.message for error in errors] == [], f"{place}, example {key}"
            checked += 1
    assert checked >= 5


def _media_types(node: Any, place: str) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        return [
            found for position, item in enumerate(node) for found in _media_types(item, f"{place}/{position}")
        ]
    if not isinstance(node, dict):
        return []
    here = [(place, node)] if "schema" in node and "examples" in node else []
    return here + [found for key, item in node.items() for found in _media_types(item, f"{place}/{key}")]
