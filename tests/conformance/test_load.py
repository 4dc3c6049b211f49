"""Several calls at once, and many calls in a row."""

from concurrent.futures import ThreadPoolExecutor

from roamspec.client.messages import Answer
from roamspec.suite import Case, judges
from roamspec.suite.effects import judge_gone, judge_kept
from roamspec.suite.scene import Scene, scene_of, set_scene

BURST = 60
PAUSE_S = 1.2
OVER_THE_RATE = (403, 429)
"""The answers that the documents, older and newer, give above the rate."""


@judges("effect.concurrent-calls-all-count")
def test_calls_at_the_same_time(case: Case) -> None:
    """Three calls of one owner, each of another conversation."""
    subject, world = case.subject, case.world()
    (owner,), others = world.users(1), world.cast(3)
    scenes = [scene_of(world, subject, owner, others[i:] + others[:i], 2) for i in range(3)]

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda scene: scene.delete(scene.messages[:1]), scenes))

    name = "effect.concurrent-calls-all-count"
    for scene, answer in zip(scenes, answers, strict=True):
        messages = scene.messages
        case.judge.that(name, answer.ok, answer, expected="status 200", actual=answer.summary())
        view = scene.view_without(messages[:1])
        judge_gone(case, name, answer, view, messages[:1])
        if subject.conversation_parameter:
            judge_kept(case, name, answer, view, messages[1:])


@judges("rate.below-the-limit-served")
def test_many_calls_below_the_limit(case: Case) -> None:
    """A burst that is refused is repeated once after a pause: others may have called as well."""
    scene = set_scene(case.world(), case.subject, 1)
    name = "rate.below-the-limit-served"
    refused = _refusal_in_a_burst(case, scene)
    if refused:
        case.session.sleep(PAUSE_S)
        refused = _refusal_in_a_burst(case, scene)
    if refused and not case.session.alone:
        case.judge.cannot(
            name, "calls were refused for their rate; others may call this app too (--exclusive)"
        )
        return
    case.judge.that(
        name,
        refused is None,
        refused,
        expected=f"{BURST} calls within the documented 100 per second are served",
        actual=refused.summary() if refused else "served",
    )


def _refusal_in_a_burst(case: Case, scene: Scene) -> Answer | None:
    query = scene.query(scene.messages)

    def call(_: int) -> Answer:
        return case.subject.call(scene.world.app, scene.owner, query, patient=False)

    with ThreadPoolExecutor(4) as pool:
        return next(
            (answer for answer in pool.map(call, range(BURST)) if answer.status in OVER_THE_RATE), None
        )
