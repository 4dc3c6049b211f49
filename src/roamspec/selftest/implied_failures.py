"""What may fail along with a requirement that is broken: a few rules, written down and not measured.

Nobody can see that the last ID of a list is deleted where a list deletes nothing at all. So a fault must turn
red what it refutes, and may fail what follows from that by these rules; whatever else is red is attributed
wrongly. Each rule says for whole groups of requirements why one cannot be kept, or cannot be told to be kept,
without the other. No rule names a fault, and none is applied to what another one gives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

# Groups of requirements, without their operation.

GOES: Final = (
    "all.*",
    "effect.*-gone",
    "effect.concurrent-calls-all-count",
    "effect.gone-in-both-directions",
    "effect.gone-for-a-new-login",
    "effect.gone-for-the-owners-own-token",
    "effect.known-beside-repeated",
    "effect.known-beside-unknown",
    "effect.same-call-twice-harmless",
    "effect.stays-deleted",
    "effect.two-calls-add-up",
    "limit.fifty-all-gone",
    "list.all-conversations-leave",
    "list.leaves-with-the-last-message",
    "list.several-calls-add-up",
    "notify.*-deletes-the-same",
    "one-way.both-sides-in-turn",
    "one-way.same-message-for-each-side",
    "request.*-commas-separate",
    "request.chatroom-id-accepted",
    "request.encoded-user-id-identifies-the-user",
    "request.parameters-in-any-order",
    "request.path-user-owns-what-goes",
    "request.query-names-the-conversation",
    "request.resource-parameter-tolerated",
    "time.*-gone",
    "time.after-everything-deletes-all",
    "time.between-two-messages",
)
"""Seen by what a call names being gone from what the owner pulls or sees listed."""

STAYS: Final = (
    "effect.concurrent-calls-delete-nothing-else",
    "effect.ids-of-another-conversation-stay",
    "effect.ids-of-another-user-stay",
    "effect.only-named-messages-gone",
    "effect.repeated-id-harmless",
    "effect.same-call-twice-harmless",
    "effect.unknown-id-harmless",
    "list.stays-while-a-message-is-left",
    "notify.*-deletes-the-same",
    "one-way.both-sides-in-turn",
    "time.*-stay",
    "time.*-stays",
    "time.*-deletes-nothing",
    "time.between-two-messages",
    "time.seconds-are-not-taken-for-milliseconds",
    "value.*-harmless",
)
"""Seen by what a call does not name staying in the conversation that it names."""

REJECTED_DELETES_NOTHING: Final = (
    "auth.*-deletes-nothing",
    "limit.fifty-one-deletes-nothing",
    "missing.*-deletes-nothing",
)
"""Seen by what is there after a call that is refused."""

SUCCEEDS: Final = (
    *GOES,
    *STAYS,
    "*-no-server-error",
    "limit.fifty-accepted",
    "list.*",
    "notify.*",
    "one-way.*",
    "rate.below-the-limit-served",
    "request.*",
    "success.*",
    "time.*-accepted",
)
"""Seen in calls that must be answered with success."""


@dataclass(frozen=True, slots=True)
class ImplicationRule:
    """Where a requirement of `broken` is not kept, none of `along` can be relied on."""

    because: str
    broken: tuple[str, ...]
    along: tuple[str, ...]


RULES: Final = (
    ImplicationRule(
        "Where calls are not answered with success, nothing that needs a success can be seen.",
        (
            "auth.app-token-accepted",
            "rate.below-the-limit-served",
            "request.documented-url-served",
            "request.no-body-needed",
            "success.status-200",
        ),
        SUCCEEDS,
    ),
    ImplicationRule(
        "What stands in a body can only be seen where it is a JSON object.",
        ("success.json-body",),
        ("success.*",),
    ),
    ImplicationRule(
        "Where no call is served, those that must be refused are refused for another reason.",
        ("auth.app-token-accepted", "request.documented-url-served", "request.no-body-needed"),
        ("auth.*-refused", "limit.*", "missing.*-client-error", "missing.*-status", "not-open.status"),
    ),
    ImplicationRule(
        "A call that does not delete what it names shows wherever something is deleted.",
        (
            "all.*",
            "effect.*-gone",
            "effect.gone-in-both-directions",
            "time.*-gone",
            "time.after-everything-deletes-all",
            "time.between-two-messages",
        ),
        GOES,
    ),
    ImplicationRule(
        "A call that deletes too much of its conversation shows wherever something of it must stay.",
        (
            "effect.later-messages-stay",
            "effect.only-named-messages-gone",
            "time.*-stay",
            "time.*-stays",
            "time.*-deletes-nothing",
            "time.between-two-messages",
            "time.seconds-are-not-taken-for-milliseconds",
        ),
        STAYS,
    ),
    ImplicationRule(
        "A call that reaches other conversations shows wherever the owner has two of them.",
        (
            "effect.ids-of-another-conversation-stay",
            "effect.other-conversations-stay",
            "effect.same-people-elsewhere-stay",
        ),
        (
            *STAYS,
            "effect.other-conversations-stay",
            "effect.same-people-elsewhere-stay",
            "list.other-conversations-stay",
            "tenancy.*-peer-name-keeps-messages",
        ),
    ),
    ImplicationRule(
        "A message that stays with another time gives its conversation another place in a list.",
        ("effect.only-named-messages-gone", "time.later-messages-stay"),
        ("list.order-stays",),
    ),
    ImplicationRule(
        "A call that reaches other users shows wherever one of them must keep something.",
        ("one-way.*",),
        (
            "one-way.*",
            "effect.ids-of-another-user-stay",
            "notify.*-deletes-the-same",
            "tenancy.*-owner-name-keeps-messages",
        ),
    ),
    ImplicationRule(
        "Another user who must keep something may be the owner in another check.",
        ("one-way.*",),
        (
            "effect.only-named-messages-gone",
            "effect.other-conversations-stay",
            "effect.refused-call-deletes-nothing",
            "value.*-harmless",
        ),
    ),
    ImplicationRule(
        "Whose name is like the owner's may be anybody who takes part in a conversation of a check.",
        ("tenancy.*-owner-name-keeps-messages",),
        ("one-way.*", "effect.ids-of-another-user-stay", "tenancy.*-owner-name-keeps-messages"),
    ),
    ImplicationRule(
        "With whom the owner has another chat may have a name that is like the peer's.",
        ("tenancy.*-peer-name-keeps-messages",),
        (
            "effect.ids-of-another-conversation-stay",
            "effect.other-conversations-stay",
            "effect.same-people-elsewhere-stay",
            "list.other-conversations-stay",
            "tenancy.*-peer-name-keeps-messages",
        ),
    ),
    ImplicationRule(
        "What a rejected request takes off a list is not there later either.",
        ("list.stays-after-a-rejected-request",),
        ("list.other-conversations-stay", "list.stays-while-a-message-is-left"),
    ),
    ImplicationRule(
        "What a refused call deletes may as well have been deleted by a call beside it that was served.",
        ("effect.refused-call-deletes-nothing", *REJECTED_DELETES_NOTHING),
        (*STAYS, "one-way.*", "effect.other-conversations-stay", "effect.same-people-elsewhere-stay"),
    ),
    ImplicationRule(
        "A conversation in which a refused call deletes the last message leaves the list.",
        ("effect.refused-call-deletes-nothing", *REJECTED_DELETES_NOTHING),
        ("list.*-stay", "list.stays-*"),
    ),
    ImplicationRule(
        "A call is refused for its token, for what it lacks or for what it has too much of.",
        ("effect.refused-call-deletes-nothing",),
        REJECTED_DELETES_NOTHING,
    ),
    ImplicationRule(
        "What isNotify changes of a deletion shows wherever a call has that isNotify.",
        ("notify.*-deletes-the-same",),
        (*GOES, *STAYS),
    ),
    ImplicationRule(
        "A call that is not served but deletes is a refused call that deletes.",
        ("notify.*-accepted",),
        ("effect.refused-call-deletes-nothing",),
    ),
    ImplicationRule(
        "A notification without content may be of either of two rejected calls for one conversation.",
        ("auth.refusal-notifies-nobody",),
        ("missing.*-notifies-nobody",),
    ),
    ImplicationRule(
        "A notification without content of another user's device may be of either of two calls.",
        ("notify.absent-tells-nobody-else", "missing.*-notifies-nobody"),
        ("notify.absent-tells-nobody-else", "notify.false-tells-nobody-else"),
    ),
    ImplicationRule(
        "Two calls of fifty IDs are calls of fifty IDs.",
        ("limit.fifty-accepted", "limit.fifty-all-gone"),
        ("limit.counts-per-call",),
    ),
    ImplicationRule(
        "What a call takes of later messages may be missed first after a refused call.",
        ("effect.later-messages-stay",),
        ("effect.refused-call-deletes-nothing",),
    ),
    ImplicationRule(
        "A refused call that deletes something is a refused call.",
        (
            "*-delete-nothing",
            "*-deletes-nothing",
            "*-harmless",
            "missing.*-refused",
            "tenancy.unknown-app-refused",
        ),
        ("effect.refused-call-deletes-nothing",),
    ),
    ImplicationRule(
        "What is deleted for another user is not deleted for the owner, and told to the wrong one.",
        ("request.path-user-owns-what-goes",),
        (*GOES, "one-way.*", "notify.*-tells-*", "value.*-owner-harmless", "value.owner-*-harmless"),
    ),
    ImplicationRule(
        "What is deleted in another conversation is not deleted in the one that is named.",
        ("request.query-names-the-conversation",),
        (
            *GOES,
            *STAYS,
            "effect.other-conversations-stay",
            "effect.refused-call-deletes-nothing",
            "effect.same-people-elsewhere-stay",
            "limit.fifty-one-notifies-nobody",
            "list.*",
            "notify.*",
            "one-way.*",
            "tenancy.*-peer-name-keeps-messages",
        ),
    ),
    ImplicationRule(
        "A call that is refused is no success, deletes nothing and tells nobody.",
        ("notify.*-accepted",),
        ("notify.*-deletes-the-same", "notify.*-tells-*", "success.status-200"),
    ),
    ImplicationRule(
        "An ID that names nothing here is one that is elsewhere, impossible, or deleted by an earlier call.",
        ("effect.unknown-id-harmless", "effect.repeated-id-harmless"),
        (
            "effect.concurrent-calls-all-count",
            "effect.ids-of-another-*-stay",
            "effect.repeated-id-harmless",
            "effect.same-call-twice-harmless",
            "effect.unknown-id-harmless",
            "request.resource-parameter-tolerated",
            "value.message-id-*-harmless",
        ),
    ),
    ImplicationRule(
        "A call that crashes where an ID names nothing crashes wherever an ID names nothing here any more.",
        ("effect.unknown-id-no-server-error", "effect.repeated-id-no-server-error"),
        (
            "effect.*-no-server-error",
            "request.resource-parameter-tolerated",
            "value.message-id-*-no-server-error",
        ),
    ),
    ImplicationRule(
        "Equal calls at the same time, calls made again and calls of the same form are repeated calls.",
        ("effect.same-call-twice-no-server-error",),
        (
            "*-no-server-error",
            "request.documented-url-served",
            "request.is-notify-tolerated",
            "request.resource-parameter-tolerated",
        ),
    ),
    ImplicationRule(
        "Equal calls at the same time, calls made again to see which one did it, and further calls of who "
        "has nothing left are repeated calls.",
        ("effect.same-call-twice-harmless",),
        (
            "effect.concurrent-calls-all-count",
            "effect.concurrent-calls-delete-nothing-else",
            "effect.only-named-messages-gone",
            "effect.unknown-id-harmless",
            "request.is-notify-tolerated",
            "request.resource-parameter-tolerated",
            "value.*-harmless",
        ),
    ),
    ImplicationRule(
        "What a later call brings back has come back, and what it leaves is not deleted.",
        ("effect.two-calls-add-up",),
        GOES,
    ),
    ImplicationRule(
        "Owners pull with a token of their own after the conversation has received another message.",
        ("effect.stays-deleted",),
        ("effect.gone-for-the-owners-own-token", "effect.gone-for-a-new-login"),
    ),
    ImplicationRule(
        "The call whose parameters come in another order says isNotify=true.",
        ("notify.true-accepted", "notify.true-deletes-the-same"),
        ("request.parameters-in-any-order",),
    ),
    ImplicationRule(
        "The same call is made again with isNotify=false.",
        ("notify.false-accepted", "notify.false-deletes-the-same"),
        ("effect.same-call-twice-harmless", "effect.same-call-twice-no-server-error"),
    ),
    ImplicationRule(
        "Calls that follow each other closely are calls at the same time to a service of many machines.",
        ("effect.concurrent-calls-all-count",),
        (
            "effect.same-call-twice-harmless",
            "effect.stays-deleted",
            "effect.two-calls-add-up",
            "list.several-calls-add-up",
        ),
    ),
    ImplicationRule(
        "Calls that follow each other closely take more where calls at the same time do.",
        ("effect.concurrent-calls-delete-nothing-else",),
        STAYS,
    ),
    ImplicationRule(
        "Checks call at the same time, and any of their calls crashes where calls at the same time do.",
        ("effect.concurrent-calls-no-server-error",),
        SUCCEEDS,
    ),
    ImplicationRule(
        "Generated calls that keep the contract come one after the other, with nothing left to delete.",
        ("effect.same-call-twice-harmless",),
        ("request.documented-url-served",),
    ),
    ImplicationRule(
        "A time that counts seconds lies long ago, and so do messages of any check.",
        ("time.old-time-accepted",),
        ("time.seconds-no-server-error", *SUCCEEDS),
    ),
    ImplicationRule(
        "A time of years ago lies before all messages.",
        ("time.before-everything-accepted",),
        ("time.old-time-accepted",),
    ),
    ImplicationRule(
        "A crash has another status than that of the row.",
        ("missing.*-client-error",),
        ("missing.*-status",),
    ),
    ImplicationRule(
        "The people of a run delete in turn what they share.",
        ("one-way.both-sides-in-turn", "one-way.same-message-for-each-side"),
        GOES,
    ),
    ImplicationRule(
        "Generated calls that keep the contract may name any time, also zero and one to come.",
        ("time.*-no-server-error",),
        ("request.documented-url-served",),
    ),
    ImplicationRule(
        "Of fifty messages that do not all go, the one that stays may be the oldest.",
        ("limit.fifty-all-gone",),
        ("effect.oldest-message-gone",),
    ),
    ImplicationRule(
        "A call that does not delete the one message that it names may have been refused.",
        ("effect.single-id-gone",),
        ("success.status-200",),
    ),
    ImplicationRule(
        "A list that is not taken apart is one ID: it names no message, and is never too long.",
        ("request.raw-commas-separate",),
        (*GOES, "limit.*", "notify.names-what-went"),
    ),
    ImplicationRule(
        "A call that is served has no error row, and what it deletes cannot be deleted once more.",
        ("limit.fifty-one-refused", "missing.*-refused"),
        ("limit.*", "missing.*-client-error", "missing.*-status"),
    ),
    ImplicationRule(
        "A notice that names another conversation is no notice of the one that was named.",
        ("notify.names-the-conversation",),
        ("notify.*-tells-*",),
    ),
    ImplicationRule(
        "What a chatroom's ID does can only be seen where one is accepted.",
        ("request.chatroom-id-accepted",),
        ("time.room-*", "notify.true-tells-*", "one-way.room-members-keep-messages"),
    ),
    ImplicationRule(
        "What becomes of a chatroom is seen by calls with a value of isNotify.",
        (
            "notify.false-accepted",
            "notify.false-deletes-the-same",
            "notify.true-accepted",
            "notify.true-deletes-the-same",
        ),
        ("request.chatroom-id-accepted", "time.room-*"),
    ),
    ImplicationRule(
        "One list shows what is left of one conversation and of all others.",
        ("list.*",),
        ("list.*",),
    ),
)


def implied_failures(promises: Iterable[str]) -> tuple[str, ...]:
    """Patterns of what may fail along with these requirements, all without their operation."""
    broken = list(promises)
    patterns: dict[str, None] = {}
    for rule in RULES:
        if any(fnmatchcase(promise, pattern) for promise in broken for pattern in rule.broken):
            patterns |= dict.fromkeys(rule.along)
    return tuple(patterns)
