"""Faults of what goes: too little, too much, too late, or not for good."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import Conversation, Message
from roamspec.emulator.domain.views import note_change, take_away, view_of
from roamspec.emulator.faults.registry import (
    BY_IDS,
    BY_TIME,
    CLEARING,
    EVERY,
    IN_CHATS,
    IN_GROUPS,
    ONE_CONVERSATION,
    Step,
    fault,
)
from roamspec.emulator.faults.wrongs import (
    afterwards,
    choosing,
    crash,
    everywhere,
    first,
    in_the_conversation,
    own_views,
    picking,
    skipping,
)
from roamspec.emulator.http.request import Request
from roamspec.emulator.store.memory import MemoryView
from roamspec.emulator.store.protocol import View

# --- too little

fault(
    "effect.nothing-deleted",
    at="apply",
    operations=EVERY,
    refutes=("request.path-user-owns-what-goes",),
    sentence="The call is answered with success and deletes nothing.",
)(skipping(lambda _: True))
for name, choice, refuted, sentence in (
    ("only-the-first-id", lambda found: found[:1], "effect.last-in-list-gone", "Only the first ID of the list is deleted."),
    ("only-the-last-id", lambda found: found[-1:], "effect.first-in-list-gone", "Only the last ID of the list is deleted."),
    ("first-id-skipped", lambda found: found[1:] if len(found) > 1 else found, "effect.first-in-list-gone", "The first of several IDs stays."),
    ("last-id-skipped", lambda found: found[:-1] if len(found) > 1 else found, "effect.last-in-list-gone", "The last of several IDs stays."),
    ("second-id-skipped", lambda found: [*found[:1], *found[2:]] if len(found) > 2 else found, "effect.middle-in-list-gone", "The second of three or more IDs stays."),
    ("middle-ids-skipped", lambda found: [*found[:1], *found[-1:]] if len(found) > 1 else found, "effect.middle-in-list-gone", "Of several IDs only the first and the last are deleted."),
    ("single-id-ignored", lambda found: found if len(found) > 1 else [], "effect.single-id-gone", "A single ID is no list, and deletes nothing."),
    ("several-ids-ignored", lambda found: found if len(found) < 2 else [], "effect.several-ids-gone", "Only a single ID is understood."),
):
    fault(f"effect.{name}", at="select", operations=BY_IDS, refutes=(refuted,), sentence=sentence)(
        picking(choice)
    )


def _sent(deletion: Deletion, _view: View, found: Sequence[Message]) -> Iterable[Message]:
    return (message for message in found if message.sender == deletion.owner)


def _received(deletion: Deletion, _view: View, found: Sequence[Message]) -> Iterable[Message]:
    return (message for message in found if message.sender != deletion.owner)


fault(
    "effect.only-sent-messages",
    at="select",
    operations=EVERY,
    refutes=("effect.received-messages-gone",),
    sentence="Only messages that the owner sent are deleted.",
)(choosing(_sent))
fault(
    "effect.only-received-messages",
    at="select",
    operations=EVERY,
    refutes=("effect.sent-messages-gone",),
    sentence="Only messages that the owner received are deleted.",
)(choosing(_received))


def _but_newest(_deletion: Deletion, view: View, found: Sequence[Message]) -> Iterable[Message]:
    newest = view.newest()
    return (message for message in found if message is not newest)


def _but_oldest(_deletion: Deletion, view: View, found: Sequence[Message]) -> Iterable[Message]:
    oldest = next(iter(view), None)
    return (message for message in found if message is not oldest)


fault(
    "effect.newest-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.newest-message-gone",),
    sentence="The newest message of a conversation stays.",
)(choosing(_but_newest))
fault(
    "effect.oldest-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.oldest-message-gone",),
    sentence="The oldest message of a conversation stays.",
)(choosing(_but_oldest))


def _newest_of(most: int) -> Callable[[Sequence[Message]], Sequence[Message]]:
    return lambda found: found[-most:]


for most in (100, 20):
    fault(
        f"effect.only-{most}-messages",
        at="select",
        operations=CLEARING,
        refutes=("effect.more-than-a-hundred-gone",),
        sentence=f"A clearing deletes one page: the newest {most} messages of a conversation.",
    )(picking(_newest_of(most)))
fault(
    "effect.only-50-oldest-messages",
    at="select",
    operations=CLEARING,
    refutes=("effect.more-than-a-hundred-gone",),
    sentence="A clearing deletes one page: the oldest fifty messages of a conversation.",
)(picking(lambda found: found[:50]))

# --- too much

fault(
    "effect.whole-conversation-deleted",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="The whole conversation goes, whichever IDs are named.",
)(afterwards(in_the_conversation))


def _between(_deletion: Deletion, view: View, found: Sequence[Message]) -> Iterable[Message]:
    if not found:
        return ()
    low, high = min(m.time_ms for m in found), max(m.time_ms for m in found)
    return (message for message in view if low <= message.time_ms <= high)


def _up_to(_deletion: Deletion, view: View, found: Sequence[Message]) -> Iterable[Message]:
    return view.through(max(message.time_ms for message in found)) if found else ()


def _as_floats(deletion: Deletion, view: View, found: Sequence[Message]) -> Iterable[Message]:
    named = {float(message.id) for message in found}
    return (message for message in view if float(message.id) in named) if deletion.ids else found


fault(
    "effect.messages-between-deleted",
    at="select",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="The list is taken for a range: what lies between the named messages goes too.",
)(choosing(_between))
fault(
    "effect.older-messages-deleted",
    at="select",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="Everything older than a named message goes too.",
)(choosing(_up_to))
fault(
    "effect.ids-as-floating-point",
    at="select",
    operations=BY_IDS,
    refutes=("effect.only-named-messages-gone",),
    sentence="IDs are compared as floating-point numbers, so that those of near messages are the same.",
)(choosing(_as_floats))


def _elsewhere(deletion: Deletion) -> None:
    """Other conversations of the same kind."""
    assert deletion.conversation is not None
    for view in own_views(deletion, deletion.conversation.type):
        if view.conversation != deletion.conversation:
            take_away(deletion.context, deletion.owner, view, list(view))


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
            if found and view.get(found[0].id) and account.name != deletion.owner and not _takes_part(deletion, view):
                take_away(context, account.name, view, list(found))


def _takes_part(deletion: Deletion, view: View) -> bool:
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

# --- strange lists


def _crash_on_repeated(deletion: Deletion) -> None:
    if len(set(deletion.ids)) < len(deletion.ids):
        raise crash()


def _crash_on_unknown(deletion: Deletion) -> None:
    for view in deletion.views:
        if any(item.isdecimal() and view.get(item) is None for item in deletion.ids):
            raise crash()


def _clear_on_repeated(deletion: Deletion) -> None:
    if len(set(deletion.ids)) < len(deletion.ids):
        in_the_conversation(deletion)


def _clear_on_unknown(deletion: Deletion) -> None:
    if deletion.ids and not any(found for _, found in deletion.chosen) and "" not in deletion.ids:
        in_the_conversation(deletion)


fault(
    "effect.repeated-id-crashes",
    at="select",
    operations=BY_IDS,
    refutes=("effect.repeated-id-harmless",),
    sentence="The same ID twice crashes the call.",
)(first(_crash_on_repeated))
fault(
    "effect.repeated-id-clears",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.repeated-id-harmless",),
    sentence="The same ID twice clears the conversation.",
)(afterwards(_clear_on_repeated))
fault(
    "effect.unknown-id-crashes",
    at="select",
    operations=BY_IDS,
    refutes=("effect.unknown-id-harmless",),
    sentence="An ID that is not in the conversation crashes the call.",
)(first(_crash_on_unknown))
fault(
    "effect.unknown-id-clears",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.unknown-id-harmless",),
    sentence="Where no ID is found the whole conversation is cleared.",
)(afterwards(_clear_on_unknown))


def _all_or_nothing(deletion: Deletion, view: View, found: Sequence[Message]) -> Iterable[Message]:
    return found if all(view.get(item) is not None for item in deletion.ids) else ()


def _until_unknown(deletion: Deletion, view: View, _found: Sequence[Message]) -> Iterable[Message]:
    for item in deletion.ids:
        message = view.get(item)
        if message is None:
            return
        yield message


fault(
    "effect.unknown-id-spoils-the-list",
    at="select",
    operations=BY_IDS,
    refutes=("effect.known-beside-unknown",),
    sentence="One unknown ID, and none of the list is deleted, with a success as answer.",
)(choosing(_all_or_nothing))
fault(
    "effect.list-ends-at-unknown-id",
    at="select",
    operations=BY_IDS,
    refutes=("effect.known-beside-unknown",),
    sentence="IDs after an unknown one are not deleted.",
)(choosing(_until_unknown))

# --- again and again


@fault(
    "effect.repetition-crashes",
    at="apply",
    operations=EVERY,
    refutes=("effect.same-call-twice-harmless",),
    sentence="The same call a second time crashes.",
)
def repetition_crashes(step: Step) -> Step:
    seen: set[object] = set()

    def apply(deletion: Deletion) -> None:
        call = (deletion.owner, deletion.target, tuple(deletion.ids), deletion.kind.by != "all" and deletion.time_ms)
        if call in seen and (deletion.kind.by != "all" or not any(found for _, found in deletion.chosen)):
            raise crash()
        seen.add(call)
        step(deletion)

    return apply


@fault(
    "effect.repetition-clears-more",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("effect.same-call-twice-harmless",),
    sentence="The same call a second time clears the conversation.",
)
def repetition_clears_more(step: Step) -> Step:
    seen: set[object] = set()

    def apply(deletion: Deletion) -> None:
        call = (deletion.owner, deletion.target, tuple(deletion.ids), deletion.time_ms)
        step(deletion)
        if call in seen:
            in_the_conversation(deletion)
        seen.add(call)

    return apply


@fault(
    "effect.earlier-call-undone",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.two-calls-add-up",),
    sentence="A call replaces the list of deleted IDs: what the call before deleted is back.",
)
def earlier_call_undone(step: Step) -> Step:
    last: dict[tuple[str, Conversation], Sequence[Message]] = {}

    def apply(deletion: Deletion) -> None:
        step(deletion)
        for view, found in deletion.chosen:
            key = (deletion.owner, view.conversation)
            restore(deletion, view.conversation, last.get(key, ()))
            last[key] = list(found)

    return apply


def restore(deletion: Deletion, conversation: Conversation, messages: Sequence[Message]) -> None:
    """Put messages back into the owner's view, as if they had never been deleted."""
    if messages:
        view = deletion.context.store.open_view(deletion.owner, conversation)
        for message in messages:
            view.add(message)
        view.listed = view.listed or any(message.enters_lists for message in messages)
        note_change(deletion.context, deletion.owner, conversation)


