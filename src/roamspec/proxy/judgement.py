"""From what passed to the report: the requests as `roamspec sdk` judges them, the answers by the contract."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from roamspec.contract.operations import slug_of
from roamspec.contract.requirements import Catalogue
from roamspec.proxy.traffic import PassedCall, Traffic
from roamspec.results.document import Judged, JudgedBy, report_document
from roamspec.results.events import RunFinished, RunStarted, TargetInfo
from roamspec.results.verdict import Decision, RequirementResult
from roamspec.results.waivers import Accepted
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import CONNECTION, client_catalogue, service_catalogue
from roamspec.sdk.contracted import contract
from roamspec.sdk.evaluate import CallerNames, given_messages, judge_calls
from roamspec.sdk.finding import ClientFinding, IntendedValues
from roamspec.sdk.rules.answers import ANSWER_RULES, judge_answer
from roamspec.sdk.rules.resilience import operation_of
from roamspec.sdk.verdict import CONDUCT, EmulatorAddress, Scope, results_of

_NEVER: Final = "it was never called"


@dataclass(frozen=True, slots=True)
class ProxyRun:
    """Where the proxy listened, what it stood before, and what decides."""

    base_url: str
    upstream: str
    started_at: str
    strict: bool = False
    selected: frozenset[str] | None = None
    accepted: Accepted = field(default_factory=Accepted)


def catalogue() -> Catalogue:
    """What passing traffic can show: the requirements on clients, and those on a single answer."""
    on_clients = {n: r for n, r in client_catalogue().items() if r.family != CONDUCT}
    names = {f"{slug_of(operation)}.{name}" for operation in contract().operations for name in ANSWER_RULES}
    on_answers = {n: r for n, r in service_catalogue().items() if n in names}
    return replace(client_catalogue(), by_id=on_clients | on_answers)


def report_of(run: ProxyRun, traffic: Traffic, duration_s: float, today: date) -> dict[str, Any]:
    """In the form of `contracts/report.schema.json`."""
    calls = [passed.call for passed in traffic.calls]
    callers = CallerNames()
    meant = IntendedValues(messages=given_messages(calls))
    findings: list[ClientFinding] = list(judge_calls(calls, meant, callers))
    findings += _answers(traffic.calls)
    known = catalogue()
    found = results_of(
        known,
        findings,
        callers,
        EmulatorAddress(run.base_url, min((call.started_ms for call in calls), default=0.0)),
        Scope(
            selected=run.selected,
            called=frozenset([CONNECTION, *map(operation_of, calls)]),
            conduct=False,
            never_called=_NEVER,
        ),
    )
    results = [run.accepted.without_accepted(result, today) for result in found]
    checks = {check.check for result in results for check in result.checks}
    decision = decide(run, traffic, results, run.accepted.problems(found, today))
    return report_document(
        RunStarted(
            TargetInfo("service", run.upstream, _app_key(calls)),
            "proxy",
            0,
            run.started_at,
            planned_checks=len(checks),
        ),
        RunFinished(duration_s, traffic.seen, "complete", notes=tuple(_notes(run, traffic, calls))),
        JudgedBy(contract().sha256, client_catalogue().revision, run.strict),
        Judged(decision, results, len(checks)),
    )


def decide(
    run: ProxyRun, traffic: Traffic, results: Sequence[RequirementResult], broken_waivers: Sequence[str]
) -> Decision:
    """0 and 1 need at least one of the five; what could not be reached was not tested."""
    failing = [r for r in results if r.verdict == "fail" and (run.strict or r.requirement.decisive)]
    if failing:
        word = "requirement" if run.strict else "decisive requirement"
        number = f"{len(failing)} {word}{'s' if failing[1:] else ''} failed."
        return Decision("non-conforming", 1, (number, *broken_waivers))
    if traffic.unreachable and not traffic.calls:
        sentence = f"{run.upstream} could not be reached: {traffic.unreachable}."
        return Decision("incomplete", 3, (sentence,))
    if not traffic.calls:
        sentence = f"No call came to {run.base_url}; give this address to the SDK as its base address."
        return Decision("incomplete", 3, (sentence,))
    if not any(passed.call.deletion for passed in traffic.calls):
        return Decision("incomplete", 3, ("None of the five operations was called.",))
    open_ones = sum(result.verdict == "inconclusive" for result in results)
    if run.strict and open_ones:
        return Decision("non-conforming", 1, (f"{open_ones} requirements could not be judged.",))
    if not any(r.verdict in ("pass", "fail", "waived") and r.requirement.decisive for r in results):
        return Decision("incomplete", 3, ("No decisive requirement was judged.",))
    if broken_waivers:
        return Decision("non-conforming", 1, tuple(broken_waivers))
    return Decision("conforming", 0)


def _answers(passed: Sequence[PassedCall]) -> Iterator[ClientFinding]:
    for each in passed:
        if each.whole:
            yield from judge_answer(each.call, (each.answered_ms,))


def _app_key(calls: Sequence[ObservedCall]) -> str:
    """The app that was called most, as far as one of the contracts' operations was called."""
    counts: dict[str, int] = {}
    for call in calls:
        if call.operation:
            counts[f"{call.org}#{call.app}"] = counts.get(f"{call.org}#{call.app}", 0) + 1
    return max(counts, key=lambda key: counts[key], default="")


_PROBLEMS: Final[Mapping[str, str]] = {
    "not-http": "brought no HTTP",
    "left-early": "were left by the client before their answer",
    "no-connection": "did not reach the service",
    "broken-off": "were broken off by the service",
    "not-understood": "had an answer that is no HTTP",
}


def _notes(run: ProxyRun, traffic: Traffic, calls: Sequence[ObservedCall]) -> Iterator[str]:
    yield f"Everything passed between {run.base_url} and {run.upstream}; no effect was looked at."
    called = {call.deletion for call in calls}
    if never := [name for name in contract().operations if name not in called]:
        yield f"Never called: {', '.join(never)}."
    for problem, number in traffic.problems.items():
        yield f"Exchanges that {_PROBLEMS[problem]}: {number}."
    if cut := sum(not passed.whole and bool(passed.call.status) for passed in traffic.calls):
        yield f"Answers that were not looked into (too large, compressed in an unknown way, cut): {cut}."
    if traffic.left_out:
        yield f"Exchanges that passed and were not judged, because there were too many: {traffic.left_out}."
    apps = sorted({json.dumps(f"{call.org}#{call.app}") for call in calls if call.operation})
    if apps[1:]:
        yield f"Several apps were called: {', '.join(apps[:5])}."
