"""Another app, and names that begin like ours, are others."""

from roamspec.suite import Case, judges
from roamspec.suite.effects import judge_kept
from roamspec.suite.scene import Scene, scene_of, talk
from roamspec.world.conversations import Message, View


@judges(
    "tenancy.longer-owner-name-keeps-messages",
    "tenancy.longer-peer-name-keeps-messages",
    "tenancy.neighbour-app-keeps-messages",
)
def test_others_of_like_name(case: Case) -> None:
    """Users whose names begin like the owner's and the peer's, and the same users in another app."""
    subject, world = case.subject, case.world()
    owner, peer = (case.session.names.fresh() for _ in range(2))
    longer_owner, longer_peer = f"{owner}0", f"{peer}0"
    world.users(0, names=[owner, peer, longer_owner, longer_peer])
    scene = scene_of(world, subject, owner, [peer], 2)
    kept = [
        ("tenancy.longer-owner-name-keeps-messages", *talk(world, subject.kind, longer_owner, [peer], 2)),
        ("tenancy.longer-peer-name-keeps-messages", *talk(world, "chat", owner, [longer_peer], 2)),
    ]
    neighbours = _neighbours(case, scene) if case.has("neighbour-app") else []

    answer = scene.delete(scene.messages)

    scene.view_without(scene.messages)
    for name, theirs, their_messages in kept:
        view = world.view(theirs.members[0], theirs)
        judge_kept(case, name, answer, view, their_messages)
    for seen, their_messages in neighbours:
        there = case.world(case.session.app("neighbour"))
        view = there.view(seen.user, seen.conversation)
        judge_kept(case, "tenancy.neighbour-app-keeps-messages", answer, view, their_messages)


def _neighbours(case: Case, scene: Scene) -> list[tuple[View, list[Message]]]:
    """The same users with the same conversations in the neighbour app."""
    there = case.world(case.session.app("neighbour"))
    owner, peer = there.users(0, names=[scene.owner, scene.peer])
    views = []
    for kind in ("chat", case.subject.kind) if case.subject.kind != "chat" else ("chat",):
        conversation, messages = talk(there, kind, owner, [peer], 2)
        view = there.view(owner, conversation)
        views.append((view, [message for message in messages if message.id in view.ids]))
    return views
