"""Calls derived from the contract alone: what it says of parameters and of successful answers."""

from roamspec.generative.floor import answers, expectations
from roamspec.generative.floor.judging import Floor
from roamspec.suite import Case, alone, generative, judges, profile
from roamspec.suite.effects import judge_unchanged
from roamspec.suite.trials import Bench

KEPT = ("effect.other-conversations-stay", "one-way.others-keep-what-they-received")


@judges(*answers.NAMES, *expectations.NAMES, *KEPT)
@generative
@profile("standard")
@alone
def test_generated_calls(case: Case) -> None:
    """Each generated call is judged alone; at the end what no call named must still be there."""
    case.judge.otherwise = "no generated call concerned it"
    bench = Bench(case)
    scene, aside = bench.scene, bench.whole_bystander()
    before = scene.seen_by(scene.peer).view()
    floor = Floor(case, scene)

    floor.cover()
    if case.effort.profile == "deep":
        floor.fuzz()

    floor.credit()
    if case.subject.conversation_parameter:
        judge_unchanged(case, "effect.other-conversations-stay", None, aside, bench.bystander.view())
    theirs = scene.seen_by(scene.peer).view()
    judge_unchanged(case, "one-way.others-keep-what-they-received", None, before, theirs)
    floor.note()
