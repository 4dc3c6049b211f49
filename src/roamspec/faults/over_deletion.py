"""Faults of what goes: more than the call names."""

from collections.abc import Iterable, Sequence

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.domain.views import take_away
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_IDS, BY_TIME, ONE_CONVERSATION, fault
from roamspec.faults.side_effects import everywhere, in_the_conversation, is_room, own_views
from roamspec.faults.step_mutators import afterwards, choosing

fault(
    "effect.whole-conversation-deleted",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="The whole conversation is deleted, whichever IDs are listed.",
)(afterwards(in_the_conversation))


def _between(
    _deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    if not found:
        return ()
    low, high = min(m.time_ms for m in found), max(m.time_ms for m in found)
    return (message for message in view if low <= message.time_ms <= high)


def _up_to(_deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return view.through(max(message.time_ms for message in found)) if found else ()


def _as_floats(
    deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    named = {_with_fifteen_digits(message.id) for message in found}
    return (m for m in view if _with_fifteen_digits(m.id) in named) if deletion.ids else found


def _with_fifteen_digits(identifier: str) -> str:
    """As programs write a number that keep the digits which every double has; no two IDs of the emulator are
    the same double."""
    return f"{float(identifier):.14e}"


fault(
    "effect.messages-between-deleted",
    at="select",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="The list is read as a range: messages between the listed ones are deleted too.",
)(choosing(_between))
fault(
    "effect.older-messages-deleted",
    at="select",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="Everything older than a listed message is deleted too.",
)(choosing(_up_to))
fault(
    "effect.ids-as-floating-point",
    at="select",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="Only the first 15 digits of an ID are compared, so IDs of neighbouring messages are equal.",
)(choosing(_as_floats))


def _elsewhere(deletion: Deletion) -> None:
    """Other conversations of the same kind."""
    assert deletion.conversation is not None
    for view in own_views(deletion, deletion.conversation.type):
        if view.conversation != deletion.conversation:
            take_away(deletion.context, deletion.owner, view, list(view))


def _one_elsewhere(deletion: Deletion) -> None:
    """Another conversation of the same kind: the one in which something was said last."""
    assert deletion.conversation is not None
    views = own_views(deletion, deletion.conversation.type)
    others = [view for view in views if view.conversation != deletion.conversation and len(view)]
    for view in sorted(others, key=lambda view: max(message.time_ms for message in view))[-1:]:
        take_away(deletion.context, deletion.owner, view, list(view))


def _rooms_up_to_the_time(deletion: Deletion) -> None:
    for view in own_views(deletion, "group"):
        if view.conversation != deletion.conversation and is_room(deletion, view.conversation):
            take_away(deletion.context, deletion.owner, view, list(view.through(deletion.time_ms)))


def _of_kind_elsewhere(deletion: Deletion) -> None:
    """The conversations of the other kind in which the same people speak."""
    conversation = deletion.conversation
    assert conversation is not None
    store = deletion.context.store
    for view in own_views(deletion, "group" if conversation.type == "chat" else "chat"):
        group = store.group(view.conversation.id if conversation.type == "chat" else conversation.id)
        other = conversation.id if conversation.type == "chat" else view.conversation.id
        if group is not None and other in group.members:
            take_away(deletion.context, deletion.owner, view, list(view))


fault(
    "effect.other-conversations-cleared",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("effect.other-conversations-stay",),
    sentence="The owner's other conversations of the kind are cleared too.",
)(afterwards(_elsewhere))
fault(
    "effect.same-people-elsewhere-cleared",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("effect.same-people-elsewhere-stay",),
    sentence="The conversation of the other kind among the same people is cleared too.",
)(afterwards(_of_kind_elsewhere))
fault(
    "effect.another-conversation-cleared",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("effect.other-conversations-stay",),
    sentence="The owner's latest other conversation of the kind is cleared too.",
)(afterwards(_one_elsewhere))
fault(
    "effect.chatrooms-cleared-along",
    at="apply",
    operations=BY_TIME,
    refutes=("effect.other-conversations-stay",),
    sentence="The owner's chatroom messages up to the time of the call are deleted too.",
)(afterwards(_rooms_up_to_the_time))
fault(
    "effect.ids-found-in-any-conversation",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.ids-of-another-conversation-stay",),
    sentence="IDs are looked up in all conversations of the owner.",
)(afterwards(everywhere))


def _of_anybody(deletion: Deletion) -> None:
    context = deletion.context
    for account in context.store.users():
        for view in context.store.views(account.name):
            found = view.named(deletion.ids)
            if (
                found
                and view.get(found[0].id)
                and account.name != deletion.owner
                and not _takes_part(deletion, view)
            ):
                take_away(context, account.name, view, list(found))


def _takes_part(deletion: Deletion, view: StoredView) -> bool:
    """Whether the owner sees the conversation too."""
    if view.conversation.type == "group":
        group = deletion.context.store.group(view.conversation.id)
        return group is not None and deletion.owner in group.members
    return view.conversation.id == deletion.owner


fault(
    "effect.ids-of-strangers-deleted",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.ids-of-another-user-stay",),
    sentence="IDs of messages that the owner cannot see are deleted where they are.",
)(afterwards(_of_anybody))
