"""Another app, and names that begin like ours, are others."""

from dataclasses import dataclass, replace

from roamspec.suite import Case, alone, judges
from roamspec.suite.effects import judge_kept
from roamspec.suite.scene import Scene, drafts, scene_of, talk
from roamspec.world.world import World

KINDS = ("chat", "group")


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Users whose names begin like the owner's and the peer's, and the same users in another app.

    Arranged once: nothing of it may ever go, whichever operation is called for the owner.
    """

    owner: str
    peer: str
    of_longer_owner: dict[str, Scene]
    with_longer_peer: Scene
    neighbours: dict[str, Scene]


@judges(
    "tenancy.longer-owner-name-keeps-messages",
    "tenancy.longer-peer-name-keeps-messages",
    "tenancy.neighbour-app-keeps-messages",
)
@alone
def test_others_of_like_name(case: Case) -> None:
    namesakes: Namesakes = case.session.shared.get("namesakes") or _arrange(case)
    case.session.shared["namesakes"] = namesakes
    world, subject = case.world(), case.subject
    scene = scene_of(world, subject, namesakes.owner, [namesakes.peer], 2)
    kept = [
        ("tenancy.longer-owner-name-keeps-messages", namesakes.of_longer_owner[subject.kind]),
        ("tenancy.longer-peer-name-keeps-messages", namesakes.with_longer_peer),
        *(("tenancy.neighbour-app-keeps-messages", each) for each in namesakes.neighbours.values()),
    ]
    watched = [(name, _as_seen(each)) for name, each in kept if case.judge.wants(name)]

    answer = scene.delete(scene.messages)

    scene.view_without(scene.messages)
    for name, theirs in watched:
        judge_kept(case, name, answer, theirs.view(), theirs.messages)


def _as_seen(scene: Scene) -> Scene:
    """The scene with what is in it now; clearing the owner may have taken some of it, rightly."""
    seen = scene.view().ids
    left = tuple(message for message in scene.messages if message.id in seen)
    if not left:
        left = tuple(scene.world.fill(scene.conversation, drafts((scene.owner,), 2)))
    return replace(scene, messages=left)


def _arrange(case: Case) -> Namesakes:
    # Worlds that are not the check's own: what they hold is for all operations.
    world = World(case.session)
    owner, peer = (case.session.names.fresh() for _ in range(2))
    longer_owner, longer_peer = f"{owner}0", f"{peer}0"
    world.users(0, names=[owner, peer, longer_owner, longer_peer])
    neighbours = {}
    if case.has("neighbour-app"):
        there = World(case.session, case.session.app("neighbour"))
        there.users(0, names=[owner, peer])
        neighbours = {kind: _talk(case, there, kind, owner, peer) for kind in KINDS}
    return Namesakes(
        owner,
        peer,
        {kind: _talk(case, world, kind, longer_owner, peer) for kind in KINDS},
        _talk(case, world, "chat", owner, longer_peer),
        neighbours,
    )


def _talk(case: Case, world: World, kind: str, owner: str, peer: str) -> Scene:
    conversation, messages = talk(world, "group" if kind == "group" else "chat", owner, [peer], 2)
    return Scene(world, case.subject, owner, (peer,), conversation, tuple(messages))
