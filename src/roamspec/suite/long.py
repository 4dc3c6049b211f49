"""Long conversations, which take a hundred calls to arrange: each is made once for several checks.

Every check uses the view of a user of its own in it, so that none meets what another one deleted.
"""

from dataclasses import replace

from roamspec.client.chatting import ConversationKind
from roamspec.client.contents import OTHER_TYPES, TEXT
from roamspec.errors import SetupFailed
from roamspec.suite.case import Case
from roamspec.suite.scene import Scene
from roamspec.world.conversations import Draft, ids_of
from roamspec.world.world import World

LENGTH = 101
SPACING_MS = 2_000
# Whose view each operation uses: 0 is who made the conversation.
_SEATS = {
    "clearChatBefore": ("chat", 0),
    "deleteChatMessages": ("chat", 1),
    "clearGroupBefore": ("group", 0),
    "deleteGroupMessages": ("group", 1),
    "clearUser": ("group", 2),
}


def long_scene(case: Case, world: World) -> Scene:
    """A conversation of more than a hundred messages, seen by a user whom only this operation uses."""
    kind, seat = _SEATS[case.operation.name]
    scenes: dict[str, Scene] = case.session.shared
    with case.session.lock:
        if kind not in scenes:
            scenes[kind] = _arrange(case, kind)
    scene = replace(scenes[kind], world=world, subject=case.subject)
    mine = scene.seen_by(scene.conversation.members[seat])
    wanted = ids_of(mine.messages)
    if not wanted <= world.view_when(mine.owner, mine.conversation, lambda view: wanted <= view.ids).ids:
        raise SetupFailed(f"not all of the {LENGTH} messages can be pulled by {mine.owner}.")
    return mine


def _arrange(case: Case, kind: str) -> Scene:
    # Not a world of the check's own: it would be cleaned up with the check.
    world = World(case.session)
    users = world.users(3 if kind == "group" else 2)
    of_kind: ConversationKind = "group" if kind == "group" else "chat"
    conversation = world.conversation(of_kind, users[0], *users[1:])
    # The first of the messages are of all types: every operation names those.
    types = dict(zip(range(1, LENGTH, 3), OTHER_TYPES, strict=False))
    drafts = [
        Draft(users[i % 2], (LENGTH - i) * SPACING_MS + 10_000, types.get(i, TEXT)) for i in range(LENGTH)
    ]
    messages = world.fill(conversation, drafts, apart=False)
    return Scene(world, case.subject, users[0], tuple(users[1:]), conversation, tuple(messages))