_TOGETHER_MS: Final = 150


@fault(
    "effect.concurrent-call-undone",
    at="answer",
    operations=EVERY,
    refutes=("effect.concurrent-calls-all-count",),
    sentence="A call writes back what it read before another one that came at the same time.",
)
def concurrent_call_undone(step: Step) -> Step:
    # By owner: when, over which connection, and what the last calls deleted.
    done: dict[str, list[tuple[int, object, Conversation, Sequence[Message]]]] = {}

    def answer(request: Request, deletion: Deletion) -> Any:
        calls = done.setdefault(deletion.owner, [])
        for when, connection, conversation, messages in calls:
            if deletion.context.now - when < _TOGETHER_MS and connection != request.scope["client"]:
                restore(deletion, conversation, messages)
        calls += [
            (deletion.context.now, request.scope["client"], view.conversation, list(found))
            for view, found in deletion.chosen
            if found
        ]
        return step(request, deletion)

    return answer


# --- not for good


class Returning(MemoryView):
    """A view in which what was deleted comes back with the next message."""

    __slots__ = ("_deleted",)

    def __init__(self, view: View, deleted: Sequence[Message]) -> None:
        super().__init__(view.conversation)
        self._deleted = list(deleted)
        self.listed, self.created_ms, self.unread = view.listed and bool(len(view)), view.created_ms, view.unread
        for message in view:
            super().add(message)

    def add(self, message: Message) -> None:
        deleted, self._deleted = self._deleted, []
        for each in (*deleted, message):
            super().add(each)


