"""Calls derived from the contract alone: what it says of parameters and of successful answers."""

from roamspec.generative.schemathesis_cases import answers, expectations, keeping
from roamspec.generative.schemathesis_cases.judging import SchemaCases
from roamspec.suite import CheckContext, costs, covers, generative, profile, serial
from roamspec.suite.negative_calls import NegativeCallRunner


@covers(*answers.NAMES, *expectations.NAMES, *keeping.NAMES)
@generative
@profile("standard")
@serial
@costs(40)
def test_generated_calls(case: CheckContext) -> None:
    """Each generated call is judged by itself; at the end, messages outside all requests must be retained."""
    runner = NegativeCallRunner(case)
    kept, floor = keeping.RetentionChecks(case, runner), SchemaCases(case, runner.fixture)

    thorough = case.limits.profile == "deep"
    floor.cover(every=thorough)
    if thorough:
        floor.fuzz()

    floor.credit()
    kept.check_retained(floor)
    floor.note()
    case.verdicts.rest_inconclusive("no generated call concerned it")
