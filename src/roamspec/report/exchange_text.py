"""A requirement that was judged again, for a terminal: every exchange, what was expected, what came."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from roamspec.report.localised import localised_requirement
from roamspec.report.terminal_text import padded
from roamspec.report.text import visible
from roamspec.report.translation import N_, Translation, translation
from roamspec.report.verdict_labels import VERDICT_LABELS
from roamspec.shortening import shortened

_LONGEST_BODY: Final = 500


def shown(item: Mapping[str, Any], texts: Translation | None = None) -> str:
    """The text for a requirement in the form of `report.json`; English unless `texts` are given."""
    texts = texts or translation()
    _, item = texts.gettext, localised_requirement(item, texts)
    lines = [f"{item['id']}: {item['title']}"]
    failing = next((c for c in item["checks"] if c["outcome"] == "fail" and c.get("failure")), None)
    if failing is None:
        reason = f": {item['reason']}" if item["reason"] else ""
        verdict = _(VERDICT_LABELS[item["verdict"]]) + reason
        said = _("It does not fail this time ({verdict}).").format(verdict=verdict)
        return visible("\n".join([*lines, said, ""]))
    failure = failing["failure"]
    arranged = failure.get("arranged", ())
    if arranged:
        lines += ["", _("Set-up and earlier calls:")]
        lines += [line for each in arranged for line in _exchange(each)]
    lines += ["", _("The finding:")]
    lines += [line for each in failure["exchanges"] for line in _exchange(each)]
    lines.append("")
    for key in (N_("expected"), N_("actual"), N_("hint")):
        if failure[key] or key != "hint":
            lines.append(padded(_(key), 10) + failure[key])
    return visible("\n".join(lines) + "\n")


def _exchange(exchange: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {exchange['method']} {exchange['url']}"
    if exchange["request_body"]:
        yield f"      {_one_line(exchange['request_body'])}"
    status = exchange["status"]
    answer = f"no response ({exchange['error']})" if status is None else f"{status}"
    yield f"    {answer} {_one_line(exchange['response_body'])}".rstrip()


def _one_line(text: str) -> str:
    return shortened(" ".join(text.split()), _LONGEST_BODY)
