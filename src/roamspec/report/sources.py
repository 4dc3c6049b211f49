"""What a requirement rests on, as a person reads it."""

from collections.abc import Iterator, Mapping
from typing import Any


def source_lines(item: Mapping[str, Any], *, addresses: bool = False) -> Iterator[str]:
    """The places and what they say, of a requirement in the form of `report.json`.

    The first line begins with level and evidence; a derived requirement has a line for each statement, and
    a last one that says how it follows from them. With `addresses`, each place has the page's.
    """
    head = f"{item['level']}, {item['evidence']}: "
    for source in item.get("derived_from") or [item["source"]]:
        address = f" ({source['url']})" if addresses else ""
        yield f"{head}{_place(source)}{address}: {source['says']}"
        head = ""
    if "derivation" in item:
        yield f"Thus: {item['derivation']}"


def _place(source: Mapping[str, Any]) -> str:
    parts = [source["page"]] if source["page"] != source["section"] else []
    parts += [source["section"]]
    parts += [f"line {source['line']}"] if source["line"] else []
    return ", ".join(parts)
