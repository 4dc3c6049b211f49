"""Faults of what goes: too little of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_IDS, CLEARING, EVERY, Wrapper, fault
from roamspec.faults.step_mutators import Choice, choosing, picking, skipping

NOBODY: Final = "admin"
"""The sender of messages that were sent without one."""

for operations, refuted in ((BY_IDS, "effect.several-ids-gone"), (CLEARING, "effect.messages-gone")):
    fault(
        "effect.nothing-deleted",
        at="apply",
        operations=operations,
        refutes=(refuted,),
        sentence="The call is answered with success and deletes nothing.",
    )(skipping(lambda _: True))
for name, choice, refuted, sentence in (
    (
        "only-the-first-id",
        lambda found: found[:1],
        "effect.last-in-list-gone",
        "Only the first ID of the list is deleted.",
    ),
    (
        "only-the-last-id",
        lambda found: found[-1:],
        "effect.first-in-list-gone",
        "Only the last ID of the list is deleted.",
    ),
    (
        "first-id-skipped",
        lambda found: found[1:] if len(found) > 1 else found,
        "effect.first-in-list-gone",
        "The first of several listed messages is retained.",
    ),
    (
        "last-id-skipped",
        lambda found: found[:-1] if len(found) > 1 else found,
        "effect.last-in-list-gone",
        "The last of several listed messages is retained.",
    ),
    (
        "second-id-skipped",
        lambda found: [*found[:1], *found[2:]] if len(found) > 2 else found,
        "effect.middle-in-list-gone",
        "The second of three or more listed messages is retained.",
    ),
    (
        "middle-ids-skipped",
        lambda found: [*found[:1], *found[-1:]] if len(found) > 1 else found,
        "effect.middle-in-list-gone",
        "Of several IDs, only the first and the last are deleted.",
    ),
    (
        "single-id-ignored",
        lambda found: found if len(found) > 1 else [],
        "effect.single-id-gone",
        "A single ID deletes nothing.",
    ),
    (
        "several-ids-ignored",
        lambda found: found if len(found) < 2 else [],
        "effect.several-ids-gone",
        "Only a list of one ID has an effect.",
    ),
):
    fault(f"effect.{name}", at="select", operations=BY_IDS, refutes=(refuted,), sentence=sentence)(
        picking(choice)
    )


def _sent(deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return (message for message in found if message.sender == deletion.owner)


def _received(
    deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
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


def _texts(_deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]) -> Iterable[StoredMessage]:
    return (message for message in found if message.type == "txt")


fault(
    "effect.only-texts",
    at="select",
    operations=EVERY,
    refutes=("effect.every-type-gone",),
    sentence="Only text messages are deleted.",
)(choosing(_texts))


def _not_with_the_departed(
    deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    """Nothing of a chat with somebody who is not a user; with the application itself nobody's user chats."""
    peer = view.conversation
    departed = peer.type == "chat" and peer.id != NOBODY and deletion.context.store.user(peer.id) is None
    return () if departed else found


for operation, refuted in (
    ("deleteChatMessages", "effect.single-id-gone"),
    ("clearChatBefore", "effect.messages-gone"),
    ("clearUser", "all.chats-cleared"),
):
    fault(
        "effect.chats-with-former-users-kept",
        at="select",
        operations=(operation,),
        refutes=(refuted,),
        sentence="Nothing is deleted from chats with users who no longer exist.",
    )(choosing(_not_with_the_departed))


def _of_users(
    _deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return (message for message in found if message.sender != NOBODY)


fault(
    "effect.messages-in-nobodys-name-kept",
    at="select",
    operations=("clearUser",),
    refutes=("all.chats-cleared",),
    sentence="Messages without a sending user are not deleted.",
)(choosing(_of_users))


def _but_newest(
    _deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    newest = view.newest()
    return (message for message in found if message is not newest)


def _but_oldest(
    _deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    oldest = next(iter(view), None)
    return (message for message in found if message is not oldest)


fault(
    "effect.newest-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.newest-message-gone",),
    sentence="The newest message of a conversation is retained.",
)(choosing(_but_newest))
fault(
    "effect.oldest-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.oldest-message-gone",),
    sentence="The oldest message of a conversation is retained.",
)(choosing(_but_oldest))


def _newest_of(most: int) -> Callable[[Sequence[StoredMessage]], Sequence[StoredMessage]]:
    return lambda found: found[-most:]


def _but_newest_of(mine: bool) -> Choice:
    """All but the newest of those found that the owner sent, or received."""

    def choose(
        deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]
    ) -> Iterable[StoredMessage]:
        those = [message for message in found if (message.sender == deletion.owner) is mine]
        newest = max(those, key=lambda message: message.time_ms, default=None)
        return (message for message in found if message is not newest)

    return choose


fault(
    "effect.newest-sent-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.sent-messages-gone",),
    sentence="Of the listed messages that the owner sent, the newest is retained.",
)(choosing(_but_newest_of(True)))
fault(
    "effect.newest-received-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.received-messages-gone",),
    sentence="Of the listed messages that the owner received, the newest is retained.",
)(choosing(_but_newest_of(False)))


def _unless_single(choice: Choice) -> Wrapper:
    return choosing(lambda d, view, found: choice(d, view, found) if len(found) > 1 else found)


fault(
    "effect.newest-of-several-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.newest-message-gone",),
    sentence="The newest message of a conversation is retained, unless it is the only one to delete.",
)(_unless_single(_but_newest))
fault(
    "effect.oldest-of-several-kept",
    at="select",
    operations=EVERY,
    refutes=("effect.oldest-message-gone",),
    sentence="The oldest message of a conversation is retained, unless it is the only one to delete.",
)(_unless_single(_but_oldest))
fault(
    "effect.only-the-newest-message",
    at="select",
    operations=CLEARING,
    refutes=("effect.messages-gone",),
    sentence="A clearing deletes only one message of a conversation: the newest.",
)(picking(lambda found: found[-1:]))
for most in (100, 20):
    fault(
        f"effect.only-{most}-messages",
        at="select",
        operations=CLEARING,
        refutes=("effect.more-than-a-hundred-gone",),
        sentence=f"A clearing deletes only one page: the newest {most} messages of a conversation.",
    )(picking(_newest_of(most)))
fault(
    "effect.only-50-oldest-messages",
    at="select",
    operations=CLEARING,
    refutes=("effect.more-than-a-hundred-gone",),
    sentence="A clearing deletes only one page: the oldest fifty messages of a conversation.",
)(picking(lambda found: found[:50]))
