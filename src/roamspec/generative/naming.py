"""Which requirement a difference refutes: the promise about this user, this place and this kind of call."""

from dataclasses import dataclass
from typing import Final

from roamspec.contract.operations import slug_of
from roamspec.generative.difference import Kind
from roamspec.generative.program import (
    ANONYMOUS,
    MISSING,
    NEIGHBOUR,
    NO_NUMBER,
    PLACES,
    TOO_MANY,
    Delete,
)

CLEAR_ALL: Final = "clearUser"
_OF_KIND: Final = {"chat": "chats", "group": "groups", "room": "rooms"}

NAMES: Final = (
    "success.status-200",
    "effect.single-id-gone",
    "effect.several-ids-gone",
    "effect.messages-gone",
    "effect.only-named-messages-gone",
    "effect.other-conversations-stay",
    "effect.same-people-elsewhere-stay",
    "effect.ids-of-another-conversation-stay",
    "effect.unknown-id-no-server-error",
    "effect.same-call-twice-no-server-error",
    "effect.stays-deleted",
    "effect.later-messages-stay",
    "all.chats-cleared",
    "all.groups-cleared",
    "all.rooms-cleared",
    "time.at-del-time-gone",
    "time.one-millisecond-earlier-gone",
    "time.one-second-earlier-gone",
    "time.one-millisecond-later-stays",
    "time.one-second-later-stays",
    "time.later-messages-stay",
    "time.room-at-del-time-gone",
    "time.room-later-messages-stay",
    "one-way.others-keep-what-they-sent",
    "one-way.others-keep-what-they-received",
    "one-way.every-member-keeps-messages",
    "one-way.room-members-keep-messages",
    "one-way.others-keep-their-other-conversations",
    "one-way.uninvolved-users-keep-messages",
    "one-way.others-keep-the-conversation",
    "tenancy.neighbour-app-keeps-messages",
    "list.leaves-with-the-last-message",
    "list.stays-while-a-message-is-left",
    "list.returns-with-a-new-message",
    "list.other-conversations-stay",
    "list.all-conversations-leave",
    *(f"notify.{said}-tells-the-owner" for said in ("absent", "true")),
    *(f"notify.{said}-tells-nobody-else" for said in ("absent", "true", "false")),
    "notify.false-tells-nobody",
    "notify.clearing-tells-nobody-else",
    "limit.fifty-one-refused",
    "limit.fifty-one-deletes-nothing",
    "limit.fifty-one-notifies-nobody",
    *(
        f"missing.{parameter}-{what}"
        for parameter in ("user-id", "group-id", "msg-id-list", "del-time")
        for what in ("refused", "client-error", "deletes-nothing", "notifies-nobody")
    ),
    "auth.no-token-refused",
    "auth.no-token-deletes-nothing",
    "auth.refusal-notifies-nobody",
    "value.del-time-not-a-number-harmless",
    "value.del-time-not-a-number-no-server-error",
)
"""Every requirement that a sequence can refute, without the operation."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was, or could have been, seen of a call: `user`'s view of `place`, and of one message there.

    `own` says whether the user sent the message. `after_ms` is how long after delTime it was (negative:
    before), None where that has no meaning. `said_since` says whether the place had a message after the
    call, `finds` whether the call named anything that was there.
    """

    kind: Kind
    call: Delete
    user: str
    place: str
    label: str = ""
    own: bool = False
    after_ms: int | None = None
    said_since: bool = False
    finds: bool = True


def requirement_of(sight: Sight) -> str:
    """The requirement, without the operation, that speaks of this; always one of `NAMES`."""
    match sight.kind:
        case "answer":
            return _flawed(sight, "refused") or _answered(sight)
        case "broken":
            return _flawed(sight, "client-error") or _answered(sight)
        case "kept":
            return _kept(sight)
        case "back":
            return "effect.stays-deleted"
        case "lost":
            return _flawed(sight, "deletes-nothing") or _lost(sight)
        case "listed":
            everything = sight.call.operation == CLEAR_ALL
            return "list.all-conversations-leave" if everything else "list.leaves-with-the-last-message"
        case "unlisted":
            return _unlisted(sight)
        case "untold":
            return f"notify.{sight.call.notify}-tells-the-owner"
        case "told":
            return _flawed(sight, "notifies-nobody") or _told(sight)


