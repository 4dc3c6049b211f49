"""Faults of what conversation lists show after a deletion."""

from dataclasses import replace
from math import inf

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.domain.views import note_change, view_of, views_of
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.memory import MemoryView
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_IDS, EVERY, ONE_CONVERSATION, Step, Wrapper, fault
from roamspec.faults.side_effects import is_room, others_in, own_views
from roamspec.faults.step_mutators import afterwards, although_refused, first


def _empty_but_listed(deletion: Deletion, conversation: ConversationKey) -> None:
    """Let the owner's list show the conversation although nothing is left in it."""
    view = deletion.context.store.open_view(deletion.owner, conversation)
    view.listed, view.created_ms = True, deletion.context.now
    note_change(deletion.context, deletion.owner, conversation)


def _emptied(deletion: Deletion) -> list[ConversationKey]:
    return [view.conversation for view, found in deletion.chosen if found and not len(view)]


def _stay_listed(deletion: Deletion) -> None:
    for conversation in _emptied(deletion):
        _empty_but_listed(deletion, conversation)


fault(
    "list.empty-conversations-stay",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.leaves-with-the-last-message", "list.several-calls-add-up"),
    sentence="A conversation without messages remains in the owner's list.",
)(afterwards(_stay_listed))
fault(
    "list.all-conversations-stay",
    at="apply",
    operations=("clearUser",),
    refutes=("list.all-conversations-leave",),
    sentence="Cleared conversations remain in the owner's list.",
)(afterwards(_stay_listed))
for kind in ("chat", "group"):

    def _stay_of_kind(deletion: Deletion, kind: str = kind) -> None:
        for conversation in _emptied(deletion):
            if conversation.type == kind:
                _empty_but_listed(deletion, conversation)

    fault(
        f"list.{kind}s-stay",
        at="apply",
        operations=("clearUser",),
        refutes=("list.all-conversations-leave",),
        sentence=f"Cleared {kind}s remain in the owner's list.",
    )(afterwards(_stay_of_kind))


def _latest_stays(deletion: Deletion) -> None:
    # No list shows a chatroom, so that nobody would see one stay.
    listed = [each for each in _emptied(deletion) if not is_room(deletion, each)]
    for conversation in listed[-1:]:
        _empty_but_listed(deletion, conversation)


fault(
    "list.one-conversation-stays",
    at="apply",
    operations=("clearUser",),
    refutes=("list.all-conversations-leave",),
    sentence="One of the cleared conversations remains in the owner's list.",
)(afterwards(_latest_stays))


def _staying_when(touched_before: bool) -> Wrapper:
    """An empty conversation stays in the list if an earlier call deleted from it, or if none did."""

    def wrap(step: Step) -> Step:
        touched: set[tuple[str, ConversationKey]] = set()

        def apply(deletion: Deletion) -> None:
            step(deletion)
            for conversation in _emptied(deletion):
                if ((deletion.owner, conversation) in touched) is touched_before:
                    _empty_but_listed(deletion, conversation)
            touched.update((deletion.owner, view.conversation) for view, found in deletion.chosen if found)

        return apply

    return wrap


fault(
    "list.stays-after-several-calls",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.several-calls-add-up",),
    sentence="Only a call that deletes all messages at once removes the conversation from the list.",
)(_staying_when(True))
fault(
    "list.stays-after-one-call",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.leaves-with-the-last-message",),
    sentence="Only several calls, one after the other, remove the conversation from the list.",
)(_staying_when(False))


def _stay_when_silent(deletion: Deletion) -> None:
    if not deletion.notify:
        _stay_listed(deletion)


fault(
    "list.stays-when-nobody-is-told",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.leaves-with-the-last-message",),
    sentence="A conversation that is emptied with isNotify=false remains in the owner's list.",
)(afterwards(_stay_when_silent))


def _newest_stays(deletion: Deletion) -> None:
    """The conversation in which something was said last, even if that is a room, which no list shows."""
    emptied = [(view, found) for view, found in deletion.chosen if found and not len(view)]
    for view, _ in sorted(emptied, key=lambda each: max(m.time_ms for m in each[1]))[-1:]:
        if not is_room(deletion, view.conversation):
            _empty_but_listed(deletion, view.conversation)


fault(
    "list.newest-conversation-stays",
    at="apply",
    operations=("clearUser",),
    refutes=("list.all-conversations-leave",),
    sentence="The conversation with the newest message remains in the owner's list.",
)(afterwards(_newest_stays))


