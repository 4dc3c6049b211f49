"""Long conversations, which take a hundred calls to arrange: each is made once for several checks.

Every check uses the view of a user of its own in it, so that none meets what another one deleted.
"""

from dataclasses import replace

from roamspec.client.chatting import ConversationKind
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
        if kind in scenes:
            mine = _seen_from(seat, scenes[kind], case, world)
            if mine:
                return mine
            # An operation that had its turn reached views that are not its own, which is judged elsewhere.
        scenes[kind] = _arrange(case, kind)
    mine = _seen_from(seat, scenes[kind], case, world)
    if not mine:
        raise SetupFailed(f"not all of {LENGTH} messages of one conversation can be pulled.")
    return mine


def _seen_from(seat: int, whole: Scene, case: Case, world: World) -> Scene | None:
    """The scene as the user of this seat has it; None when messages are missing there."""
    scene = replace(whole, world=world, subject=case.subject)
    mine = scene.seen_by(scene.conversation.members[seat])
    wanted = ids_of(mine.messages)
    seen = world.view_when(mine.owner, mine.conversation, lambda view: wanted <= view.ids)
    return mine if wanted <= seen.ids else None


def _arrange(case: Case, kind: str) -> Scene:
    # Not a world of the check's own: it would be cleaned up with the check.
    world = World(case.session)
    users = world.users(3 if kind == "group" else 2)
    of_kind: ConversationKind = "group" if kind == "group" else "chat"
    conversation = world.conversation(of_kind, users[0], *users[1:])
    drafts = [Draft(users[i % 2], (LENGTH - i) * SPACING_MS + 10_000) for i in range(LENGTH)]
    messages = world.fill(conversation, drafts, apart=False)
    return Scene(world, case.subject, users[0], tuple(users[1:]), conversation, tuple(messages))
