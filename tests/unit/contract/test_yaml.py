"""Every file of contracts/ says what it seems to say, whatever reads it.

YAML has readings that nobody means: a comma in a flow mapping ends a text, ` #` begins a comment, and an
older reader takes `no`, `1:30` and `012` for something else than a newer one does.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from roamspec.contract.files import parse_yaml
from roamspec.resources import folder

FILES: Final = sorted(folder("contracts").glob("*.yaml"))
OPENAPI: Final = sorted(folder("contracts").glob("*.openapi.yaml"))
# What YAML 1.2 and every 1.1 reader take for the same value.
PLAIN: Final = {
    "bool": r"true|false",
    "int": r"-?(0|[1-9][0-9]*)",
    "float": r"-?(0|[1-9][0-9]*)\.[0-9]+",
}
NOTHING: Final = r"(?!)"
# Texts that are a number, a truth value, nothing, a date or a merge to some reader, though not to PyYAML.
READ_OTHERWISE: Final = re.compile(
    r"y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?[0-9][0-9_,:eExXoO+-]*(\.[0-9eE+-]*)?|\.inf|\.nan",
    re.IGNORECASE,
)
SCHEMA_WORDS: Final = frozenset(
    (
        "$ref", "additionalProperties", "allOf", "anyOf", "const", "contentEncoding", "default",
        "description", "enum", "example", "examples", "format", "items", "maxItems", "maxLength", "maximum",
        "minItems", "minLength", "minimum", "oneOf", "pattern", "properties", "required", "type",
        "uniqueItems",
    )
)  # fmt: skip


def accidents(text: str) -> Iterator[str]:
    """Each place, by line, where a reader may see something else than the writer meant."""
    lines = text.split("\n")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    # An anchored node stands in several places and is looked at once.
    seen: set[int] = set()
    nodes = [] if root is None else [(root, False)]
    while nodes:
        node, in_flow_list = nodes.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        where = f"line {node.start_mark.line + 1}"
        if isinstance(node, yaml.ScalarNode):
            if node.style is None:
                yield from (f"{where}: {problem}" for problem in _of_plain(node, in_flow_list, lines))
            continue
        children = [part for pair in node.value for part in pair] if _is_mapping(node) else node.value
        flow_list = isinstance(node, yaml.SequenceNode) and bool(node.flow_style)
        nodes += [(child, flow_list) for child in children]


def _is_mapping(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode)


def _of_plain(node: yaml.ScalarNode, in_flow_list: bool, lines: list[str]) -> Iterator[str]:
    kind, value = node.tag.rpartition(":")[2], node.value
    if kind != "str" and not re.fullmatch(PLAIN.get(kind, NOTHING), value):
        yield f"{value!r} is taken for {kind}"
    elif kind == "str" and READ_OTHERWISE.fullmatch(value):
        yield f"{value!r} is text here and something else to other readers"
    if in_flow_list and " " in value:
        yield f"{value!r} stands in a list without quotes, where a comma would cut it"
    if lines[node.end_mark.line][node.end_mark.column :].lstrip().startswith("#"):
        yield f"what follows {value!r} is a comment"


def stray_keys(node: Any, place: str, *, is_schema: bool) -> Iterator[str]:
    """Keys of schemas that no validator of OpenAPI objects to, and that mean nothing."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from stray_keys(item, f"{place}/{number}", is_schema=is_schema)
        return
    if not isinstance(node, dict):
        return
    if is_schema:
        yield from (f"{place}/{key}" for key in node if key not in SCHEMA_WORDS and not key.startswith("x-"))
    for key, item in node.items():
        below = f"{place}/{key}"
        if is_schema and key == "properties":
            for name, schema in item.items():
                yield from stray_keys(schema, f"{below}/{name}", is_schema=True)
        elif is_schema:
            if key in ("allOf", "anyOf", "oneOf", "items", "additionalProperties"):
                yield from stray_keys(item, below, is_schema=True)
        elif key == "schemas":
            for name, schema in item.items():
                yield from stray_keys(schema, f"{below}/{name}", is_schema=True)
        elif key not in ("example", "examples"):
            yield from stray_keys(item, below, is_schema=key == "schema")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_reader_sees_something_else(path: Path) -> None:
    content = path.read_bytes()
    # Rejects a key given twice, and a key that is not a text.
    parse_yaml(content, path=path)
    assert list(accidents(content.decode())) == []


@pytest.mark.parametrize("path", OPENAPI, ids=lambda path: path.name)
def test_no_schema_has_a_key_that_means_nothing(path: Path) -> None:
    document = parse_yaml(path.read_bytes(), path=path)
    assert list(stray_keys(document, "", is_schema=False)) == []


@pytest.mark.parametrize("path", sorted(folder("contracts").glob("*.json")), ids=lambda path: path.name)
def test_no_key_of_the_json_files_is_given_twice(path: Path) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert len(set(keys)) == len(keys), sorted({key for key in keys if keys.count(key) > 1})
        return dict(pairs)

    json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: {b: Peer, group or room}", "line 1: '' is taken for null"),
        ("a: {b: [red, dark blue]}", "line 1: 'dark blue' stands in a list without quotes"),
        ("a:\n  on", "line 2: 'on' is taken for bool"),
        ("a: [y]", "line 1: 'y' is text here"),
        ("a: 012", "line 1: '012' is taken for int"),
        ("a: 0o12", "line 1: '0o12' is text here"),
        ("a: 1:30", "line 1: '1:30' is taken for int"),
        ("a: 1_000", "line 1: '1_000' is taken for int"),
        ("a: 1e3", "line 1: '1e3' is text here"),
        ("a: 2024-03-13", "line 1: '2024-03-13' is taken for timestamp"),
        ("a: ~", "line 1: '~' is taken for null"),
        ("a:", "line 1: '' is taken for null"),
        ("a: number #1", "line 1: what follows 'number' is a comment"),
        ("on: 1", "line 1: 'on' is taken for bool"),
    ],
)
def test_accidents_are_found(text: str, found: str) -> None:
    assert any(accident.startswith(found) for accident in accidents(text)), list(accidents(text))


@pytest.mark.parametrize("text", ['a: {b: "Peer, group"}', "a: true", "a: -5", "a: 0.5", "a: [b, 'c d']", ""])
def test_what_is_meant_is_no_accident(text: str) -> None:
    assert list(accidents(text)) == []


def test_stray_keys_are_found() -> None:
    document = {"components": {"schemas": {"A": {"properties": {"b": {"type": "string", "or c": 1}}}}}}
    assert list(stray_keys(document, "", is_schema=False)) == ["/components/schemas/A/properties/b/or c"]
