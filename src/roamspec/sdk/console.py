"""What a terminal is notified besides the summary of every run: the command, the coverage, the tests."""

from collections.abc import Iterator
from typing import Any, Final

from roamspec.report.terminal_text import padded, table, width_of, wrap
from roamspec.report.text import visible
from roamspec.report.translation import N_, Translation, translation
from roamspec.sdk.coverage import KINDS

_TESTS_SHOWN: Final = 20
_NAME_MIN: Final = 20
_LABEL_COLUMN: Final = 10
KIND_LABELS: Final = (N_("operations"), N_("parameters"), N_("defaults"), N_("error-rows"))


def blocks(report: dict[str, Any], width: int, *, lang: str = "en") -> list[list[str]]:
    """Lines of at most `width` columns, in blocks."""
    texts = translation(lang)
    return [
        list(_command(report, width, texts)),
        list(_coverage(report, width, texts)),
        list(_tests(report, width, texts)),
    ]


def _labelled(label: str, text: str, width: int) -> list[str]:
    return wrap(text, width, first=padded(label, _LABEL_COLUMN))


def _command(report: dict[str, Any], width: int, texts: Translation) -> Iterator[str]:
    _, sdk = texts.gettext, report["sdk"]
    command = sdk["command"]
    yield from _labelled(_("command"), visible(" ".join(command["words"])), width)
    how = {"timeout": "stopped by --timeout", "interrupted": "interrupted"}.get(
        command["how"], f"ended with status {command['status']}"
    )
    took = _("{how} after {seconds} s").format(
        how=texts.sentence(how), seconds=f"{command['duration_s']:.1f}"
    )
    yield from _labelled("", took, width)
    if sdk["announced_refusals"]:
        said = _("{number} calls, announced and rejected").format(number=sdk["announced_refusals"])
        yield from _labelled(_("refusals"), said, width)


def _coverage(report: dict[str, Any], width: int, texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    coverage = report["sdk"]["coverage"]
    operations = list(dict.fromkeys(item["operation"] for item in coverage["items"]))
    rows = [[_("coverage"), *map(_, KINDS)]]
    for operation in operations:
        cells = []
        for kind in KINDS:
            of_kind = [i for i in coverage["items"] if i["operation"] == operation and i["kind"] == kind]
            cells.append(f"{sum(i['covered'] for i in of_kind)}/{len(of_kind)}" if of_kind else "-")
        rows.append([operation, *cells])
    yield from table([*rows, [_("all"), *(f"{coverage['percent'][kind]:.0f}%" for kind in KINDS)]])
    for operation in operations:
        never = [i["name"] for i in coverage["items"] if i["operation"] == operation and not i["covered"]]
        if never:
            text = _("never called") if operation in never else ", ".join(never)
            yield from _labelled(_("never"), f"{operation}: {text}", width)


def _tests(report: dict[str, Any], width: int, texts: Translation) -> Iterator[str]:
    _, tests = texts.gettext, report["sdk"]["tests"]
    if len(tests) < 2:
        return
    # What failed is what a reader looks for; sorting keeps the order of the tests within.
    ordered = sorted(tests, key=lambda test: -_number(test, "fail"))
    shown = ordered[:_TESTS_SHOWN]
    heads = (_("calls"), _("passed"), _("failed"))
    columns = [width_of(head) + 3 for head in heads]
    column = max(_NAME_MIN, min(width - sum(columns), max(width_of(visible(test["name"])) for test in shown)))
    rows = [[_("tests"), *heads]]
    for test in shown:
        *above, last = wrap(visible(test["name"]), column)
        cells = (test["calls"], _number(test, "pass"), _number(test, "fail"))
        rows += [*([line] for line in above), [last, *map(str, cells)]]
    yield from table(rows)
    if len(ordered) > len(shown):
        yield _("and {number} more in the report").format(number=len(ordered) - len(shown))


def _number(test: dict[str, Any], outcome: str) -> int:
    return sum(found == outcome for found in test["requirements"].values())
