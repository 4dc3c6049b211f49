"""What the exploration found, as judgements of the operations concerned."""

from collections.abc import Mapping

from roamspec.generative.evidence import sight_of
from roamspec.generative.journal import Finding, Journal
from roamspec.generative.naming import requirement_of
from roamspec.generative.sketch import Visibility
from roamspec.generative.telling import told
from roamspec.suite.case import Case
from roamspec.suite.effort import Effort


def judge_finding(
    cases: Mapping[str, Case], finding: Finding, visibility: Visibility, effort: Effort
) -> None:
    """Fail the requirement of the operation at fault that the difference refutes."""
    case = cases[finding.operation]
    sight = sight_of(finding.program, finding.difference, finding.operation, visibility)
    name = requirement_of(sight)
    case.judge.that(
        name,
        False,
        *finding.exchanges,
        expected=finding.difference.expected,
        actual=f"{finding.difference.actual}, after: {told(finding.program)}",
        hint=_hint(finding, effort, f"{case.operation.slug}.{name}"),
    )


def _hint(finding: Finding, effort: Effort, requirement: str) -> str:
    if finding.remembered:
        again = effort.again(requirement, from_corpus=True)
        return f"Known from an earlier run and kept in {effort.corpus}; run it again: {again}"
    if not finding.confirmed:
        return (
            f"Found from seed {effort.seed} and not shortened, as no request was left for that; run it again "
            f"alone: {effort.again(requirement)}"
        )
    return f"Found and shortened from seed {effort.seed}; run it again: {effort.again(requirement)}"


def judge_rest(cases: Mapping[str, Case], journal: Journal) -> None:
    """Pass what sequences could have refuted and did not."""
    for operation, name in sorted(journal.credits):
        cases[operation].judge.that(name, True, expected="what the model says", actual="the same")
