"""The same promise however the call is written, repeated, or split."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from roamspec.client.app import AppClient
from roamspec.client.deletions import Query
from roamspec.client.messages import Answer
from roamspec.suite import Case, judges
from roamspec.suite.answers import SUCCESS, judge_success
from roamspec.suite.effects import judge_gone, judge_kept, judge_unchanged
from roamspec.suite.scene import Scene, drafts, scene_of, set_scene, talk
from roamspec.world.conversations import Message


@judges(
    *SUCCESS,
    "effect.same-call-twice-harmless",
    "success.timestamp-moves",
    "effect.single-id-gone",
    "effect.messages-gone",
    "effect.two-calls-add-up",
    "request.parameters-in-any-order",
    "request.raw-commas-separate",
    "request.encoded-commas-separate",
    "request.resource-parameter-tolerated",
    "request.is-notify-tolerated",
    "one-way.both-sides-in-turn",
    "value.unknown-peer-harmless",
)
def test_ways_to_write_a_call(case: Case) -> None:
    """A conversation is deleted bit by bit, each bit with a call written in another way."""
    subject, judge = case.subject, case.judge
    count = 12 if subject.conversation_parameter else 2
    scene = (
        _scene_with_a_peer_who_leaves(case, count)
        if _is_chat(case)
        else set_scene(case.world(), subject, count)
    )
    bits = [scene.messages[i : i + 2] for i in range(0, count, 2)]

    first = scene.delete(bits[0][:1])
    judge_gone(case, "effect.single-id-gone", first, scene.view_without(bits[0][:1]), bits[0][:1])
    # The very same call comes twice, whatever a service may tell it by.
    second = scene.delete(bits[0][1:], notify="false")
    repeated = "effect.same-call-twice-harmless"
    if not subject.conversation_parameter:
        judge_gone(case, repeated, first, scene.view_without(scene.messages), scene.messages)
    case.session.sleep(0.005)
    again = scene.delete(bits[0][1:], notify="false")
    _judge_timestamps(case, [first, second, again], lambda: scene.delete(bits[0][1:], notify="false"))
    for answer in (first, second, again):
        if answer.ok:
            judge_success(case, answer)
    judge.that(
        repeated,
        not again.broken,
        again,
        expected="status 200, or a 4xx status",
        actual=again.summary(),
    )
    if not subject.conversation_parameter:
        for name, parameter in (
            ("request.is-notify-tolerated", ("isNotify", "true")),
            ("request.resource-parameter-tolerated", ("resource", "web_1")),
        ):
            _judge_no_server_error(case, name, subject.call(*_of(scene), [parameter]))
        new = scene.world.fill(scene.conversation, drafts((scene.owner, scene.peer), 2))
        _judge_both_sides(case, replace(scene, messages=tuple(new)))
        return
    view = scene.view_without(bits[0])
    judge_gone(case, "effect.two-calls-add-up", second, view, bits[0])
    judge_gone(case, repeated, second, view, bits[0][1:])
    judge_kept(case, repeated, again, view, scene.messages[2:])
    _write(case, scene, "request.parameters-in-any-order", bits[1], scene.query(bits[1], notify="true")[::-1])
    query = [*scene.query(bits[2]), ("resource", "web_1")]
    _write(case, scene, "request.resource-parameter-tolerated", bits[2], query, may_be_refused=True)
    _write(case, scene, "request.raw-commas-separate", bits[3], scene.query(bits[3]))
    encoded = [(name, value.replace(",", "%2C")) for name, value in scene.query(bits[4])]
    _write(case, scene, "request.encoded-commas-separate", bits[4], encoded, raw=True)
    _judge_both_sides(case, scene)
    if _is_chat(case):
        _judge_without_the_peer(case, scene)


def _is_chat(case: Case) -> bool:
    return case.subject.conversation_parameter == "userId"


def _scene_with_a_peer_who_leaves(case: Case, count: int) -> Scene:
    """The same as other scenes, but the peer is no other check's."""
    world = case.world()
    owner, peer = world.users(2)
    return scene_of(world, case.subject, owner, [peer, *world.cast(1)], count)


def _judge_without_the_peer(case: Case, scene: Scene) -> None:
    """The peer leaves the app: what the owner has left of the conversation is deleted still, or the call
    says that it is not."""
    scene.world.abandon_user(scene.peer)
    last = scene.messages[-1:]
    answer = scene.delete(last)
    _judge_no_server_error(case, "value.unknown-peer-harmless", answer)
    if answer.ok:
        view = scene.view_without(last)
        judge_gone(case, "effect.single-id-gone", answer, view, last)
        judge_gone(case, "effect.messages-gone", answer, view, last)


def _of(scene: Scene) -> tuple[AppClient, str]:
    return scene.world.app, scene.owner


