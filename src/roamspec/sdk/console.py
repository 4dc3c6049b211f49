"""What a terminal is notified besides the summary of every run: the command, the coverage, the tests."""

from collections.abc import Iterator
from typing import Any, Final

from roamspec.report.terminal_text import table, width_of, wrap
from roamspec.report.text import visible
from roamspec.sdk.coverage import KINDS

_TESTS_SHOWN: Final = 20
_NAME_MIN: Final = 20


def blocks(report: dict[str, Any], width: int) -> list[list[str]]:
    """Lines of at most `width` columns, in blocks."""
    return [list(_command(report, width)), list(_coverage(report, width)), list(_tests(report, width))]


def _command(report: dict[str, Any], width: int) -> Iterator[str]:
    sdk = report["sdk"]
    command = sdk["command"]
    yield from wrap(visible(" ".join(command["words"])), width, first="command   ")
    how = {"timeout": "stopped by --timeout", "interrupted": "interrupted"}.get(
        command["how"], f"ended with status {command['status']}"
    )
    yield from wrap(f"{how} after {command['duration_s']:.1f} s", width, first="          ")
    if sdk["announced_refusals"]:
        yield from wrap(
            f"{sdk['announced_refusals']} calls, announced and rejected", width, first="refusals  "
        )


def _coverage(report: dict[str, Any], width: int) -> Iterator[str]:
    coverage = report["sdk"]["coverage"]
    operations = list(dict.fromkeys(item["operation"] for item in coverage["items"]))
    rows = [["coverage", *KINDS]]
    for operation in operations:
        cells = []
        for kind in KINDS:
            of_kind = [i for i in coverage["items"] if i["operation"] == operation and i["kind"] == kind]
            cells.append(f"{sum(i['covered'] for i in of_kind)}/{len(of_kind)}" if of_kind else "-")
        rows.append([operation, *cells])
    yield from table([*rows, ["all", *(f"{coverage['percent'][kind]:.0f}%" for kind in KINDS)]])
    for operation in operations:
        never = [i["name"] for i in coverage["items"] if i["operation"] == operation and not i["covered"]]
        if never:
            text = "never called" if operation in never else ", ".join(never)
            yield from wrap(f"{operation}: {text}", width, first="never     ")


def _tests(report: dict[str, Any], width: int) -> Iterator[str]:
    tests = report["sdk"]["tests"]
    if len(tests) < 2:
        return
    # What failed is what a reader looks for; sorting keeps the order of the tests within.
    ordered = sorted(tests, key=lambda test: -_number(test, "fail"))
    shown = ordered[:_TESTS_SHOWN]
    heads = ("calls", "passed", "failed")
    room = width - sum(len(head) + 3 for head in heads)
    column = max(_NAME_MIN, min(room, max(width_of(visible(test["name"])) for test in shown)))
    yield f"{'tests':<{column}}" + "".join(f"{head:>{len(head) + 3}}" for head in heads)
    for test in shown:
        cells = (test["calls"], _number(test, "pass"), _number(test, "fail"))
        name = visible(test["name"])
        *above, last = wrap(name, column)
        yield from above
        padding = " " * max(0, column - width_of(last))
        yield last + padding + "".join(f"{n:>{len(head) + 3}}" for n, head in zip(cells, heads, strict=True))
    if len(ordered) > len(shown):
        yield f"and {len(ordered) - len(shown)} more in the report"


def _number(test: dict[str, Any], outcome: str) -> int:
    return sum(found == outcome for found in test["requirements"].values())
