"""The matrix of faults by requirements, as JSON for programs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roamspec.selftest.fault_run import FaultRun
from roamspec.selftest.score import FaultResult, Score

SCHEMA = "roamspec.selftest/2"


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


def as_json(score: Score, about: Circumstances, *, exit_status: int) -> dict[str, Any]:
    """`exit_status` is that with which the command ends, which a floor may decide."""
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
            "caught": len(score.detected),
            "survived": len(score.undetected),
            "blamed_exactly": len(score.exact),
            "nothing_else_red": len(score.alone),
            "blamed_wrongly": len(score.misattributed),
            "percent_caught": score.percent_caught,
            "percent_exact": score.percent_exact,
            "conforming": len(score.conforming),
            "conforming_failed": len(score.failed_conforming),
        },
        "exit_status": exit_status,
        "faults": [_finding_json(each, score) for each in score.findings],
        "conforming": [_fault_run_json(fault_run) for fault_run in score.conforming],
        "never_red": score.never_red,
    }


def as_text(matrix: Mapping[str, Any]) -> str:
    """The matrix as a JSON file in which each fault, setting and number has a line of its own."""
    return (
        "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in matrix.items()) + "\n}\n"
    )


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in value) + "\n]"


def _finding_json(finding: FaultResult, score: Score) -> dict[str, Any]:
    """Requirements of the fault's own operation stand without it; what is empty is left out."""
    whole = {
        "name": finding.fault.name,
        "caught": finding.detected(score.decisive),
        "exact": finding.exact,
        "declared": _promises(finding.fault.refutes),
        "missed": _promises(finding.missed),
        "along": _promises(finding.along),
        "surplus": _promises(finding.surplus),
        "elsewhere": list(finding.elsewhere),
        "unexpected": {name: finding.came.get(name, "") for name in (*finding.surplus, *finding.elsewhere)},
        "first_red_after_s": finding.after_s,
        "exit_status": finding.status,
        "trouble": finding.trouble,
    }
    return {name: value for name, value in whole.items() if value not in ([], {}, "", None)}


def _promises(names: Iterable[str]) -> list[str]:
    return [name.partition(".")[2] for name in names]


def _fault_run_json(fault_run: FaultRun) -> dict[str, Any]:
    return {
        "name": fault_run.subject.name,
        "settings": dict(fault_run.subject.settings),
        "exit_status": fault_run.exit_status,
        "red": {name: fault_run.came.get(name, "") for name in sorted(fault_run.failing)},
        "trouble": fault_run.trouble,
        "duration_s": round(fault_run.duration_s, 1),
    }
