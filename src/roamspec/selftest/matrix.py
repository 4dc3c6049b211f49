"""The matrix of faults by requirements, as JSON for programs."""

from dataclasses import dataclass
from typing import Any

from roamspec.selftest.score import Finding, Score
from roamspec.selftest.trial import Trial

SCHEMA = "roamspec.selftest/1"


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
            "nothing_else_red": len(score.alone),
            "blamed_wrongly": len(score.blamed_wrongly),
            "percent_caught": score.percent_caught,
            "percent_exact": score.percent_exact,
            "conforming": len(score.conforming),
            "conforming_failed": len(score.failed_conforming),
        },
        "exit_status": score.exit_status(),
        "faults": [_finding_json(each, score) for each in score.findings],
        "conforming": [_trial_json(trial) for trial in score.conforming],
        "never_red": score.never_red,
    }


def _finding_json(finding: Finding, score: Score) -> dict[str, Any]:
    return {
        "name": finding.fault.name,
        "operation": finding.fault.operation,
        "caught": finding.caught(score.decisive),
        "exact": finding.exact,
        "declared": list(finding.fault.refutes),
        "red": list(finding.red),
        "missed": list(finding.missed),
        "along": list(finding.along),
        "surplus": list(finding.surplus),
        "elsewhere": list(finding.elsewhere),
        "first_red_after_s": finding.after_s,
        "unexpected": {name: finding.came.get(name, "") for name in (*finding.surplus, *finding.elsewhere)},
        "exit_status": finding.status,
        "trouble": finding.trouble,
    }


def _trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "name": trial.subject.name,
        "settings": dict(trial.subject.settings),
        "exit_status": trial.exit_status,
        "red": {name: trial.came.get(name, "") for name in sorted(trial.red)},
        "trouble": trial.trouble,
        "duration_s": round(trial.duration_s, 1),
    }
