"""Calls derived from the contract alone: what it says of parameters and of successful answers."""

from roamspec.generative.schemathesis_cases import answers, expectations, keeping
from roamspec.generative.schemathesis_cases.judging import SchemaCases
from roamspec.suite import CheckContext, costs, covers, generative, profile, serial
from roamspec.suite.negative_calls import NegativeCallRunner


@covers(*answers.NAMES, *expectations.NAMES, *keeping.NAMES)
@generative
@profile("standard")
@serial
@costs(100)
def test_generated_calls(case: CheckContext) -> None:
    """Each generated call is judged alone; at the end what no call named must still be there."""
    case.verdicts.default_reason = "no generated call concerned it"
    bench = NegativeCallRunner(case)
    kept, floor = keeping.RetentionChecks(case, bench), SchemaCases(case, bench.scene)

    thorough = case.limits.profile == "deep"
    floor.cover(every=thorough)
    if thorough:
        floor.fuzz()

    floor.credit()
    kept.judge(floor)
    floor.note()
