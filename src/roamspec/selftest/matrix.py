"""The matrix of faults by requirements, as JSON for programs and as Markdown for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from roamspec.emulator.faults.excused import EXCUSED
from roamspec.selftest.score import Finding, Score

SCHEMA = "roamspec.selftest/1"
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and how the self-test ran; `started_at` as RFC 3339 in UTC."""

    command: str
    profile: str
    seed: int
    jobs: int
    started_at: str
    duration_s: float
    requests: int


def as_json(score: Score, about: Circumstances) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "command": about.command,
        "profile": about.profile,
        "seed": about.seed,
        "jobs": about.jobs,
        "started_at": about.started_at,
        "duration_s": round(about.duration_s, 1),
        "requests": about.requests,
        "score": {
            "faults": len(score.findings),
            "caught": len(score.caught),
            "survived": len(score.survivors),
            "blamed_exactly": len(score.exact),
            "blamed_wrongly": len(score.blamed_wrongly),
            "percent_caught": score.percent_caught,
            "percent_exact": score.percent_exact,
            "conforming": len(score.conforming),
            "conforming_failed": len(score.failed_conforming),
        },
        "exit_status": score.exit_status(),
        "faults": [_finding_json(each, score) for each in score.findings],
        "conforming": [
            {
                "name": trial.subject.name,
                "settings": dict(trial.subject.settings),
                "exit_status": trial.exit_status,
                "red": {name: trial.came.get(name, "") for name in sorted(trial.red)},
                "trouble": trial.trouble,
                "duration_s": round(trial.duration_s, 1),
            }
            for trial in score.conforming
        ],
        "never_red": score.never_red,
    }


def _finding_json(finding: Finding, score: Score) -> dict[str, Any]:
    return {
        "name": finding.fault.name,
        "operation": finding.fault.operation,
        "caught": finding.caught(score.decisive),
        "exact": finding.exact,
        "breaks": list(finding.fault.breaks),
        "declared": list(finding.fault.refutes),
        "by_chance": list(finding.fault.may_refute),
        "red": list(finding.red),
        "missed": list(finding.missed),
        "surplus": list(finding.surplus),
        "elsewhere": list(finding.elsewhere),
        "first_red_after_s": finding.after_s,
        "unexpected": {name: finding.came.get(name, "") for name in (*finding.surplus, *finding.elsewhere)},
        "exit_status": finding.status,
        "trouble": finding.trouble,
    }


def summary(score: Score, about: Circumstances) -> str:
    """For a terminal: the numbers, and every fault or setting that is not as it should be."""
    lines = [f"{value:>16}  {what}" for what, value in _numbers(score)]
    for title, items in _details(score):
        lines += ["", f"{title}:", *(f"  {item.replace('`', '')}" for item in items)]
    seconds = f"{about.duration_s:.0f} s, {about.jobs} jobs, {about.requests:,} requests"
    return "\n".join([*lines, "", f"exit status {score.exit_status()}  {seconds}", ""])


def as_markdown(score: Score, about: Circumstances) -> str:
    lines = [
        "# What the suite notices",
        "",
        f"`{about.command}`, {about.started_at}, {about.jobs} jobs, {about.duration_s:.0f} s, "
        f"{about.requests:,} requests, seed {about.seed}.",
        "",
        "| | |",
        "| --- | ---: |",
        *(f"| {what} | {value} |" for what, value in _numbers(score)),
    ]
    for title, items in _details(score):
        lines += ["", f"## {title}", "", *(f"- {item}" for item in items)]
    return "\n".join([*lines, *_table(score), ""])


def _numbers(score: Score) -> list[tuple[str, str]]:
    times = sorted(each.after_s for each in score.findings if each.after_s is not None)
    passed = len(score.conforming) - len(score.failed_conforming)
    numbers = [
        ("faults", str(len(score.findings))),
        ("caught", f"{len(score.caught)} ({score.percent_caught} %)"),
        ("survived", str(len(score.survivors))),
        ("blamed with exactly the declared requirements", f"{len(score.exact)} ({score.percent_exact} %)"),
        ("blamed wrongly", str(len(score.blamed_wrongly))),
        ("conforming settings found conforming", f"{passed} of {len(score.conforming)}"),
    ]
    if times:
        numbers.append(
            ("seconds to the first red, median and longest", f"{times[len(times) // 2]} / {times[-1]}")
        )
    return numbers


def _details(score: Score) -> list[tuple[str, list[str]]]:
    excused = {name: EXCUSED[name.partition(".")[2]] for name in score.never_red if _is_excused(name)}
    sections = [
        ("Survived", [_surviving(each) for each in score.survivors]),
        (
            "Blamed wrongly",
            [f"`{e.fault.name}`: {_names((*e.elsewhere, *e.surplus))}" for e in score.blamed_wrongly],
        ),
        ("Caught, but not exactly as declared", [_inexact(each) for each in score.inexact]),
        (
            "Conforming settings that failed",
            [f"`{t.subject.name}`: {t.trouble or _names(sorted(t.red))}" for t in score.failed_conforming],
        ),
        (
            "Requirements that no fault turned red",
            [f"`{name}`: {excused.get(name, 'no fault of this run breaks it')}" for name in score.never_red],
        ),
    ]
    return [(title, items) for title, items in sections if items]


def _is_excused(name: str) -> bool:
    return name.partition(".")[2] in EXCUSED


def _table(score: Score) -> list[str]:
    rows = [
        f"| `{each.fault.name}` | {_mark(each, score)} | {'' if each.after_s is None else each.after_s} "
        f"| {_names(tuple(name.partition('.')[2] for name in each.red))} |"
        for each in score.findings
    ]
    head = ["", "## All faults", "", "| fault | | first red after s | red |", "| --- | --- | ---: | --- |"]
    return [*head, *rows] if rows else []


def _mark(finding: Finding, score: Score) -> str:
    if not finding.caught(score.decisive):
        return "survived"
    return "exact" if finding.exact else "caught"


def _surviving(finding: Finding) -> str:
    found = finding.trouble or (f"red instead: {_names(finding.red)}" if finding.red else "nothing is red")
    return f"`{finding.fault.name}`: {found}"


def _inexact(finding: Finding) -> str:
    parts = []
    if finding.missed:
        parts.append(f"not red {_names(finding.missed)}")
    if finding.surplus:
        parts.append(f"also red {_names(finding.surplus)}")
    return f"`{finding.fault.name}`: {'; '.join(parts)}"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    return shown + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
