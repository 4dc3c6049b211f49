"""A requirement that was judged again, for a terminal: every exchange, what was expected, what came."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from roamspec.report.text import visible
from roamspec.shortening import shortened

_LONGEST_BODY: Final = 500


def shown(item: Mapping[str, Any]) -> str:
    """The text for a requirement in the form of `report.json`."""
    lines = [f"{item['id']}: {item['title']}"]
    failing = next((c for c in item["checks"] if c["outcome"] == "fail" and c.get("failure")), None)
    if failing is None:
        reason = f": {item['reason']}" if item["reason"] else ""
        return visible("\n".join([*lines, f"It does not fail this time ({item['verdict']}{reason}).", ""]))
    failure = failing["failure"]
    arranged = failure.get("arranged", ())
    if arranged:
        lines += ["", "Set-up and earlier calls:"]
        lines += [line for each in arranged for line in _exchange(each)]
    lines += ["", "The finding:"]
    lines += [line for each in failure["exchanges"] for line in _exchange(each)]
    lines += ["", f"expected  {failure['expected']}", f"actual    {failure['actual']}"]
    if failure["hint"]:
        lines.append(f"hint      {failure['hint']}")
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
