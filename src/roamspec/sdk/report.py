"""The report of `roamspec sdk`: that of a run, and what only a client's has."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from roamspec.results.document import Judged, JudgedBy, report_document
from roamspec.results.events import Ending, RunFinished, RunStarted, TargetInfo
from roamspec.results.verdict import Decision, RequirementResult
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import client_catalogue
from roamspec.sdk.coverage import Item, as_dict
from roamspec.sdk.evaluate import CallerNames
from roamspec.sdk.verdict import CommandEnd
from roamspec.security.redactor import Redactor

_PASSES_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class SdkRun:
    """What was run, and against what."""

    command: tuple[str, ...]
    base_url: str
    app_key: str
    seed: int
    started_at: str
    contract_sha256: str
    conduct: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class SdkOutcome:
    """What came of it: how the command ended, what it called, and the verdict on its calls."""

    end: CommandEnd
    duration_s: float
    """Of all runs of the command together."""
    calls: Sequence[ObservedCall]
    """Those of all runs of the command."""
    callers: CallerNames
    results: Sequence[RequirementResult]
    coverage: Sequence[Item]
    decision: Decision
    ending: Ending
    notes: Sequence[str]


def sdk_report(run: SdkRun, outcome: SdkOutcome) -> dict[str, Any]:
    """In the form of `contracts/report.schema.json`."""
    end, calls = outcome.end, outcome.calls
    tests = _tests(calls, outcome.results, outcome.callers)
    started = RunStarted(
        TargetInfo("sdk", run.base_url, run.app_key),
        "conduct" if run.conduct else "calls",
        run.seed,
        run.started_at,
        planned_checks=len(tests),
    )
    report = report_document(
        started,
        RunFinished(outcome.duration_s, len(calls), outcome.ending, notes=tuple(outcome.notes)),
        JudgedBy(run.contract_sha256, client_catalogue().revision, run.strict),
        Judged(outcome.decision, outcome.results, len(tests)),
    )
    for requirement in report["requirements"]:
        requirement["checks"] = _without_many_passes(requirement["checks"])
    report["sdk"] = {
        "command": {
            # Somebody may have written a token into an argument.
            "words": [Redactor().text(word) for word in run.command],
            "status": end.status,
            "how": end.how,
            "duration_s": round(end.duration_s, 4),
        },
        "announced_refusals": sum(call.announced for call in calls),
        "coverage": as_dict(outcome.coverage),
        "tests": tests,
    }
    return report


def _without_many_passes(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A large suite passes most requirements in each of its tests; `sdk.tests` says which."""
    passes = [check for check in checks if check["outcome"] == "pass"]
    if len(passes) <= _PASSES_LISTED:
        return checks
    together = {"id": f"{len(passes)} tests", "outcome": "pass", "duration_s": 0.0}
    return [check for check in checks if check["outcome"] != "pass"] + [together]


def _tests(
    calls: Sequence[ObservedCall], results: Sequence[RequirementResult], callers: CallerNames
) -> list[dict[str, Any]]:
    """A line for each test, in the order of their first calls: which requirement it touched, and how."""
    counts = Counter(callers.of(call) for call in calls)
    touched: dict[str, Mapping[str, str]] = {name: {} for name in counts}
    for result in results:
        for check in result.checks:
            touched[check.check] = {**touched.get(check.check, {}), result.requirement.id: check.outcome}
    return [
        {"name": name, "calls": counts[name], "requirements": dict(found)} for name, found in touched.items()
    ]
