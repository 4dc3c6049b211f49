"""From findings to the verdict on a client: pure, values in and values out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from roamspec.contract.operations import slug_of
from roamspec.contract.requirements import Requirement
from roamspec.interruption import BY_KEYBOARD
from roamspec.results.events import Ending, Failure
from roamspec.results.verdict import NOT_SELECTED, CheckResult, Decision, RequirementResult, judge
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.evaluate import CallerNames
from roamspec.sdk.finding import ClientFinding
from roamspec.transport.curl import curl_lines

CONDUCT = "client-conduct"


@dataclass(frozen=True, slots=True)
class CommandEnd:
    """How the command ended: `status` is negative for a signal; `how` tells whether it ended by itself."""

    status: int | None
    duration_s: float
    how: Literal["ended", "timeout", "interrupted"] = "ended"
    why: str = BY_KEYBOARD
    """The sentence about what interrupted it, if something did."""

    @property
    def sentence(self) -> str:
        """Why it failed; empty when it did not."""
        if self.how == "timeout":
            return f"The command did not end within {self.duration_s:.0f} s and was stopped (--timeout)."
        if self.how == "interrupted":
            return f"{self.why} The command was stopped."
        if self.status is not None and self.status < 0:
            return f"The command was ended by signal {-self.status}."
        return f"The command itself failed, with status {self.status}." if self.status else ""


@dataclass(frozen=True, slots=True)
class EmulatorAddress:
    """Where the calls went, and since when, by the journal's clock."""

    base_url: str
    since_ms: float


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be judged: what was asked for, and what the client called at all."""

    selected: frozenset[str] | None
    """The requirements that were selected, by ID; None for all."""
    called: frozenset[str]
    """The operations that the client called, by name."""
    conduct: bool
    """Whether disturbances were shown to the client."""
    never_called: str = "the command never called it"
    """The reason for an operation that the client did not call."""


def results_of(
    catalogue: Mapping[str, Requirement],
    findings: Iterable[ClientFinding],
    callers: CallerNames,
    place: EmulatorAddress,
    scope: Scope,
) -> list[RequirementResult]:
    """One for each requirement of the catalogue, in its order."""
    by_kind: dict[tuple[str, str], dict[str, list[ClientFinding]]] = {}
    for finding in findings:
        of_kind = by_kind.setdefault((finding.operation, finding.name), {})
        of_kind.setdefault(callers.of(finding.calls[0]), []).append(finding)
    by_requirement = {f"{slug_of(operation)}.{name}": found for (operation, name), found in by_kind.items()}
    results = []
    for name, requirement in catalogue.items():
        if scope.selected is not None and name not in scope.selected:
            results.append(RequirementResult(requirement, "not-run", NOT_SELECTED, ()))
            continue
        checks = [_check(line, found, place) for line, found in by_requirement.get(name, {}).items()]
        results.append(judge(requirement, checks, absent=_absent(requirement, scope)))
    return results


def _absent(requirement: Requirement, scope: Scope) -> str:
    """Why nothing was found about a requirement."""
    if requirement.family == CONDUCT and not scope.conduct:
        return "only judged with --resilience"
    if requirement.operation not in scope.called:
        return scope.never_called
    return (
        "none of its calls met this disturbance"
        if requirement.family == CONDUCT
        else "none of its calls could show it"
    )


def _check(line: str, findings: Sequence[ClientFinding], place: EmulatorAddress) -> CheckResult:
    """What one test found: its first failure, else a pass, else why it could not tell."""
    failing = [finding for finding in findings if finding.verdict == "fail"]
    if failing:
        first = failing[0]
        more = len(failing) - 1
        exchanges = [call.exchange(place.base_url, place.since_ms) for call in first.calls]
        failure = Failure(
            first.expected,
            first.actual + (f" (and {_count(more, 'more call')} like it)" if more else ""),
            tuple(exchanges),
            curl_lines(exchanges) if all(call.target for call in first.calls) else "",
            first.hint,
        )
        return CheckResult(line, "fail", 0.0, failure=failure)
    if any(finding.verdict == "pass" for finding in findings):
        return CheckResult(line, "pass", 0.0)
    return CheckResult(line, "inconclusive", 0.0, findings[0].actual)


def decide(
    results: Sequence[RequirementResult],
    calls: Sequence[ObservedCall],
    end: CommandEnd,
    base_url: str,
    below_floor: Sequence[str],
    *,
    strict: bool,
) -> tuple[Decision, Ending]:
    """The verdict on the calls. The command's own failure, and the sentences of `below_floor` on what else is
    amiss, end with 1 and leave it."""
    if end.how != "ended":
        return Decision("incomplete", 4, (end.sentence,)), "interrupted"
    apart = tuple(filter(None, (end.sentence, *below_floor)))
    nothing = _nothing_seen(calls, base_url)
    if nothing:
        return Decision("incomplete", 3, (nothing, *filter(None, (end.sentence,)))), "complete"
    failing = [r for r in results if r.verdict == "fail" and (strict or r.requirement.decisive)]
    if failing:
        kind = "requirement" if strict else "blocking requirement"
        return Decision("non-conforming", 1, (f"{_count(len(failing), kind)} failed.", *apart)), "complete"
    open_ones = sum(result.verdict == "inconclusive" for result in results)
    if strict and open_ones:
        sentence = f"{_count(open_ones, 'requirement')} could not be judged."
        return Decision("non-conforming", 1, (sentence, *apart)), "complete"
    if not any(call.deletion for call in calls):
        sentence = "The command called none of the five operations."
        return Decision("incomplete", 3, (sentence, *filter(None, (end.sentence,)))), "complete"
    if not any(r.verdict in ("pass", "fail", "waived") and r.requirement.decisive for r in results):
        return Decision("incomplete", 3, ("No blocking requirement was judged.", *apart)), "complete"
    return Decision("conforming", 1 if apart else 0, apart), "complete"


def _nothing_seen(calls: Sequence[ObservedCall], base_url: str) -> str:
    if not calls:
        return (
            f"The command made no call to {base_url}; if it called another address, give it this one: it "
            "stands in ROAMSPEC_BASE_URL, and {base_url} in an argument becomes it."
        )
    if all(call.of_unknown_app for call in calls):
        other = f"{calls[0].org}#{calls[0].app}"
        return (
            f"The command called {base_url} with an App Key that does not exist there ({other}); give it the "
            "one in ROAMSPEC_APP_KEY, or {app_key} in an argument."
        )
    return ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
