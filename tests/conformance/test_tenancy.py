"""Another app, and names that begin like ours, are others."""

from roamspec.suite import Case, judges
from roamspec.suite.effects import judge_kept
from roamspec.suite.scene import set_scene, talk


@judges("tenancy.longer-owner-name-keeps-messages", "tenancy.longer-peer-name-keeps-messages")
def test_names_that_begin_alike(case: Case) -> None:
    subject, world = case.subject, case.world()
    owner, peer, third = world.users(3)
    longer_owner, longer_peer = world.users(0, names=[f"{owner}0", f"{peer}0"])
    conversation, messages = talk(world, subject.kind, owner, [peer, third], 2)
    of_longer_owner, messages_of_longer_owner = talk(world, subject.kind, longer_owner, [peer, third], 2)
    with_longer_peer, messages_with_longer_peer = talk(world, "chat", owner, [longer_peer], 2)

    answer = subject.delete(world.app, owner, conversation, messages)

    world.view_without(owner, conversation, messages)
    view = world.view(longer_owner, of_longer_owner)
    name = "tenancy.longer-owner-name-keeps-messages"
    judge_kept(case, name, answer, view, messages_of_longer_owner)
    view = world.view(owner, with_longer_peer)
    name = "tenancy.longer-peer-name-keeps-messages"
    judge_kept(case, name, answer, view, messages_with_longer_peer)


@judges("tenancy.neighbour-app-keeps-messages")
def test_the_neighbour_app(case: Case) -> None:
    """The same users and the same conversations in both apps."""
    if not case.has("neighbour-app"):
        return
    subject, here = case.subject, case.world()
    scene = set_scene(here, subject, 3)
    there = case.world(case.session.app("neighbour"))
    users = there.users(0, names=[scene.owner, *scene.others])
    chat, messages = talk(there, "chat", users[0], users[1:], 3)
    group, group_messages = talk(there, "group", users[0], users[1:], 2)
    before = [there.view(users[0], chat), there.view(users[0], group)]

    answer = scene.delete(scene.messages)

    scene.view_without(scene.messages)
    for view, kept in zip(before, (messages, group_messages), strict=True):
        visible = [message for message in kept if message.id in view.ids]
        after = there.view(users[0], view.conversation)
        judge_kept(case, "tenancy.neighbour-app-keeps-messages", answer, after, visible)
