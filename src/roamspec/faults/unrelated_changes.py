"""Faults beside what a call names: what stays is changed, or goes under a condition."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.domain.views import view_of, views_of
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import (
    BY_IDS,
    BY_TIME,
    EVERY,
    IN_CHATS,
    IN_GROUPS,
    ONE_CONVERSATION,
    Step,
    Wrapper,
    fault,
)
from roamspec.faults.side_effects import loosely_parsed, others_in, own_views, remove_from
from roamspec.faults.step_mutators import afterwards

Change = Callable[[StoredMessage], StoredMessage]
_HOUR_MS: Final = 3_600_000


def _wordless(message: StoredMessage) -> StoredMessage:
    return replace(message, text="")


def _earlier(message: StoredMessage) -> StoredMessage:
    return replace(message, time_ms=message.time_ms - _HOUR_MS)


def _exchange(view: StoredView | None, change: Change, messages: Iterable[StoredMessage]) -> None:
    """Put changed copies in the place of some messages of a view."""
    if view is None:
        return
    for message in list(messages):
        view.remove([message])
        view.add(change(message))


def _named(deletion: Deletion) -> StoredView | None:
    return view_of(deletion.context, deletion.owner, deletion.conversation) if deletion.conversation else None


def _changes_what_stays(change: Change) -> Wrapper:
    """Whatever stays in the owner's view of the conversation is changed."""

    def effect(deletion: Deletion) -> None:
        view = _named(deletion)
        _exchange(view, change, view or ())

    return afterwards(effect)


_STAYS = {BY_IDS: "effect.only-named-messages-gone", BY_TIME: "time.later-messages-stay"}
for operations, stays in _STAYS.items():
    fault(
        "effect.messages-that-stay-lose-their-text",
        at="apply",
        operations=operations,
        refutes=[stays],
        sentence="The retained messages of the conversation lose their text.",
    )(_changes_what_stays(_wordless))
    fault(
        "effect.messages-that-stay-are-an-hour-older",
        at="apply",
        operations=operations,
        refutes=[stays],
        sentence="The retained messages of the conversation get a time one hour earlier.",
    )(_changes_what_stays(_earlier))


def _from_others(
    deletion: Deletion, conversation: ConversationKey, act: Callable[[str, StoredView], None]
) -> None:
    for name, theirs in others_in(deletion, conversation):
        view = view_of(deletion.context, name, theirs)
        if view is not None:
            act(name, view)


def _others_read_nothing(step: Step) -> Step:
    def apply(deletion: Deletion) -> None:
        step(deletion)
        if not deletion.notify and deletion.conversation:
            _from_others(deletion, deletion.conversation, lambda _, view: _exchange(view, _wordless, view))

    return apply


for operations, kept in (
    (IN_CHATS, "one-way.others-keep-what-they-sent"),
    (IN_GROUPS, "one-way.every-member-keeps-messages"),
):
    fault(
        "one-way.others-read-nothing-after-a-silent-call",
        at="apply",
        operations=operations,
        refutes=[kept],
        sentence="With isNotify=false, the others' copies of the conversation lose their text.",
    )(_others_read_nothing)


def _on_refusal(effect: Callable[[IncomingRequest], None]) -> Wrapper:
    def wrap(step: Step) -> Step:
        def guarded(subject: IncomingRequest | Deletion) -> object:
            try:
                return step(subject)
            except ApiError:
                if isinstance(subject, IncomingRequest):
                    effect(subject)
                raise

        return guarded

    return wrap


def _others_lose_their_oldest(request: IncomingRequest) -> None:
    """Each other participant loses the oldest message of every conversation that the call comes near to."""
    deletion = loosely_parsed(request)
    for view in own_views(deletion):
        if deletion.target in ("", view.conversation.id):
            _from_others(
                deletion,
                view.conversation,
                lambda name, theirs: remove_from(deletion, name, theirs.conversation, _oldest(theirs)),
            )


def _oldest(view: StoredView) -> Sequence[StoredMessage]:
    return list(view)[:1]


fault(
    "effect.refused-for-the-token-but-others-lose-a-message",
    at="authenticate",
    operations=EVERY,
    refutes=["effect.refused-call-deletes-nothing"],
    sentence="A call that is rejected for its token deletes the oldest message for the other participants.",
)(_on_refusal(_others_lose_their_oldest))
fault(
    "effect.refused-for-a-parameter-but-others-lose-a-message",
    at="parse",
    operations=ONE_CONVERSATION,
    refutes=["effect.refused-call-deletes-nothing"],
    sentence="A call without a required parameter deletes the oldest message for the other participants.",
)(_on_refusal(_others_lose_their_oldest))


@fault(
    "one-way.peers-other-chat-cleared-by-a-long-list",
    at="apply",
    operations=["deleteChatMessages"],
    refutes=["one-way.others-keep-their-other-conversations"],
    sentence="A call with several IDs deletes the newest message from a chat of the peer with another user.",
)
def _peers_other_chat(step: Step) -> Step:
    def apply(deletion: Deletion) -> None:
        step(deletion)
        if len(deletion.ids) < 2 or not deletion.conversation:
            return
        peer = deletion.conversation.id
        for view in views_of(deletion.context, peer):
            if view.conversation.type == "chat" and view.conversation.id != deletion.owner:
                last = view.newest()
                remove_from(deletion, peer, view.conversation, [last] if last else [])

    return apply
