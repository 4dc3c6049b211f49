"""What the exploration found, as judgements of the operations concerned."""

from collections.abc import Mapping

from roamspec.generative.descriptions import describe
from roamspec.generative.evidence import observation_of
from roamspec.generative.exploration_log import ExplorationLog, SequenceFinding
from roamspec.generative.planned_state import Visibility
from roamspec.generative.requirement_mapping import requirement_of
from roamspec.suite.context import CheckContext
from roamspec.suite.exploration_limits import ExplorationEffort


def check_finding(
    cases: Mapping[str, CheckContext],
    finding: SequenceFinding,
    visibility: Visibility,
    effort: ExplorationEffort,
) -> None:
    """Fail the requirement of the operation at fault that the difference refutes."""
    case = cases[finding.operation]
    observation = observation_of(finding.program, finding.difference, finding.operation, visibility)
    name = requirement_of(observation)
    case.verdicts.check(
        name,
        False,
        *finding.exchanges,
        expected=finding.difference.expected,
        actual=f"{finding.difference.actual}, after: {describe(finding.program)}",
        hint=_hint(finding, effort, f"{case.operation.slug}.{name}"),
    )


def _hint(finding: SequenceFinding, effort: ExplorationEffort, requirement: str) -> str:
    if finding.remembered:
        again = effort.again(requirement, from_corpus=True)
        return f"Known from an earlier run and kept in {effort.corpus}; run it again: {again}"
    if not finding.confirmed:
        return (
            f"Found from seed {effort.seed} and not shortened, because no request was left for that; run it "
            f"again alone: {effort.again(requirement)}"
        )
    return f"Found and shortened from seed {effort.seed}; run it again: {effort.again(requirement)}"


def check_rest(cases: Mapping[str, CheckContext], journal: ExplorationLog) -> None:
    """Pass what sequences could have refuted and did not."""
    for operation, name in sorted(journal.credits):
        cases[operation].verdicts.check(name, True, expected="as in the reference model", actual="the same")