def _leave_at_once(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        if found and len(view):
            _unlist(deletion, view)


def _leave_with_the_oldest(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        oldest = next(iter(view), None)
        if found and oldest is not None and min(m.time_ms for m in found) <= oldest.time_ms:
            _unlist(deletion, view)


def _unlist(deletion: Deletion, view: StoredView) -> None:
    view.listed = False
    note_change(deletion.context, deletion.owner, view.conversation)


fault(
    "list.leaves-with-any-message",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.stays-while-a-message-is-left",),
    sentence="Any deletion removes the conversation from the owner's list.",
)(afterwards(_leave_at_once))
fault(
    "list.leaves-with-the-oldest-message",
    at="apply",
    operations=BY_IDS,
    refutes=("list.stays-while-a-message-is-left",),
    sentence="The conversation leaves the owner's list with its oldest message.",
)(afterwards(_leave_with_the_oldest))


def _others_leave(deletion: Deletion) -> None:
    without_messages = _emptied(deletion)
    for view in own_views(deletion):
        if without_messages and view.conversation not in without_messages:
            _unlist(deletion, view)


def _others_of_kind_leave(deletion: Deletion) -> None:
    without_messages = _emptied(deletion)
    for view in own_views(deletion, without_messages[0].type) if without_messages else ():
        _unlist(deletion, view)


fault(
    "list.other-conversations-leave",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.other-conversations-stay",),
    sentence="With a conversation, all others leave the owner's list.",
)(afterwards(_others_leave))
fault(
    "list.others-of-the-kind-leave",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.other-conversations-stay",),
    sentence="With a conversation, all others of its kind leave the owner's list.",
)(afterwards(_others_of_kind_leave))


class Unlisted(MemoryView):
    """A view that the first `times` new messages do not bring back into the list."""

    __slots__ = ("_times",)

    def __init__(self, view: StoredView, times: float) -> None:
        self._times = times
        super().__init__(view.conversation)
        for message in view:
            self.add(message)

    def __setattr__(self, name: str, value: object) -> None:
        if name == "listed" and value and self._times:
            self._times -= 1
            value = False
        super().__setattr__(name, value)


def _not_returning(times: float) -> Wrapper:
    def hide(deletion: Deletion) -> None:
        context = deletion.context
        for conversation in _emptied(deletion):
            if context.store.user(deletion.owner) is not None:
                now = view_of(context, deletion.owner, conversation) or MemoryView(conversation)
                context.store.put_view(deletion.owner, Unlisted(now, times))

    return afterwards(hide)


fault(
    "list.never-returns",
    at="apply",
    operations=EVERY,
    refutes=("list.returns-with-a-new-message",),
    sentence="A conversation that left the owner's list never returns, even when it receives messages.",
)(_not_returning(inf))
fault(
    "list.returns-with-the-second-message",
    at="apply",
    operations=EVERY,
    refutes=("list.returns-with-a-new-message",),
    sentence="A conversation that left the owner's list returns with the second message, not with the first.",
)(_not_returning(1))


def _unlist_all(request: IncomingRequest) -> None:
    """Take every conversation off the owner's list, and delete nothing."""
    context, owner = request.context(), request.user()
    for view in views_of(context, owner):
        view.listed = False
        note_change(context, owner, view.conversation)


fault(
    "list.emptied-without-a-token",
    at="authenticate",
    operations=EVERY,
    refutes=("list.stays-after-a-rejected-request",),
    sentence="A request without a token is refused, and the owner's conversation list is empty all the same.",
)(although_refused(("no-token",), _unlist_all))
fault(
    "list.emptied-without-a-parameter",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=("list.stays-after-a-rejected-request",),
    sentence="A request without a parameter is refused, and the owner's list is empty all the same.",
)(although_refused(("missing-parameter",), _unlist_all))


class _ListedOtherwise(MemoryView):
    """Another view's messages, which lists show in another way."""

    __slots__ = ()

    def __init__(self, view: StoredView) -> None:
        super().__init__(view.conversation)
        self.listed, self.created_ms, self.unread = view.listed, view.created_ms, view.unread
        self.top_ms, self.marks = view.top_ms, view.marks
        for message in view:
            self.add(message)


class _ViewWithMemory(_ListedOtherwise):
    """Shows in lists the newest message that it ever had, also when that is deleted."""

    __slots__ = ("_latest",)

    def __init__(self, view: StoredView) -> None:
        super().__init__(view)
        self._latest = view.shown_in_list()

    def shown_in_list(self) -> StoredMessage | None:
        now = super().shown_in_list()
        if now is not None and (self._latest is None or now.time_ms >= self._latest.time_ms):
            self._latest = now
        return self._latest


def _remember(deletion: Deletion) -> None:
    """Before messages go: the owner's list is to show what it shows now."""
    for view in own_views(deletion):
        if not isinstance(view, _ViewWithMemory):
            deletion.context.store.put_view(deletion.owner, _ViewWithMemory(view))


fault(
    "list.shows-the-deleted-message",
    at="resolve",
    operations=BY_IDS,
    refutes=("list.shows-no-deleted-message",),
    sentence="The conversation list shows the newest message of a conversation also after it is deleted.",
)(first(_remember))


class _MovedUp(_ListedOtherwise):
    """Stands in lists as if its newest message had come at `moved_ms`, unless that came later."""

    __slots__ = ("_moved_ms",)

    def __init__(self, view: StoredView, moved_ms: int) -> None:
        super().__init__(view)
        self._moved_ms = moved_ms

    def shown_in_list(self) -> StoredMessage | None:
        now = super().shown_in_list()
        return now and replace(now, time_ms=max(now.time_ms, self._moved_ms))


def _move_up(deletion: Deletion, owner: str, conversation: ConversationKey) -> None:
    """Let a list show a conversation as if its newest message had come now."""
    view = view_of(deletion.context, owner, conversation)
    if view is not None:
        deletion.context.store.put_view(owner, _MovedUp(view, deletion.context.now))
        note_change(deletion.context, owner, conversation)


def _move_up_what_is_left(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        if found and len(view):
            _move_up(deletion, deletion.owner, view.conversation)


def _move_up_for_others(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        in_group = found and view.conversation.type == "group" and not is_room(deletion, view.conversation)
        for name, conversation in others_in(deletion, view.conversation) if in_group else ():
            _move_up(deletion, name, conversation)


fault(
    "list.conversation-moves-up",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.order-stays",),
    sentence="A deletion moves its conversation to the top of the owner's list, as a new message does.",
)(afterwards(_move_up_what_is_left))
fault(
    "list.groups-move-up-for-others",
    at="apply",
    operations=("clearUser",),
    refutes=("list.order-stays",),
    sentence="Each cleared group moves to the top of the other members' lists.",
)(afterwards(_move_up_for_others))
