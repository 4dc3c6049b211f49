"""Faults of what comes after a deletion: what was deleted returns, or what is new goes too."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.domain.views import view_of
from roamspec.emulator.http.answers import HttpResponse
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.memory import MemoryView
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_TIME, EVERY, ONE_CONVERSATION, Step, fault
from roamspec.faults.step_mutators import afterwards

_SECOND_MS: Final = 1_000


class Returning(MemoryView):
    """A view in which what was deleted comes back with the next message."""

    __slots__ = ("_deleted",)

    def __init__(self, view: StoredView, deleted: Sequence[StoredMessage]) -> None:
        super().__init__(view.conversation)
        self._deleted = list(deleted)
        self.listed, self.created_ms, self.unread = (
            view.listed and bool(len(view)),
            view.created_ms,
            view.unread,
        )
        for message in view:
            super().add(message)

    def add(self, message: StoredMessage) -> None:
        deleted, self._deleted = self._deleted, []
        for each in (*deleted, message):
            super().add(each)


class Split(MemoryView):
    """A view of which some ways of reading still find what was deleted."""

    __slots__ = ("_whole",)

    def __init__(self, view: StoredView, deleted: Sequence[StoredMessage]) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms, self.unread = (
            view.listed and bool(len(view)),
            view.created_ms,
            view.unread,
        )
        self._whole = MemoryView(view.conversation)
        for message in (*view, *deleted):
            self._whole.add(message)
        if isinstance(view, Split):
            for message in view._whole:
                self._whole.add(message)
        for message in list(view):
            super().add(message)

    def add(self, message: StoredMessage) -> None:
        super().add(message)
        self._whole.add(message)

    def __iter__(self) -> Iterator[StoredMessage]:
        return super().walk(None, newer=True)


class OneWay(Split):
    """Deleted messages are still found by whoever reads towards newer ones."""

    __slots__ = ()

    def walk(self, position: tuple[int, str] | None, *, newer: bool) -> Iterator[StoredMessage]:
        return self._whole.walk(position, newer=True) if newer else super().walk(position, newer=False)


class Paged(Split):
    """Deleted messages are still found by whoever reads on from a page."""

    __slots__ = ()

    def walk(self, position: tuple[int, str] | None, *, newer: bool) -> Iterator[StoredMessage]:
        return (
            super().walk(position, newer=newer)
            if position is None
            else self._whole.walk(position, newer=newer)
        )


class Reviving(MemoryView):
    """A view in which what was deleted is back after a second."""

    __slots__ = ("_deleted", "_now")

    def __init__(self, view: StoredView, deleted: Sequence[StoredMessage], now: Callable[[], int]) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms = view.listed, view.created_ms
        for message in view:
            super().add(message)
        self._now = now
        self._deleted: list[tuple[int, StoredMessage]] = (
            list(view._deleted) if isinstance(view, Reviving) else []
        )
        self._deleted += [(now() + _SECOND_MS, message) for message in deleted]

    def walk(self, position: tuple[int, str] | None, *, newer: bool) -> Iterator[StoredMessage]:
        for due_ms, message in self._deleted:
            if due_ms <= self._now():
                super().add(message)
        return super().walk(position, newer=newer)


@fault(
    "effect.back-after-a-second",
    at="answer",
    operations=ONE_CONVERSATION,
    refutes=("effect.stays-deleted",),
    sentence="What was deleted is restored after a second.",
)
def back_after_a_second(step: Step) -> Step:
    def answer(request: IncomingRequest, deletion: Deletion) -> HttpResponse:
        context = deletion.context
        for view, found in deletion.chosen:
            if found and context.store.user(deletion.owner) is not None:
                now = view_of(context, deletion.owner, view.conversation) or MemoryView(view.conversation)
                context.store.put_view(deletion.owner, Reviving(now, found, request.app.clock.now))
        right: HttpResponse = step(request, deletion)
        return right

    return answer


def _replace(deletion: Deletion, kind: type[Returning] | type[Split], newest_only: bool = False) -> None:
    context = deletion.context
    for view, found in deletion.chosen:
        if found and context.store.user(deletion.owner) is not None:
            back = sorted(found, key=lambda message: message.time_ms)[-1:] if newest_only else found
            now = view_of(context, deletion.owner, view.conversation) or MemoryView(view.conversation)
            context.store.put_view(deletion.owner, kind(now, back))


fault(
    "effect.back-with-the-next-message",
    at="apply",
    operations=EVERY,
    refutes=("effect.stays-deleted",),
    sentence="What was deleted is restored when the conversation receives a message.",
)(afterwards(lambda deletion: _replace(deletion, Returning)))
fault(
    "effect.newest-back-with-the-next-message",
    at="apply",
    operations=EVERY,
    refutes=("effect.stays-deleted",),
    sentence="The newest of the deleted messages is restored when the conversation receives a message.",
)(afterwards(lambda deletion: _replace(deletion, Returning, newest_only=True)))
fault(
    "effect.kept-on-later-pages",
    at="apply",
    operations=BY_TIME,
    refutes=("effect.messages-gone",),
    sentence="Pages of a history query after the first still return deleted messages.",
)(afterwards(lambda deletion: _replace(deletion, Paged)))
fault(
    "effect.kept-towards-newer",
    at="apply",
    operations=EVERY,
    refutes=("effect.gone-in-both-directions",),
    sentence="A history query from old to new still returns deleted messages.",
)(afterwards(lambda deletion: _replace(deletion, OneWay)))


fault(
    "effect.newest-kept-towards-newer",
    at="apply",
    operations=EVERY,
    refutes=("effect.gone-in-both-directions",),
    sentence="A history query from old to new still returns the newest of the deleted messages.",
)(afterwards(lambda deletion: _replace(deletion, OneWay, newest_only=True)))


class Watermarked(MemoryView):
    """A view that takes no message dated before a time."""

    __slots__ = ("_until_ms",)

    def __init__(self, view: StoredView, until_ms: int) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms = view.listed, view.created_ms
        for message in view:
            super().add(message)
        self._until_ms = until_ms

    def add(self, message: StoredMessage) -> None:
        if message.time_ms > self._until_ms:
            super().add(message)


def _swallow(deletion: Deletion) -> None:
    context = deletion.context
    for view, found in deletion.chosen:
        if found and context.store.user(deletion.owner) is not None:
            now = view_of(context, deletion.owner, view.conversation) or MemoryView(view.conversation)
            context.store.put_view(deletion.owner, Watermarked(now, context.now + 60_000))


class Swallowing(MemoryView):
    """A view that does not take the next message."""

    __slots__ = ("_swallowed",)

    def __init__(self, view: StoredView) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms = view.listed, view.created_ms
        for message in view:
            super().add(message)
        self._swallowed = ""

    def add(self, message: StoredMessage) -> None:
        self._swallowed = self._swallowed or message.id
        if message.id != self._swallowed:
            super().add(message)


def _swallow_one(deletion: Deletion) -> None:
    context = deletion.context
    for view, found in deletion.chosen:
        if found and context.store.user(deletion.owner) is not None:
            now = view_of(context, deletion.owner, view.conversation) or MemoryView(view.conversation)
            context.store.put_view(deletion.owner, Swallowing(now))


fault(
    "effect.next-message-swallowed",
    at="apply",
    operations=EVERY,
    refutes=("effect.later-messages-stay",),
    sentence="The first message that the conversation receives after the call is deleted too.",
)(afterwards(_swallow_one))
fault(
    "effect.later-messages-swallowed",
    at="apply",
    operations=EVERY,
    refutes=("effect.later-messages-stay",),
    sentence="What the conversation receives in the minute after the call is deleted too.",
)(afterwards(_swallow))
