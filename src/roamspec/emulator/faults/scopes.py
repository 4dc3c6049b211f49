"""Faults of which messages and conversations a call speaks of."""

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.faults.registry import Step, fault


@fault(
    "all.group-messages-left",
    at="resolve",
    operations=("clearUser",),
    refutes=("all.groups-cleared",),
    sentence="Clearing all of a user's messages leaves those of groups.",
)
def group_messages_left(step: Step) -> Step:
    def resolve(deletion: Deletion) -> None:
        step(deletion)
        groups = deletion.context.store
        deletion.views = [
            view
            for view in deletion.views
            if view.conversation.type == "chat"
            or (group := groups.group(view.conversation.id)) is None
            or group.kind == "room"
        ]

    return resolve
