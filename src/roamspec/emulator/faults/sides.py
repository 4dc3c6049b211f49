"""Faults of one-wayness: whose copies go."""

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import Conversation
from roamspec.emulator.domain.views import take_away, view_of
from roamspec.emulator.faults.registry import EVERY, Step, fault


@fault(
    "one-way.peer-copy-deleted",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"),
    sentence="The other participants' copies go too.",
)
def peer_copy_deleted(step: Step) -> Step:
    def apply(deletion: Deletion) -> None:
        step(deletion)
        context = deletion.context
        for view, messages in deletion.chosen:
            for name, conversation in _other_views(deletion, view.conversation):
                other = view_of(context, name, conversation)
                if other is not None:
                    take_away(context, name, other, messages)

    return apply


def _other_views(deletion: Deletion, conversation: Conversation) -> list[tuple[str, Conversation]]:
    if conversation.type == "chat":
        return [(conversation.id, Conversation("chat", deletion.owner))]
    group = deletion.context.store.group(conversation.id)
    return [] if group is None else [(name, conversation) for name in group.members if name != deletion.owner]
