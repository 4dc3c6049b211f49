"""The matrix of faults by requirements as people read it: on a terminal, and as Markdown."""

from collections.abc import Iterable
from typing import Final

from roamspec.faults.exemptions import EXCUSED
from roamspec.selftest.matrix import Circumstances
from roamspec.selftest.score import FaultResult, Score, percent

_ROWS_ON_A_TERMINAL: Final = 60
_HEADS: Final = ("family", "faults", "detected", "exact", "alone", "first failure, median s")


def summary(score: Score) -> str:
    """For a terminal: each fault if they are few, the families, the numbers, and whatever is not as it
    should be."""
    lines: list[str] = []
    if 0 < len(score.findings) <= _ROWS_ON_A_TERMINAL:
        lines += [*aligned(_rows(score)), ""]
    if score.findings:
        lines += [*aligned([list(_HEADS), *_families(score)]), ""]
    lines += [f"{value:>16}  {what}" for what, value in _numbers(score)]
    for title, items in _details(score):
        lines += ["", f"{title}:", *(f"  {item.replace('`', '')}" for item in items)]
    return "\n".join([*lines, ""])


def conclusion(status: int, about: Circumstances) -> str:
    """The last line on a terminal: the status with which the command ends."""
    seconds = f"{about.duration_s:.0f} s, {about.jobs} jobs, {about.requests:,} requests"
    return f"\nexit status {status}  {seconds}\n"


def as_markdown(score: Score, about: Circumstances) -> str:
    """The whole matrix as a Markdown page."""
    lines = [
        "# What the suite detects",
        "",
        f"`{about.command}`, {about.started_at}, {about.jobs} jobs, {about.duration_s:.0f} s, "
        f"{about.requests:,} requests, seed {about.seed}.",
        "",
        *_markdown(["", ""], [[what, value] for what, value in _numbers(score)]),
    ]
    for title, items in _details(score):
        lines += ["", f"## {title}", "", *(f"- {item}" for item in items)]
    if score.findings:
        lines += ["", "## By family", "", *_markdown(list(_HEADS), _families(score))]
        lines += ["", "## Families of faults by families of requirements", ""]
        lines += ["How many of the row's faults make a requirement of the column's family fail.", ""]
        lines += _markdown(*_grid(score))
        heads = ["fault", "", "first failure after s", "declared and failing", "other failing requirements"]
        lines += ["", "## All faults", "", *_markdown(heads, _rows(score))]
    return "\n".join([*lines, ""])


def _numbers(score: Score) -> list[tuple[str, str]]:
    times = sorted(each.after_s for each in score.findings if each.after_s is not None)
    passed = len(score.conforming) - len(score.failed_conforming)
    numbers: list[tuple[str, str]] = []
    if score.findings:
        alone = percent(len(score.alone), len(score.findings))
        numbers += [
            ("faults", str(len(score.findings))),
            ("detected", f"{len(score.detected)} ({score.percent_caught} %)"),
            ("undetected", str(len(score.undetected))),
            (
                "attributed exactly: the declared requirements fail, and only what follows from them",
                f"{len(score.exact)} ({score.percent_exact} %)",
            ),
            ("of these, with only the declared requirements failing", f"{len(score.alone)} ({alone} %)"),
            ("attributed wrongly", str(len(score.misattributed))),
        ]
    if times:
        median, longest = times[len(times) // 2], times[-1]
        numbers.append(("seconds to the first failure, median and longest", f"{median} / {longest}"))
    if score.conforming:
        numbers.append(("conforming settings found conforming", f"{passed} of {len(score.conforming)}"))
    return numbers


def _details(score: Score) -> list[tuple[str, list[str]]]:
    sections = [
        ("Undetected", [_undetected(each) for each in score.undetected]),
        (
            "Attributed wrongly",
            [f"`{e.fault.name}`: {_names((*e.elsewhere, *e.surplus))}" for e in score.misattributed],
        ),
        ("Detected, but not exactly as declared", [_inexact(each) for each in score.inexact]),
        (
            "Conforming settings that failed",
            [
                f"`{t.subject.name}`: {t.trouble or _names(sorted(t.failing))}"
                for t in score.failed_conforming
            ],
        ),
        ("Requirements that no fault made fail", [_never_red(name) for name in score.never_red]),
    ]
    return [(title, items) for title, items in sections if items]


def _never_red(name: str) -> str:
    reason = EXCUSED.get(_promise(name))
    return f"`{name}`: {reason}" if reason else f"`{name}`"


def _families(score: Score) -> list[list[str]]:
    rows = []
    for name, own in [*score.by_family().items(), ("all", score)]:
        times = sorted(each.after_s for each in own.findings if each.after_s is not None)
        median = f"{times[len(times) // 2]:.2f}" if times else ""
        counts = (own.findings, own.detected, own.exact, own.alone)
        rows.append([name, *(str(len(each)) for each in counts), median])
    return rows


def _grid(score: Score) -> tuple[list[str], list[list[str]]]:
    families = sorted({_promise(name).partition(".")[0] for each in score.findings for name in each.red})
    rows = []
    for name, own in score.by_family().items():
        row = [name]
        for family in families:
            hit = sum(any(_promise(n).startswith(f"{family}.") for n in each.red) for each in own.findings)
            row.append(str(hit) if hit else "")
        rows.append(row)
    return ["", *families], rows


def _rows(score: Score) -> list[list[str]]:
    return [
        [
            f"`{each.fault.name}`",
            _mark(each, score),
            "" if each.after_s is None else f"{each.after_s:.2f}",
            _promises(name for name in each.fault.refutes if name in each.red),
            _along(each),
        ]
        for each in score.findings
    ]


def _along(finding: FaultResult) -> str:
    """How many requirements of which family follow; what does not follow stands in the details."""
    families: dict[str, int] = {}
    for name in finding.along:
        family = _promise(name).partition(".")[0]
        families[family] = families.get(family, 0) + 1
    return ", ".join(f"{family} {count}" for family, count in sorted(families.items()))


def _mark(finding: FaultResult, score: Score) -> str:
    if not finding.detected(score.decisive):
        return "undetected"
    return "exact" if finding.exact else "detected"


def _undetected(finding: FaultResult) -> str:
    found = finding.trouble or (
        f"failing instead: {_names(finding.red)}" if finding.red else "nothing failed"
    )
    return f"`{finding.fault.name}`: {found}"


def _inexact(finding: FaultResult) -> str:
    parts = []
    if finding.missed:
        parts.append(f"not failing {_names(finding.missed)}")
    if finding.surplus or finding.elsewhere:
        also = (_with_check(finding, name) for name in (*finding.surplus, *finding.elsewhere))
        parts.append(f"also failing {', '.join(also)}")
    if finding.trouble:
        parts.append(finding.trouble)
    return f"`{finding.fault.name}`: {'; '.join(parts)}"


def _with_check(finding: FaultResult, name: str) -> str:
    """A requirement that should not have failed, and the first check that failed it."""
    check, _, came = finding.came.get(name, "").partition(": ")
    return f"`{name}` in `{check}`" if came else f"`{name}`"


def _promise(name: str) -> str:
    return name.partition(".")[2]


def _promises(names: Iterable[str]) -> str:
    return ", ".join(f"`{_promise(name)}`" for name in names)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _markdown(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def aligned(rows: list[list[str]]) -> list[str]:
    """The cells without marks, each as wide as the widest of its column."""
    plain = [[cell.replace("`", "") for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in plain
    ]
