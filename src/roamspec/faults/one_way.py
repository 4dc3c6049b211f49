"""Faults of one-wayness: whose copies go."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.domain.views import view_of
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import EVERY, IN_GROUPS, Step, Wrapper, fault
from roamspec.faults.side_effects import is_room, others_in, remove_from
from roamspec.faults.step_mutators import afterwards, choosing

Pick = Callable[[Deletion, str, Sequence[StoredMessage]], Iterable[StoredMessage]]
Others = Sequence[tuple[str, ConversationKey]]

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


def _their_own(_deletion: Deletion, name: str, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return (message for message in found if message.sender == name)


def _their_newest(deletion: Deletion, name: str, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return sorted(_their_own(deletion, name, found), key=lambda message: message.time_ms)[-1:]


def _not_their_own(_deletion: Deletion, name: str, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return (message for message in found if message.sender != name)


def _owners(deletion: Deletion, _name: str, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return (message for message in found if message.sender == deletion.owner)


for name, pick, refuted, sentence in (
    (
        "everybodys-copies-deleted",
        lambda _deletion, _name, found: found,
        ("one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"),
        "The other participants' copies are deleted too.",
    ),
    (
        "senders-copies-deleted",
        _their_own,
        ("one-way.others-keep-what-they-sent",),
        "The message is also deleted for its sender.",
    ),
    (
        "receivers-copies-deleted",
        _not_their_own,
        ("one-way.others-keep-what-they-received",),
        "The message is also deleted for its receivers.",
    ),
    (
        "newest-recalled",
        _their_newest,
        ("one-way.others-keep-what-they-sent",),
        "Of the deleted messages, the newest of each sender is also deleted for its sender.",
    ),
):
    fault(f"one-way.{name}", at="apply", operations=EVERY, refutes=refuted, sentence=sentence)(
        _also_from_others(pick)
    )
# In a chat this is what its receiver had.
fault(
    "one-way.recalled",
    at="apply",
    operations=_IN_GROUPS_TOO,
    refutes=("one-way.others-keep-what-they-received",),
    sentence="A message that the owner sent is deleted for everybody.",
)(_also_from_others(_owners))
for name, who, sentence in (
    (
        "first-members-copies-deleted",
        lambda _d, others: others[:1],
        "In groups, the copies of the first other member are deleted too.",
    ),
    (
        "last-members-copies-deleted",
        lambda _d, others: others[-1:],
        "In groups, the copies of the last other member are deleted too.",
    ),
):
    fault(
        f"one-way.{name}",
        at="apply",
        operations=_IN_GROUPS_TOO,
        refutes=("one-way.every-member-keeps-messages",),
        sentence=sentence,
    )(_also_from_others(who=who, kind="group", rooms=False))
fault(
    "one-way.groups-deleted-for-all",
    at="apply",
    operations=_IN_GROUPS_TOO,
    refutes=("one-way.every-member-keeps-messages",),
    sentence="In groups, messages are deleted for every member.",
)(_also_from_others(kind="group", rooms=False))
fault(
    "one-way.rooms-deleted-for-all",
    at="apply",
    operations=("clearUser", "clearGroupBefore"),
    refutes=("one-way.room-members-keep-messages",),
    sentence="In chatrooms, messages are deleted for every member.",
)(_also_from_others(rooms=True))
fault(
    "one-way.rooms-deleted-for-their-senders",
    at="apply",
    operations=("clearUser", "clearGroupBefore"),
    refutes=("one-way.room-members-keep-messages",),
    sentence="In chatrooms, messages are also deleted for their senders.",
)(_also_from_others(_their_own, rooms=True))
fault(
    "one-way.rooms-deleted-for-one-member",
    at="apply",
    operations=("clearUser", "clearGroupBefore"),
    refutes=("one-way.room-members-keep-messages",),
    sentence="In chatrooms, messages are also deleted for one other member.",
)(_also_from_others(who=lambda _d, others: others[:1], rooms=True))
fault(
    "one-way.chats-deleted-for-both",
    at="apply",
    operations=("clearUser",),
    refutes=("one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"),
    sentence="In chats, the peer's copies are deleted too; groups are correct.",
)(_also_from_others(kind="chat"))


def _held_by_all(
    deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    """What every other participant still has."""
    theirs = [
        view_of(deletion.context, name, conversation)
        for name, conversation in others_in(deletion, view.conversation)
    ]
    return (message for message in found if all(each and each.get(message.id) for each in theirs))


fault(
    "one-way.deleted-by-another-passed-over",
    at="select",
    operations=EVERY,
    refutes=("one-way.same-message-for-each-side",),
    sentence="A message that another participant has deleted is not deleted for the owner.",
)(choosing(_held_by_all))


def _recall(deletion: Deletion) -> None:
    """What goes from the owner stays with the others as an empty message in its place."""
    for view, found in deletion.chosen:
        for name, conversation in others_in(deletion, view.conversation):
            theirs = view_of(deletion.context, name, conversation)
            held = [message for message in found if theirs and theirs.get(message.id) is not None]
            if theirs and held:
                theirs.remove(held)
                for message in held:
                    theirs.add(replace(message, text=""))


fault(
    "one-way.recalled-for-the-others",
    at="apply",
    operations=EVERY,
    refutes=("one-way.others-keep-what-they-sent", "one-way.others-keep-what-they-received"),
    sentence="The other participants' history has empty messages in place of the deleted ones.",
)(afterwards(_recall))
