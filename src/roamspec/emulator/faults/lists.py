"""Faults of what conversation lists show after a deletion."""

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import Conversation
from roamspec.emulator.domain.views import note_change, view_of
from roamspec.emulator.faults.deeds import own_views
from roamspec.emulator.faults.registry import EVERY, ONE_CONVERSATION, Step, fault
from roamspec.emulator.faults.wrongs import afterwards
from roamspec.emulator.store.memory import MemoryView
from roamspec.emulator.store.protocol import View


def _empty_but_listed(deletion: Deletion, conversation: Conversation) -> None:
    """Let the owner's list show the conversation although nothing is left in it."""
    view = deletion.context.store.open_view(deletion.owner, conversation)
    view.listed, view.created_ms = True, deletion.context.now
    note_change(deletion.context, deletion.owner, conversation)


def _emptied(deletion: Deletion) -> list[Conversation]:
    return [view.conversation for view, found in deletion.chosen if found and not len(view)]


def _stay_listed(deletion: Deletion) -> None:
    for conversation in _emptied(deletion):
        _empty_but_listed(deletion, conversation)


fault(
    "list.empty-conversations-stay",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.leaves-with-the-last-message", "list.several-calls-add-up"),
    sentence="A conversation without messages stays in the owner's list.",
)(afterwards(_stay_listed))
fault(
    "list.all-conversations-stay",
    at="apply",
    operations=("clearUser",),
    refutes=("list.all-conversations-leave",),
    sentence="Cleared conversations stay in the owner's list.",
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
        sentence=f"Cleared {kind}s stay in the owner's list.",
    )(afterwards(_stay_of_kind))


def _latest_stays(deletion: Deletion) -> None:
    for conversation in _emptied(deletion)[-1:]:
        _empty_but_listed(deletion, conversation)


fault(
    "list.one-conversation-stays",
    at="apply",
    operations=("clearUser",),
    refutes=("list.all-conversations-leave",),
    sentence="One of the cleared conversations stays in the owner's list.",
)(afterwards(_latest_stays))


@fault(
    "list.stays-after-several-calls",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.several-calls-add-up",),
    sentence="Only a call that deletes all messages at once takes the conversation off the list.",
)
def stays_after_several_calls(step: Step) -> Step:
    touched: set[tuple[str, Conversation]] = set()

    def apply(deletion: Deletion) -> None:
        step(deletion)
        for conversation in _emptied(deletion):
            if (deletion.owner, conversation) in touched:
                _empty_but_listed(deletion, conversation)
        touched.update((deletion.owner, view.conversation) for view, found in deletion.chosen if found)

    return apply


def _leave_at_once(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        if found and len(view):
            _unlist(deletion, view)


def _leave_with_the_oldest(deletion: Deletion) -> None:
    for view, found in deletion.chosen:
        oldest = next(iter(view), None)
        if found and oldest is not None and min(m.time_ms for m in found) <= oldest.time_ms:
            _unlist(deletion, view)


def _unlist(deletion: Deletion, view: View) -> None:
    view.listed = False
    note_change(deletion.context, deletion.owner, view.conversation)


fault(
    "list.leaves-with-any-message",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.stays-while-a-message-is-left",),
    sentence="Any deletion takes the conversation off the owner's list.",
)(afterwards(_leave_at_once))
fault(
    "list.leaves-with-the-oldest-message",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.stays-while-a-message-is-left",),
    sentence="The conversation leaves the owner's list with its oldest message.",
)(afterwards(_leave_with_the_oldest))


def _others_leave(deletion: Deletion) -> None:
    gone = _emptied(deletion)
    for view in own_views(deletion):
        if gone and view.conversation not in gone:
            _unlist(deletion, view)


def _others_of_kind_leave(deletion: Deletion) -> None:
    gone = _emptied(deletion)
    for view in own_views(deletion, gone[0].type) if gone else ():
        _unlist(deletion, view)


fault(
    "list.other-conversations-leave",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.other-conversations-stay",),
    sentence="With a conversation all others leave the owner's list.",
)(afterwards(_others_leave))
fault(
    "list.others-of-the-kind-leave",
    at="apply",
    operations=ONE_CONVERSATION,
    refutes=("list.other-conversations-stay",),
    sentence="With a conversation all others of its kind leave the owner's list.",
)(afterwards(_others_of_kind_leave))


class Unlisted(MemoryView):
    """A view that no list shows again."""

    __slots__ = ()

    def __init__(self, view: View) -> None:
        super().__init__(view.conversation)
        for message in view:
            self.add(message)

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, False if name == "listed" else value)


def _never_again(deletion: Deletion) -> None:
    context = deletion.context
    for conversation in _emptied(deletion):
        if context.store.user(deletion.owner) is not None:
            now = view_of(context, deletion.owner, conversation) or MemoryView(conversation)
            context.store.put_view(deletion.owner, Unlisted(now))


fault(
    "list.never-returns",
    at="apply",
    operations=EVERY,
    refutes=("list.returns-with-a-new-message",),
    sentence="A conversation that left the owner's list never returns, whatever it receives.",
)(afterwards(_never_again))
