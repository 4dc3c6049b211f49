"""What a requirement rests on, as a person reads it."""

from collections.abc import Iterator, Mapping
from typing import Any

from roamspec.report.citations import place_of
from roamspec.report.translation import Translation, translation


def source_lines(
    item: Mapping[str, Any], *, addresses: bool = False, texts: Translation | None = None
) -> Iterator[str]:
    """The places and what they say, of a requirement in the form of `report.json`.

    The first line begins with level and evidence; a derived requirement has a line for each statement, and
    a last one that says how it follows from them. With `addresses`, each place has the page's. `texts` are
    English unless given.
    """
    texts = texts or translation()
    _ = texts.gettext
    head = _("{level}, {evidence}: ").format(level=_(item["level"]), evidence=_(item["evidence"]))
    for source in item.get("derived_from") or [item["source"]]:
        address = f" ({source['url']})" if addresses else ""
        place = place_of(source, texts) + address
        yield head + _("{place}: {says}").format(place=place, says=source["says"])
        head = ""
    if "derivation" in item:
        yield _("Thus: {step}").format(step=item["derivation"])
