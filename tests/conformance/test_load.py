"""Several calls at once, and many calls in a row."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

from roamspec.client.messages import Answer
from roamspec.suite import Case, alone, costly, judges
from roamspec.suite.effects import judge_gone, judge_kept
from roamspec.suite.scene import Scene, scene_of

BURST = 34
CLIENTS = 4
PAUSE_S = 1.2
OVER_THE_RATE = (403, 429)
"""The answers that the documents, older and newer, give above the rate."""


@judges("rate.below-the-limit-served", "effect.concurrent-calls-all-count")
@costly
@alone
def test_calls_at_the_same_time(case: Case) -> None:
    """Four clients call for one owner, each call of one of two conversations.

    A burst that is refused is repeated once after a pause: others may have called as well.
    """
    world = case.world()
    (owner,), others = world.users(1), world.cast(2)
    scenes = [scene_of(world, case.subject, owner, others[i:] + others[:i], 2) for i in range(2)]

    answers = _burst(case, scenes)
    if _refused(answers):
        case.session.sleep(PAUSE_S)
        answers = _burst(case, scenes)

    _judge_rate(case, answers)
    for number, scene in enumerate(scenes):
        _judge_effect(case, scene, answers[number :: len(scenes)])


def _judge_effect(case: Case, scene: Scene, answers: list[Answer]) -> None:
    """The same call many times: who comes first is served, and later ones may find nothing to delete."""
    name = "effect.concurrent-calls-all-count"
    broken = [answer for answer in answers if answer.broken]
    served = [answer for answer in answers if answer.ok]
    if not served and all(answer.status in OVER_THE_RATE for answer in answers):
        case.judge.cannot(name, "all of the calls were refused for their rate")
        return
    worst = (broken or served or answers)[0]
    case.judge.that(
        name,
        bool(served) and not broken,
        worst,
        expected="status 200 for the first of several equal calls, and no server error for the others",
        actual=worst.summary(),
    )
    if served:
        first, rest = scene.messages[:1], scene.messages[1:]
        view = scene.view_without(first)
        judge_gone(case, name, served[0], view, first)
        if case.subject.conversation_parameter:
            judge_kept(case, name, served[0], view, rest)


def _burst(case: Case, scenes: list[Scene]) -> list[Answer]:
    def call(scene: Scene) -> Answer:
        query = scene.query(scene.messages[:1])
        return case.subject.call(scene.world.app, scene.owner, query, patient=False)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(call, islice(cycle(scenes), BURST)))


def _refused(answers: list[Answer]) -> Answer | None:
    return next((answer for answer in answers if answer.status in OVER_THE_RATE), None)


def _judge_rate(case: Case, answers: list[Answer]) -> None:
    name, refused = "rate.below-the-limit-served", _refused(answers)
    if refused and not case.session.alone:
        reason = "calls were refused for their rate; others may call this app too (--exclusive)"
        case.judge.cannot(name, reason)
        return
    case.judge.that(
        name,
        refused is None,
        refused,
        expected=f"{BURST} calls within the documented 100 per second are served",
        actual=refused.summary() if refused else "served",
    )
