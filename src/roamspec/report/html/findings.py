"""One requirement that failed, with all that a person needs to act on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from roamspec.report.html.sequence import Diagram, diagram_of
from roamspec.report.translation import Translation
from roamspec.shortening import short_lists, shortened

_MOST_OF_A_BODY: Final = 600
_MOST_OF_A_SENTENCE: Final = 900


@dataclass(frozen=True, slots=True)
class Citation:
    """`address` is empty where it is no address of the web: nothing else becomes a link."""

    page: str
    section: str
    line: int | None
    says: str
    address: str


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange, bodies shortened."""

    method: str
    url: str
    request_body: str
    status: str
    response_body: str
    sent_at: float
    elapsed_s: float
    note: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one check saw."""

    check: str
    reason: str
    expected: str
    actual: str
    hint: str
    curl: str
    calls: Sequence[Call]
    diagram: Diagram | None


@dataclass(frozen=True, slots=True)
class Finding:
    """`item` is the requirement as the report has it; `others` are further checks that failed it."""

    item: dict[str, Any]
    citations: Sequence[Citation]
    evidence: Evidence
    others: Sequence[str]
    run_again: str


def finding_of(item: dict[str, Any], texts: Translation) -> Finding:
    """What the page shows of one requirement that failed."""
    failing = [check for check in item["checks"] if check["outcome"] == "fail"] or item["checks"][:1]
    shown = next((check for check in failing if check.get("failure")), failing[0])
    others = dict.fromkeys(check["id"] for check in failing if check["id"] != shown["id"])
    return Finding(
        item,
        [_citation(source) for source in item.get("derived_from") or [item["source"]]],
        _evidence(shown, texts),
        list(others),
        item.get("run_again", ""),
    )


def is_web_address(url: str) -> bool:
    """Whether a link may be made of it."""
    return url.startswith(("https://", "http://"))


def _citation(source: dict[str, Any]) -> Citation:
    url = source["url"]
    return Citation(
        source["page"],
        source["section"] if source["section"] != source["page"] else "",
        source["line"],
        source["says"],
        url if is_web_address(url) else "",
    )


def _evidence(check: dict[str, Any], texts: Translation) -> Evidence:
    failure = check.get("failure", {})
    exchanges = failure.get("exchanges", [])
    return Evidence(
        check=check["id"],
        reason=check.get("reason", ""),
        expected=shortened(short_lists(failure.get("expected", "")), _MOST_OF_A_SENTENCE),
        actual=shortened(short_lists(failure.get("actual", "")), _MOST_OF_A_SENTENCE),
        hint=failure.get("hint", ""),
        curl=failure.get("reproduce", "").strip("\n"),
        calls=[_call(exchange) for exchange in exchanges],
        diagram=diagram_of(exchanges, failure.get("devices", []), texts) if exchanges else None,
    )


def _call(exchange: dict[str, Any]) -> Call:
    status = exchange["status"]
    return Call(
        method=exchange["method"],
        url=_short(exchange["url"]),
        request_body=_short(exchange["request_body"]),
        status=str(status) if status is not None else exchange["error"] or "?",
        response_body=_short(exchange["response_body"]),
        sent_at=exchange["sent_at"],
        elapsed_s=exchange["elapsed_s"],
        note=exchange["note"],
    )


def _short(text: str) -> str:
    return shortened(short_lists(text), _MOST_OF_A_BODY)
