"""From judgements to verdicts: pure functions, values in and values out.

A requirement fails if any check failed it, else passes if any check passed it, else is inconclusive if any
check could not judge it, else was not run. A run is `conforming` (status 0), `non-conforming` (1), or
`incomplete`: the target could not be tested (3), or the suite failed or was cut short (4).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from roamspec.results.events import Ending, Failure, JudgementVerdict
from roamspec.shard import Shard

if TYPE_CHECKING:
    from roamspec.contract.requirements import Requirement

RequirementVerdict = Literal["pass", "fail", "inconclusive", "waived", "not-run"]
RunVerdict = Literal["conforming", "non-conforming", "incomplete"]

VERDICTS: Final[tuple[RequirementVerdict, ...]] = ("pass", "fail", "inconclusive", "waived", "not-run")

SUCCESS_FAMILY: Final = "success"
EFFECT_FAMILIES: Final = frozenset({"effect", "time", "all", "one-way", "list"})
"""Families whose requirements can be judged only by looking at what a call did."""

NOT_SELECTED: Final = "not selected"
SUITE_FAILED: Final = 4
_LEFT_OUT: Final = ", because --req excludes it"

_ENDINGS: Final[Mapping[Ending | None, str]] = {
    None: "The run ended without a final event.",
    "target-lost": "The target could not be tested to the end.",
    "interrupted": "The run was interrupted.",
    "suite-error": "The suite itself failed.",
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found about one requirement."""

    check: str
    outcome: JudgementVerdict
    duration_s: float
    reason: str = ""
    failure: Failure | None = None
    served: bool = False
    """As of a Judgement."""


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """The verdict on one requirement; `reason` says why it is neither pass nor a failure with evidence."""

    requirement: "Requirement"
    verdict: RequirementVerdict
    reason: str
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on the run; `because` says in sentences why it is not `conforming`."""

    verdict: RunVerdict
    exit_status: Literal[0, 1, 3, 4]
    because: tuple[str, ...] = ()


def judge(requirement: "Requirement", checks: Sequence[CheckResult], *, absent: str) -> RequirementResult:
    """The verdict on one requirement; `absent` is the reason when no check judged it."""
    if not checks:
        return RequirementResult(requirement, "not-run", absent, ())
    outcomes = {check.outcome for check in checks}
    verdict: JudgementVerdict = (
        "fail" if "fail" in outcomes else "pass" if "pass" in outcomes else "inconclusive"
    )
    # A pass beside an inconclusive check is a pass: that check keeps its reason in the list of checks.
    reasons = () if verdict == "pass" else _reasons(checks, verdict)
    return RequirementResult(requirement, verdict, "; ".join(reasons), tuple(checks))


def _reasons(checks: Iterable[CheckResult], outcome: JudgementVerdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(check.reason for check in checks if check.outcome == outcome and check.reason))


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of the run as a whole; `ending` is None when the run never said how it ended."""

    ending: Ending | None
    detail: str
    planned: int
    finished: int
    errors: int
    """Checks in which the suite itself failed."""
    left_out: Sequence[str] = ()
    """Selected requirements that were not judged, because their checks were left out."""


