"""Faults of one-wayness: whose copies go."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import Conversation, Message
from roamspec.emulator.domain.views import note_change, take_away, view_of, views_of
from roamspec.emulator.faults.deeds import is_room, others_in, remove_from
from roamspec.emulator.faults.registry import EVERY, IN_GROUPS, Step, Wrapper, fault
from roamspec.emulator.faults.wrongs import afterwards

Pick = Callable[[Deletion, str, Sequence[Message]], Iterable[Message]]
Others = Sequence[tuple[str, Conversation]]

_IN_GROUPS_TOO: Final = (*IN_GROUPS, "clearUser")


def _also_from_others(
    pick: Pick = lambda _deletion, _name, found: found,
    who: Callable[[Deletion, Others], Others] = lambda _deletion, others: others,
    *,
    rooms: bool | None = None,
    kind: str = "",
) -> Wrapper:
    """Some of what goes from the owner's view goes from some of the others' views too.

    `rooms` limits it to chatrooms, or to what is none; `kind` to chats or to groups and rooms.
    """

    def wrap(step: Step) -> Step:
        def apply(deletion: Deletion) -> None:
            step(deletion)
            for view, found in deletion.chosen:
                conversation = view.conversation
                if rooms is not None and is_room(deletion, conversation) != rooms:
                    continue
                if kind and conversation.type != kind:
                    continue
                for name, theirs in who(deletion, others_in(deletion, conversation)):
                    remove_from(deletion, name, theirs, pick(deletion, name, found))

        return apply

    return wrap


def _their_own(_deletion: Deletion, name: str, found: Sequence[Message]) -> Iterable[Message]:
    return (message for message in found if message.sender == name)


def _not_their_own(_deletion: Deletion, name: str, found: Sequence[Message]) -> Iterable[Message]:
    return (message for message in found if message.sender != name)


def _owners(deletion: Deletion, _name: str, found: Sequence[Message]) -> Iterable[Message]:
    return (message for message in found if message.sender == deletion.owner)


for name, pick, refuted, sentence in (
    (
        "everybodys-copies-deleted",
        lambda _deletion, _name, found: found,
        ("one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"),
        "The other participants' copies go too.",
    ),
    (
        "senders-copies-deleted",
        _their_own,
        ("one-way.others-keep-what-they-sent",),
        "A message goes from its sender's view too.",
    ),
    (
        "receivers-copies-deleted",
        _not_their_own,
        ("one-way.others-keep-what-they-received",),
        "A message goes from the views of those who received it too.",
    ),
    (
        "recalled",
        _owners,
        ("one-way.others-keep-what-they-received",),
        "Deleting a message that the owner sent recalls it from everybody.",
    ),
    (
        "newest-recalled",
        lambda _deletion, _name, found: sorted(found, key=lambda message: message.time_ms)[-1:],
        ("one-way.others-keep-what-they-sent",),
        "The newest of the deleted messages goes from everybody.",
    ),
):
    fault(f"one-way.{name}", at="apply", operations=EVERY, refutes=refuted, sentence=sentence)(
        _also_from_others(pick)
    )
for name, who, sentence in (
    (
        "first-members-copies-deleted",
        lambda _d, others: others[:1],
        "The copies of the first other member go too.",
    ),
    (
        "last-members-copies-deleted",
        lambda _d, others: others[-1:],
        "The copies of the last other member go too.",
    ),
):
    fault(
        f"one-way.{name}",
        at="apply",
        operations=IN_GROUPS,
        refutes=("one-way.every-member-keeps-messages",),
        sentence=sentence,
    )(_also_from_others(who=who))
fault(
    "one-way.groups-deleted-for-all",
    at="apply",
    operations=_IN_GROUPS_TOO,
    refutes=("one-way.every-member-keeps-messages",),
    sentence="In groups messages go for every member.",
)(_also_from_others(kind="group", rooms=False))
fault(
    "one-way.rooms-deleted-for-all",
    at="apply",
    operations=("clearUser", "clearGroupBefore"),
    refutes=("one-way.room-members-keep-messages",),
    sentence="In chatrooms messages go for every member.",
)(_also_from_others(rooms=True))
fault(
    "one-way.rooms-deleted-for-their-senders",
    at="apply",
    operations=("clearUser", "clearGroupBefore"),
    refutes=("one-way.room-members-keep-messages",),
    sentence="In chatrooms messages go from their senders' views too.",
)(_also_from_others(_their_own, rooms=True))
fault(
    "one-way.rooms-deleted-for-one-member",
    at="apply",
    operations=("clearUser", "clearGroupBefore"),
    refutes=("one-way.room-members-keep-messages",),
    sentence="In chatrooms messages go from the view of one other member too.",
)(_also_from_others(who=lambda _d, others: others[:1], rooms=True))
fault(
    "one-way.chats-deleted-for-both",
    at="apply",
    operations=("clearUser",),
    refutes=("one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"),
    sentence="Of chats the peer's copies go too, groups are left alone.",
)(_also_from_others(kind="chat"))

# --- the others' lists and other conversations


def _unlist_for_others(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        for name, conversation in others_in(deletion, view.conversation) if found else ():
            theirs = view_of(deletion.context, name, conversation)
            if theirs is not None:
                theirs.listed = False
                note_change(deletion.context, name, conversation)


def _unlist_for_one(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        for name, conversation in others_in(deletion, view.conversation)[:1] if found else ():
            theirs = view_of(deletion.context, name, conversation)
            if theirs is not None:
                theirs.listed = False
                note_change(deletion.context, name, conversation)


fault(
    "one-way.others-lose-the-conversation",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-the-conversation",),
    sentence="The conversation leaves the others' lists, with all its messages in place.",
)(afterwards(_unlist_for_others))
fault(
    "one-way.first-other-loses-the-conversation",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-the-conversation",),
    sentence="The conversation leaves the list of the first other participant.",
)(afterwards(_unlist_for_one))


def _others_elsewhere(deletion: Deletion) -> None:
    """Chats that the others have with anybody but the owner."""
    for view, found in deletion.chosen:
        for name, _ in others_in(deletion, view.conversation) if found else ():
            for theirs in views_of(deletion.context, name):
                if theirs.conversation.type == "chat" and theirs.conversation.id != deletion.owner:
                    take_away(deletion.context, name, theirs, list(theirs))


def _strangers(deletion: Deletion) -> None:
    """Of users who share no conversation with the owner: none remains who could be told apart from others,
    so their chats among themselves go."""
    context = deletion.context
    for account in list(context.store.users()):
        for view in views_of(context, account.name):
            if view.conversation.type == "chat" and deletion.owner not in (
                account.name,
                view.conversation.id,
            ):
                take_away(context, account.name, view, list(view))


fault(
    "one-way.others-lose-other-chats",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-their-other-conversations",),
    sentence="The other participants' chats with third users are cleared.",
)(afterwards(_others_elsewhere))
fault(
    "one-way.everybodys-chats-cleared",
    at="apply",
    operations=EVERY,
    refutes=("one-way.uninvolved-users-keep-messages",),
    sentence="Chats in which the owner takes no part are cleared.",
)(afterwards(_strangers))

# --- one after the other


@fault(
    "one-way.second-deletion-counts-for-both",
    at="apply",
    operations=EVERY,
    refutes=("one-way.both-sides-in-turn",),
    sentence="Once a participant has deleted, what another one deletes goes from that one's view too.",
)
def second_deletion_counts_for_both(step: Step) -> Step:
    deleters: dict[frozenset[str] | str, set[str]] = {}

    def apply(deletion: Deletion) -> None:
        step(deletion)
        for view, found in deletion.chosen:
            conversation = view.conversation
            key = (
                frozenset((deletion.owner, conversation.id))
                if conversation.type == "chat"
                else conversation.id
            )
            before = deleters.setdefault(key, set())
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
    sentence="A conversation in which one participant has deleted lets no other one delete.",
)
def second_deletion_lost(step: Step) -> Step:
    deleters: dict[frozenset[str] | str, str] = {}

    def apply(deletion: Deletion) -> None:
        chosen = []
        for view, found in deletion.chosen:
            conversation = view.conversation
            key = (
                frozenset((deletion.owner, conversation.id))
                if conversation.type == "chat"
                else conversation.id
            )
            if not found or deleters.setdefault(key, deletion.owner) == deletion.owner:
                chosen.append((view, found))
        deletion.chosen = chosen
        step(deletion)

    return apply
