"""The pages on the errata and on the form of `report.json`, made of `contracts/`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from roamspec.contract.errata import Erratum
from roamspec.language.translation import Translation

_ERRATA = {
    "en": (
        "Errata of the documentation",
        """\
Where the documentation contradicts itself or another page of the vendor, or leaves something open, and what
roamspec does about it. Line numbers count the lines of the page's text.""",
        ("where", "the documentation says", "contradicts", "decision", "requirements"),
        ": ",
    ),
    "zh": (
        "文档勘误",
        """\
文档自相矛盾、与厂商的其他页面矛盾或没有说明之处，以及 roamspec 的处理方式。行号为该页面文字的行号。""",
        ("位置", "文档的说明", "与之矛盾", "决定", "相关要求"),
        "：",
    ),
}


def errata_page(errata: Sequence[Erratum], texts: Translation) -> str:
    """One section for each erratum; its anchor is its ID."""
    title, text, labels, colon = _ERRATA[texts.lang]
    lines = [f"# {title}", "", text, ""]
    for each in errata:
        values = [texts.gettext(one) for one in (each.where, each.says, each.contradicts, each.decision)]
        values.append(", ".join(f"`{pattern}`" for pattern in each.requirements))
        lines += [f"## {each.id} {{ #{each.id} }}", ""]
        said = [(label, value) for label, value in zip(labels, values, strict=True) if value]
        lines += [f"- **{label}**{colon}{value}" for label, value in said]
        lines.append("")
    return "\n".join(lines)


def schema_page(schema: Mapping[str, Any], *, source: str) -> str:
    """The keys of a JSON Schema as tables: one for the document, one for each of its definitions."""
    whole = f"[`{source}`](../{source}) is the whole JSON Schema, by which each file is validated"
    lines = ["# `report.json`, key by key", "", f"{schema['description']} {whole} before it is written.", ""]
    lines += _table(schema)
    for name, definition in schema["$defs"].items():
        if "properties" in definition:
            described = [definition["description"], ""] if "description" in definition else []
            lines += [f"## {name}", "", *described]
            lines += _table(definition)
    return "\n".join(lines)


def _table(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| key | values | meaning |", "| --- | --- | --- |")
    for path, part, required in _keys(schema, ""):
        meaning = part.get("description", "")
        optional = "" if required else " (may be absent)"
        yield f"| `{path}`{optional} | {_values(part)} | {meaning} |"
    yield ""


def _keys(schema: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Each key with its part of the schema, and whether it is always there; objects inside come after it."""
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        path = f"{prefix}{name}"
        yield path, part, name in required
        inner, mark = (part["items"], "[].") if "items" in part else (part, ".")
        if isinstance(inner, Mapping) and "properties" in inner:
            yield from _keys(inner, path + mark)


def _values(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        return _reference(part["$ref"])
    if "const" in part:
        return f"`{part['const']}`"
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part["type"] == "array":
        return f"list of {_values(part['items'])}"
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    return " or ".join(kinds)


def _reference(target: str) -> str:
    name = target.rpartition("/")[2]
    numbers = {"count": "integer", "seconds": "number of seconds", "headers": "list of name and value"}
    return numbers.get(name, f"[{name}](#{name})")
