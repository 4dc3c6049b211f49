"""Faults of one-wayness: what others lose besides their copies, and who deletes second."""

from collections.abc import Callable, Sequence
from typing import Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.domain.views import note_change, take_away, view_of, views_of
from roamspec.faults.registry import EVERY, IN_GROUPS, Step, Wrapper, fault
from roamspec.faults.side_effects import others_in, remove_from
from roamspec.faults.step_mutators import afterwards

Others = Sequence[tuple[str, ConversationKey]]

_IN_GROUPS_TOO: Final = (*IN_GROUPS, "clearUser")


def _unlisting(who: Callable[[Others], Others]) -> Wrapper:
    """The conversation leaves the lists of some of the others."""

    def unlist(deletion: Deletion) -> None:
        for view, found in deletion.chosen:
            for name, conversation in who(others_in(deletion, view.conversation)) if found else ():
                theirs = view_of(deletion.context, name, conversation)
                if theirs is not None:
                    theirs.listed = False
                    note_change(deletion.context, name, conversation)

    return afterwards(unlist)


fault(
    "one-way.others-lose-the-conversation",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-the-conversation",),
    sentence="The conversation leaves the others' lists, although their messages are retained.",
)(_unlisting(lambda others: others))
fault(
    "one-way.first-other-loses-the-conversation",
    at="apply",
    operations=_IN_GROUPS_TOO,
    refutes=("one-way.others-keep-the-conversation",),
    sentence="The conversation leaves the list of the first other participant.",
)(_unlisting(lambda others: others[:1]))


def _others_elsewhere(who: Callable[[Others], Others]) -> Wrapper:
    """Chats that some of the others have with anybody but the owner are cleared."""

    def clear(deletion: Deletion) -> None:
        for view, found in deletion.chosen:
            for name, _ in who(others_in(deletion, view.conversation)) if found else ():
                for theirs in views_of(deletion.context, name):
                    if theirs.conversation.type == "chat" and theirs.conversation.id != deletion.owner:
                        take_away(deletion.context, name, theirs, list(theirs))

    return afterwards(clear)


def _among_strangers(pick: Callable[[Sequence[StoredMessage]], Sequence[StoredMessage]]) -> Wrapper:
    """Messages go from chats in which the owner takes no part: nobody could be told apart from their
    owners."""

    def clear(deletion: Deletion) -> None:
        context = deletion.context
        for account in list(context.store.users()):
            for view in views_of(context, account.name):
                if view.conversation.type == "chat" and deletion.owner not in (
                    account.name,
                    view.conversation.id,
                ):
                    take_away(context, account.name, view, pick(list(view)))

    return afterwards(clear)


fault(
    "one-way.others-lose-other-chats",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-their-other-conversations",),
    sentence="The other participants' chats with third users are cleared.",
)(_others_elsewhere(lambda others: others))
fault(
    "one-way.first-other-loses-other-chats",
    at="apply",
    operations=_IN_GROUPS_TOO,
    refutes=("one-way.others-keep-their-other-conversations",),
    sentence="The chats that the first other participant has with third users are cleared.",
)(_others_elsewhere(lambda others: others[:1]))
for name, taken, sentence in (
    ("everybodys-chats-cleared", lambda held: held, "Chats in which the owner takes no part are cleared."),
    (
        "everybodys-chats-lose-their-newest",
        lambda held: held[-1:],
        "Chats in which the owner takes no part lose their newest message.",
    ),
):
    fault(
        f"one-way.{name}",
        at="apply",
        operations=EVERY,
        refutes=("one-way.uninvolved-users-keep-messages",),
        sentence=sentence,
    )(_among_strangers(taken))

# --- one after the other


def _participants(owner: str, conversation: ConversationKey) -> frozenset[str] | str:
    """A conversation under one name for all who take part: both users of a chat, else the group's ID."""
    return frozenset((owner, conversation.id)) if conversation.type == "chat" else conversation.id


@fault(
    "one-way.second-deletion-counts-for-both",
    at="apply",
    operations=EVERY,
    refutes=("one-way.both-sides-in-turn",),
    sentence="After a participant's deletion, what another participant deletes is deleted for the first "
    "one too.",
)
def second_deletion_counts_for_both(step: Step) -> Step:
    deleters: dict[frozenset[str] | str, set[str]] = {}

    def apply(deletion: Deletion) -> None:
        step(deletion)
        for view, found in deletion.chosen:
            conversation = view.conversation
            before = deleters.setdefault(_participants(deletion.owner, conversation), set())
            for name, theirs in others_in(deletion, conversation):
                if name in before:
                    remove_from(deletion, name, theirs, found)
            before.add(deletion.owner)

    return apply


@fault(
    "one-way.second-deletion-lost",
    at="apply",
    operations=EVERY,
    refutes=("one-way.both-sides-in-turn",),
    sentence="After one participant's deletion in a conversation, other participants' deletions have no "
    "effect.",
)
def second_deletion_lost(step: Step) -> Step:
    deleters: dict[frozenset[str] | str, str] = {}

    def apply(deletion: Deletion) -> None:
        chosen = []
        for view, found in deletion.chosen:
            key = _participants(deletion.owner, view.conversation)
            if not found or deleters.setdefault(key, deletion.owner) == deletion.owner:
                chosen.append((view, found))
        deletion.chosen = chosen
        step(deletion)

    return apply