def _answered(sight: Sight) -> str:
    if sight.finds:
        return "success.status-200"
    return f"effect.{'unknown-id' if sight.call.picks else 'same-call-twice'}-no-server-error"


def _flawed(sight: Sight, what: str) -> str:
    flaw = sight.call.flaw
    if flaw in (TOO_MANY, ANONYMOUS) and what == "client-error":
        what = "refused"
    if flaw == TOO_MANY:
        return f"limit.fifty-one-{what}"
    if flaw == ANONYMOUS:
        return "auth.refusal-notifies-nobody" if what == "notifies-nobody" else f"auth.no-token-{what}"
    if flaw == NO_NUMBER:
        deletes = what in ("deletes-nothing", "notifies-nobody")
        return f"value.del-time-not-a-number-{'harmless' if deletes else 'no-server-error'}"
    return f"missing.{slug_of(flaw.removeprefix(MISSING))}-{what}" if flaw else ""


def _kept(sight: Sight) -> str:
    call = sight.call
    if call.operation == CLEAR_ALL:
        return f"all.{_OF_KIND[PLACES[sight.place].kind]}-cleared"
    if call.picks:
        return "effect.single-id-gone" if len(call.picks) == 1 else "effect.several-ids-gone"
    if PLACES[sight.place].kind == "room":
        return "time.room-at-del-time-gone"
    return kept_at(sight.after_ms or 0)


def kept_at(after_ms: int) -> str:
    """The requirement that a message refutes which is there, so long after delTime (negative: before)."""
    exact = {
        0: "time.at-del-time-gone",
        -1: "time.one-millisecond-earlier-gone",
        -1000: "time.one-second-earlier-gone",
    }
    return exact.get(after_ms, "effect.messages-gone")


def lost_at(after_ms: int) -> str:
    """The requirement that a message refutes which is gone, although it was so long after delTime."""
    exact = {1: "time.one-millisecond-later-stays", 1000: "time.one-second-later-stays"}
    return exact.get(after_ms, "time.later-messages-stay")


def _lost(sight: Sight) -> str:
    if sight.place == NEIGHBOUR:
        return "tenancy.neighbour-app-keeps-messages"
    return _lost_by_owner(sight) if sight.user == sight.call.owner else _lost_by_others(sight)


def _lost_by_owner(sight: Sight) -> str:
    call = sight.call
    if call.operation == CLEAR_ALL:
        return "effect.later-messages-stay"
    if sight.place != call.place:
        if sight.label in call.picks:
            return "effect.ids-of-another-conversation-stay"
        same_people = set(PLACES[call.place].members) <= set(PLACES[sight.place].members)
        other_kind = PLACES[call.place].kind != PLACES[sight.place].kind
        return (
            f"effect.{'same-people-elsewhere' if same_people and other_kind else 'other-conversations'}-stay"
        )
    if call.picks:
        return "effect.only-named-messages-gone"
    if PLACES[sight.place].kind == "room":
        return "time.room-later-messages-stay"
    return lost_at(sight.after_ms or 0)


def _lost_by_others(sight: Sight) -> str:
    call = sight.call
    everything = call.operation == CLEAR_ALL
    involved = sight.user in PLACES[call.place].members if call.place else True
    named = call.owner in PLACES[sight.place].members if everything else sight.place == call.place
    if not involved:
        return "one-way.uninvolved-users-keep-messages"
    if not named:
        return "one-way.others-keep-their-other-conversations"
    match PLACES[sight.place].kind:
        case "group":
            return "one-way.every-member-keeps-messages"
        case "room":
            return "one-way.room-members-keep-messages"
        case _:
            return f"one-way.others-keep-what-they-{'sent' if sight.own else 'received'}"


def _unlisted(sight: Sight) -> str:
    if sight.user != sight.call.owner:
        return "one-way.others-keep-the-conversation"
    if sight.said_since:
        return "list.returns-with-a-new-message"
    same = sight.place == sight.call.place
    return "list.stays-while-a-message-is-left" if same else "list.other-conversations-stay"


def _told(sight: Sight) -> str:
    call = sight.call
    if call.operation == CLEAR_ALL:
        return "notify.clearing-tells-nobody-else"
    if sight.user != call.owner:
        return f"notify.{call.notify}-tells-nobody-else"
    return "notify.false-tells-nobody"
