"""Calls derived from the contract alone: what it says of parameters and of successful answers."""

from roamspec.generative.floor import answers, expectations, keeping
from roamspec.generative.floor.judging import Floor
from roamspec.suite import Case, alone, costs, generative, judges, profile
from roamspec.suite.trials import Bench


@judges(*answers.NAMES, *expectations.NAMES, *keeping.NAMES)
@generative
@profile("standard")
@alone
@costs(100)
def test_generated_calls(case: Case) -> None:
    """Each generated call is judged alone; at the end what no call named must still be there."""
    case.judge.otherwise = "no generated call concerned it"
    bench = Bench(case)
    kept, floor = keeping.Keeping(case, bench), Floor(case, bench.scene)

    floor.cover()
    if case.effort.profile == "deep":
        floor.fuzz()

    floor.credit()
    kept.judge(floor)
    floor.note()