class OneWay(MemoryView):
    """A view in which deleted messages are still found by whoever reads towards newer ones."""

    __slots__ = ("_whole",)

    def __init__(self, view: View, deleted: Sequence[Message]) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms, self.unread = view.listed and bool(len(view)), view.created_ms, view.unread
        self._whole = MemoryView(view.conversation)
        for message in (*view, *deleted):
            self._whole.add(message)
        if isinstance(view, OneWay):
            for message in view._whole:
                self._whole.add(message)
        for message in list(view):
            super().add(message)

    def add(self, message: Message) -> None:
        super().add(message)
        self._whole.add(message)

    def __iter__(self) -> Iterator[Message]:
        return super().walk(None, newer=True)

    def walk(self, position: tuple[int, str] | None, *, newer: bool) -> Iterator[Message]:
        return self._whole.walk(position, newer=True) if newer else super().walk(position, newer=False)


def _replace(deletion: Deletion, kind: type[Returning] | type[OneWay], newest_only: bool = False) -> None:
    context = deletion.context
    for view, found in deletion.chosen:
        if found and context.store.user(deletion.owner) is not None:
            gone = sorted(found, key=lambda message: message.time_ms)[-1:] if newest_only else found
            now = view_of(context, deletion.owner, view.conversation) or MemoryView(view.conversation)
            context.store.put_view(deletion.owner, kind(now, gone))


