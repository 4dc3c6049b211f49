"""Calls derived from the contract alone: what it says of parameters and of successful answers."""

from roamspec.generative.floor import answers, expectations
from roamspec.generative.floor.judging import Floor
from roamspec.suite import Case, alone, generative, judges, profile
from roamspec.suite.effects import judge_kept
from roamspec.suite.scene import set_scene, talk

KEPT = ("effect.other-conversations-stay", "one-way.others-keep-what-they-received")


@judges(*answers.NAMES, *expectations.NAMES, *KEPT)
@generative
@profile("standard")
@alone
def test_generated_calls(case: Case) -> None:
    """Each generated call is judged alone; at the end what no call named must still be there."""
    case.judge.otherwise = "no generated call concerned it"
    scene = set_scene(case.world(), case.subject, 1)
    aside, messages = talk(scene.world, case.subject.kind, scene.owner, scene.others[::-1], 1)
    before = scene.world.view(scene.peer, scene.conversation)
    floor = Floor(case, scene)

    floor.cover()
    if case.effort.profile == "deep":
        floor.fuzz()

    floor.credit()
    if case.subject.conversation_parameter:
        view = scene.world.view(scene.owner, aside)
        judge_kept(case, "effect.other-conversations-stay", None, view, messages)
    theirs = [message for message in scene.messages if message.id in before.ids]
    view = scene.world.view(scene.peer, scene.conversation)
    judge_kept(case, "one-way.others-keep-what-they-received", None, view, theirs)
    floor.note_accepted()
