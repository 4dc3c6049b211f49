"""The report as plain values, in the form of `contracts/report.schema.json`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from roamspec import __version__
from roamspec.contract.requirements import Requirement
from roamspec.language.translation import LANGUAGES, translation
from roamspec.results.accepted_calls import served_note
from roamspec.results.events import Failure, RunFinished, RunStarted
from roamspec.results.run_again import run_again
from roamspec.results.verdict import VERDICTS, CheckResult, Decision, RequirementResult

SCHEMA: Final = "roamspec.report/1"


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """What a run was judged by."""

    contract_sha256: str
    revision: int
    """Of the catalogue of requirements."""
    strict: bool
    """Whether every failure blocks."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a run's checks."""

    decision: Decision
    results: Sequence[RequirementResult]
    finished: int
    """How many checks came to their end."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """What went wrong in the suite itself, by check."""


def report_document(
    started: RunStarted,
    ended: RunFinished | None,
    judged_by: JudgedBy,
    judged: Judged,
    *,
    rate: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Everything a reader of the run needs; durations are in seconds, `rate` as of `request_rate`."""
    results, decision = judged.results, judged.decision
    totals = Counter(result.verdict for result in results)
    return {
        "schema": SCHEMA,
        "tool": {"name": "roamspec", "version": __version__},
        "contract": {"sha256": judged_by.contract_sha256},
        "catalogue": {"revision": judged_by.revision},
        "target": {
            "kind": started.target.kind,
            "base_url": started.target.base_url,
            "app_key": started.target.app_key,
        },
        **_shard(started),
        "profile": started.profile,
        "seed": started.seed,
        "started_at": started.started_at,
        "duration_s": round(ended.duration_s, 4) if ended else 0.0,
        "requests": ended.requests if ended else 0,
        "ending": ended.ending if ended else "suite-error",
        "strict": judged_by.strict,
        "verdict": decision.verdict,
        "exit_status": decision.exit_status,
        "because": list(decision.because),
        "totals": {verdict: totals[verdict] for verdict in VERDICTS},
        "checks": {
            "planned": started.planned_checks,
            "finished": judged.finished,
            "errors": [{"id": check, "detail": detail} for check, detail in judged.errors.items()],
        },
        **({"request_rate": dict(rate)} if rate else {}),
        **_lags(ended),
        "notes": [*(ended.notes if ended else ()), *served_note(results)],
        "requirements": [_requirement(result, started) for result in results],
    }


def _shard(started: RunStarted) -> dict[str, Any]:
    if started.part is None:
        return {}
    return {"shard": {"index": started.part.shard.index, "count": started.part.shard.count}}


def _lags(ended: RunFinished | None) -> dict[str, Any]:
    lags = ended.lags_s if ended else {}
    return {"lags_s": {kind: round(seconds, 4) for kind, seconds in lags.items()}} if lags else {}


def _requirement(result: RequirementResult, started: RunStarted) -> dict[str, Any]:
    requirement = result.requirement
    return {
        "id": requirement.id,
        "title": requirement.title,
        **translated_titles(requirement),
        "level": requirement.level,
        "evidence": requirement.evidence,
        "operations": [requirement.operation],
        "decisive": requirement.decisive,
        "source": requirement.source.as_dict(),
        **_derivation(requirement),
        **_again(requirement, started),
        "verdict": result.verdict,
        "reason": result.reason,
        "checks": [_check(check) for check in result.checks],
    }


def translated_titles(requirement: Requirement) -> dict[str, str]:
    """`title_zh`, where the catalogue has it: it does not have those of requirements of your own."""
    others = (translation(lang) for lang in LANGUAGES if lang != "en")
    titles = {f"title_{texts.lang}": texts.gettext(requirement.title) for texts in others}
    return {key: title for key, title in titles.items() if title != requirement.title}


def _again(requirement: Requirement, started: RunStarted) -> dict[str, Any]:
    """The line that judges it again, where a run can: not of recordings, nor of the calls of an SDK."""
    if not started.command:
        return {}
    return {"run_again": run_again(started.command, seed=started.seed, requirement=requirement.id)}


def _derivation(requirement: Requirement) -> dict[str, Any]:
    """All sentences that a derived requirement follows from, and in which step."""
    if requirement.evidence != "derived":
        return {}
    return {
        "derived_from": [source.as_dict() for source in requirement.sources],
        "derivation": requirement.step,
    }


def _check(check: CheckResult) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": check.check,
        "outcome": check.outcome,
        "duration_s": round(check.duration_s, 4),
    }
    if check.reason:
        described["reason"] = check.reason
    if check.failure is not None:
        described["failure"] = _failure(check.failure)
    return described


def _failure(failure: Failure) -> dict[str, Any]:
    arranged = {"arranged": list(failure.arranged)} if failure.arranged else {}
    compares = {"compares": failure.compares} if failure.compares else {}
    described: dict[str, Any] = {
        "expected": failure.expected,
        "actual": failure.actual,
        "exchanges": list(failure.exchanges),
        "reproduce": failure.reproduce,
        "hint": failure.hint,
        **arranged,
        **compares,
    }
    if failure.devices:
        described["devices"] = list(failure.devices)
    return described