fault(
    "effect.back-with-the-next-message",
    at="apply",
    operations=EVERY,
    refutes=("effect.stays-deleted",),
    sentence="What was deleted comes back when the conversation receives a message.",
)(afterwards(lambda deletion: _replace(deletion, Returning)))
fault(
    "effect.newest-back-with-the-next-message",
    at="apply",
    operations=EVERY,
    refutes=("effect.stays-deleted",),
    sentence="The newest of the deleted messages comes back when the conversation receives a message.",
)(afterwards(lambda deletion: _replace(deletion, Returning, newest_only=True)))
fault(
    "effect.kept-towards-newer",
    at="apply",
    operations=EVERY,
    refutes=("effect.gone-in-both-directions",),
    sentence="Whoever pulls towards newer messages still finds what was deleted.",
)(afterwards(lambda deletion: _replace(deletion, OneWay)))

# --- what comes later


class Deaf(MemoryView):
    """A view that takes no message."""

    __slots__ = ()

    def __init__(self, view: View) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms = view.listed, view.created_ms
        for message in view:
            super().add(message)

    def add(self, message: Message) -> None:
        """Whatever comes is gone."""


class Watermarked(Deaf):
    """A view that takes no message before a time."""

    __slots__ = ("_until_ms",)

    def __init__(self, view: View, until_ms: int) -> None:
        super().__init__(view)
        self._until_ms = until_ms

    def add(self, message: Message) -> None:
        if message.time_ms > self._until_ms:
            MemoryView.add(self, message)


def _deafen(deletion: Deletion) -> None:
    context = deletion.context
    for view, found in deletion.chosen:
        if found and context.store.user(deletion.owner) is not None:
            now = view_of(context, deletion.owner, view.conversation) or MemoryView(view.conversation)
            context.store.put_view(deletion.owner, Watermarked(now, context.now + 60_000))


fault(
    "effect.later-messages-swallowed",
    at="apply",
    operations=EVERY,
    refutes=("effect.later-messages-stay",),
    sentence="What the conversation receives in the minute after the call is gone too.",
)(afterwards(_deafen))

_UNUSED = (BY_TIME, IN_CHATS, IN_GROUPS)
