"""What a person needs of a requirement in one line: the rule, the page, the finding."""

from collections.abc import Mapping
from typing import Any, Final

from roamspec.report.translation import N_, Translation, translation
from roamspec.shortening import short_lists, shortened

LEVELS: Final = (N_("must"), N_("should"), N_("may"))
EVIDENCE: Final = (N_("documented"), N_("vendor"), N_("derived"), N_("observed"), N_("inferred"))


def place_of(source: Mapping[str, Any], texts: Translation | None = None) -> str:
    """`Page, section, line 83`; the address is not in it."""
    texts = texts or translation()
    parts = [source["page"]] if source["page"] != source["section"] else []
    parts += [source["section"]]
    parts += [texts.gettext("line {line}").format(line=source["line"])] if source["line"] else []
    return texts.gettext(", ").join(parts)


def first_failure(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The failure of the first check that has one; empty when none has."""
    found: Mapping[str, Any] = next(
        (c["failure"] for c in item["checks"] if c["outcome"] == "fail" and c.get("failure")), {}
    )
    return found


def finding_line(item: Mapping[str, Any], most: int = 300, texts: Translation | None = None) -> str:
    """What was expected and what came, each of at most `most` characters; else the reason or the title."""
    texts = texts or translation()
    failure = first_failure(item)
    if not failure:
        return short_lists(str(item["reason"] or item["title"]))
    expected, actual = (shortened(short_lists(failure[key]), most) for key in ("expected", "actual"))
    return texts.gettext("expected: {expected}; actual: {actual}").format(expected=expected, actual=actual)


def blocks(item: Mapping[str, Any], *, strict: bool) -> bool:
    """Whether a requirement of a report failed so that the run does not conform."""
    return bool(item["verdict"] == "fail" and (item["decisive"] or strict))