def _write(
    case: Case,
    scene: Scene,
    name: str,
    messages: Sequence[Message],
    query: Query,
    *,
    raw: bool = False,
    may_be_refused: bool = False,
) -> None:
    """Served with its effect; what the document does not know may be refused, and then does nothing."""
    if not case.judge.wants(name):
        return
    answer = case.subject.call(*_of(scene), query, raw=raw)
    if may_be_refused and answer.refused:
        judge_kept(case, name, answer, scene.view(), messages)
    else:
        judge_gone(case, name, answer, scene.view_without(messages), messages)


def _judge_timestamps(case: Case, answers: list[Answer], repeat: Callable[[], Answer]) -> None:
    times = _times(answers)
    if len(times) < 2:
        return
    if times[-1] <= times[0]:
        # Clocks may count whole seconds, and differ a little between the machines of one service.
        case.session.sleep(1.1)
        answers.append(repeat())
        times = [times[0], *_times(answers)]
    case.judge.that(
        "success.timestamp-moves",
        times[-1] > times[0],
        *answers,
        expected="a later answer has a later timestamp",
        actual=", ".join(map(str, times)),
    )


def _times(answers: list[Answer]) -> list[float]:
    stamps = [answer.object.get("timestamp") for answer in answers if answer.ok]
    return [stamp for stamp in stamps if isinstance(stamp, int | float)]


def _judge_both_sides(case: Case, owners: Scene) -> None:
    """After the owner, another participant deletes: each for themselves."""
    name = "one-way.both-sides-in-turn"
    peers = owners.seen_by(owners.peer)
    before, theirs = owners.view(), peers.view()
    # One that the owner still has: it must not go from the owner's view.
    named = owners.messages[-2:-1]
    answer = peers.delete(named)
    view = peers.view_without(named)
    judge_gone(case, name, answer, view, named)
    judge_unchanged(case, name, answer, before, owners.view())
    if case.subject.conversation_parameter:
        left = [message for message in owners.messages[-1:] if message.id in theirs.ids]
        judge_kept(case, name, answer, view, left)
    else:
        # Once more for one who was cleared before, of messages that another one has cleared.
        answer = owners.delete(owners.messages)
        judge_gone(case, name, answer, owners.view_without(owners.messages), owners.messages)


@judges(
    "effect.ids-of-another-conversation-stay",
    "effect.ids-of-another-user-stay",
    "effect.repeated-id-harmless",
    "effect.unknown-id-harmless",
    "effect.known-beside-unknown",
)
def test_ids_that_are_elsewhere_or_nowhere(case: Case) -> None:
    subject, world = case.subject, case.world()
    scene = set_scene(world, subject, 6)
    owner, peer, third = scene.owner, *scene.others
    further, further_messages = talk(world, subject.kind, owner, [third, peer], 2)
    theirs, their_messages = talk(world, "chat", peer, [third], 2)
    unknown, repeated, beside, *spared = scene.messages

    answer = scene.delete(further_messages)
    name = "effect.ids-of-another-conversation-stay"
    _judge_no_server_error(case, name, answer)
    judge_kept(case, name, answer, world.view(owner, further), further_messages)
    judge_kept(case, name, answer, scene.view(), scene.messages)
    answer = scene.delete(their_messages)
    name = "effect.ids-of-another-user-stay"
    _judge_no_server_error(case, name, answer)
    for user in (peer, third):
        judge_kept(case, name, answer, world.view(user, theirs), their_messages)
    judge_kept(case, name, answer, scene.view(), scene.messages)
    answer = scene.delete([repeated, repeated])
    name = "effect.repeated-id-harmless"
    _judge_no_server_error(case, name, answer)
    if answer.ok:
        judge_gone(case, name, answer, scene.view_without([repeated]), [repeated])
    judge_kept(case, name, answer, scene.view(), [unknown, beside, *spared])
    # An ID of our own that is in no view of the owner stands for one that does not exist.
    scene.delete([unknown])
    nowhere = Message("1", owner, 0)
    answer = scene.delete([nowhere])
    name = "effect.unknown-id-harmless"
    _judge_no_server_error(case, name, answer)
    judge_kept(case, name, answer, scene.view(), [beside, *spared])
    answer = scene.delete([nowhere, beside])
    if answer.ok:
        judge_gone(case, "effect.known-beside-unknown", answer, scene.view_without([beside]), [beside])
        judge_kept(case, name, answer, scene.view(), spared)
    else:
        case.judge.cannot("effect.known-beside-unknown", f"such a call is refused: {answer.summary()}")


def _judge_no_server_error(case: Case, name: str, answer: Answer) -> None:
    case.judge.that(
        name, not answer.broken, answer, expected="status 200, or a 4xx status", actual=answer.summary()
    )