def decide(
    results: Sequence[RequirementResult],
    facts: RunFacts,
    floor: Sequence[str],
    *,
    strict: bool,
    broken_waivers: Sequence[str] = (),
) -> Decision:
    """The verdict on the run, from the selected requirements and from what `floor` found missing.

    `broken_waivers` are sentences on waivers that no longer hold: with one of them, a run that judged what
    it planned does not conform.
    """
    decisive = [result for result in results if result.verdict == "fail" and result.requirement.decisive]
    deciding = [result for result in results if result.verdict == "fail"] if strict else decisive
    if facts.ending not in ("complete", "failures-reached"):
        because = [facts.detail or _ENDINGS[facts.ending]]
        if decisive:
            because.append(f"{_count(len(decisive), 'blocking requirement')} had failed before.")
        return Decision("incomplete", 3 if facts.ending == "target-lost" else 4, tuple(because))
    if deciding:
        word = "requirement" if strict else "blocking requirement"
        early = (facts.detail,) if facts.ending == "failures-reached" else ()
        failed = f"{_count(len(deciding), word)} failed."
        return Decision("non-conforming", 1, (failed, *broken_waivers, *early))
    if facts.errors:
        return Decision("incomplete", 4, (f"The suite itself failed in {_count(facts.errors, 'check')}.",))
    if facts.finished < facts.planned:
        missing = f"Only {facts.finished} of {_count(facts.planned, 'planned check')} reported."
        return Decision("incomplete", 4, (missing,))
    if facts.left_out:
        return Decision("incomplete", 3, (_left_out(facts.left_out),))
    inconclusive = sum(result.verdict == "inconclusive" for result in results)
    if strict and inconclusive:
        return Decision("non-conforming", 1, (f"{_count(inconclusive, 'requirement')} could not be judged.",))
    if floor:
        return Decision("incomplete", 3, (*floor, *broken_waivers))
    if broken_waivers:
        return Decision("non-conforming", 1, tuple(broken_waivers))
    return Decision("conforming", 0)


def decide_part(
    results: Sequence[RequirementResult], facts: RunFacts, shard: Shard, *, strict: bool
) -> Decision:
    """What one shard ends with. It never gives the verdict of the whole run: 0 says that its own checks came
    to their end and found no blocking failure, 1 that they found one.

    What other shards may have judged (successes, effects, what is inconclusive here) is left to the merge.
    """
    failed = [r for r in results if r.verdict == "fail" and (strict or r.requirement.decisive)]
    whole = decide(results, replace(facts, left_out=()), (), strict=False)
    if facts.ending not in ("complete", "failures-reached"):
        return whole
    early = (facts.detail,) if facts.ending == "failures-reached" else ()
    if failed:
        word = "requirement" if strict else "blocking requirement"
        found = (
            f"{_count(len(failed), word)} failed in shard {shard.index} of {shard.count}; `roamspec merge` "
            "gives the verdict of the whole run."
        )
        return Decision("incomplete", 1, (found, *early))
    if whole.exit_status == SUITE_FAILED:
        return whole
    if facts.left_out:
        return Decision("incomplete", 3, (_left_out(facts.left_out),))
    found = (
        f"No blocking failure was found in shard {shard.index} of {shard.count}; `roamspec merge` gives the "
        "verdict of the whole run."
    )
    return Decision("incomplete", 0, (found,))


def missing_floor(
    selected: Iterable["Requirement"], judged: Mapping["Requirement", Collection[CheckResult]]
) -> tuple[str, ...]:
    """What `conforming` needs and the run did not show, one sentence for each gap.

    For each operation of the selected requirements its success response must have passed and one effect must
    have been judged; whether these two were themselves selected does not matter. One blocking requirement
    at least must have been judged.
    """
    wanted = list(selected)
    results = [judge(requirement, tuple(checks), absent="") for requirement, checks in judged.items()]
    gaps: list[str] = []
    for operation in dict.fromkeys(requirement.operation for requirement in wanted):
        own = [result for result in results if result.requirement.operation == operation]
        families = {requirement.family for requirement in wanted if requirement.operation == operation}
        if not any(r.requirement.family == SUCCESS_FAMILY and r.verdict == "pass" for r in own):
            left_out = "" if SUCCESS_FAMILY in families else _LEFT_OUT
            gaps.append(f"{operation}: no success response was received{left_out}.")
        if not any(r.requirement.family in EFFECT_FAMILIES and r.verdict in ("pass", "fail") for r in own):
            left_out = "" if families & EFFECT_FAMILIES else _LEFT_OUT
            gaps.append(f"{operation}: no effect could be judged{left_out}.")
    decisive = [result for result in results if result.requirement.decisive]
    if not gaps and not any(result.verdict in ("pass", "fail") for result in decisive):
        gaps.append("No blocking requirement was judged.")
    return tuple(gaps)


def _left_out(requirements: Sequence[str]) -> str:
    more = f" and {len(requirements) - 1} more" if len(requirements) > 1 else ""
    return f"Checks were left out, although their requirements are selected: {requirements[0]}{more}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
