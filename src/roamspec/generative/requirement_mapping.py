"""Which requirement a difference refutes: the requirement about this user, this place and this kind of
call."""

from dataclasses import dataclass
from typing import Final, Literal

from roamspec.generative import flaws
from roamspec.generative.call_sequence import NEIGHBOUR, PLACES, TO_COME, DeleteStep
from roamspec.generative.difference import Kind

CLEAR_ALL: Final = "clearUser"
_OF_KIND: Final = {"chat": "chats", "group": "groups", "room": "rooms"}

_OF_FLAWS: Final = (
    *(f"limit.fifty-one-{what}" for what in ("refused", "deletes-nothing", "notifies-nobody")),
    *(
        f"auth.{kind}-{what}"
        for kind in (
            *("no-token", "malformed-token", "wrong-scheme", "cut-token", "foreign-token", "expired-token"),
        )
        for what in ("refused", "deletes-nothing")
    ),
    *(
        f"value.{name}-{what}"
        for name in (
            *("del-time-not-a-number", "del-time-negative", "empty-del-time", "empty-msg-id-list"),
            *("message-id-not-a-number", "message-id-huge", "unknown-owner", "unknown-peer", "unknown-group"),
        )
        for what in ("harmless", "no-server-error")
    ),
)

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
    "time.after-everything-deletes-all",
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
    "list.shows-no-deleted-message",
    "list.other-conversations-stay",
    "list.all-conversations-leave",
    *(f"notify.{said}-tells-the-owner" for said in ("absent", "true")),
    *(f"notify.{said}-tells-nobody-else" for said in ("absent", "true", "false")),
    "notify.false-tells-nobody",
    "notify.clearing-tells-nobody-else",
    *(f"notify.{said}-tells-every-device" for said in ("absent", "true")),
    "notify.names-the-conversation",
    "notify.names-what-went",
    "effect.known-beside-unknown",
    "effect.repeated-id-harmless",
    "request.encoded-commas-separate",
    "request.parameters-in-any-order",
    *_OF_FLAWS,
    "limit.far-more-refused",
    *(f"missing.everything-{what}" for what in ("refused", "client-error", "deletes-nothing")),
    "tenancy.unknown-app-refused",
    "method.other-methods-refused",
    "method.other-methods-delete-nothing",
    *(
        f"missing.{parameter}-{what}"
        for parameter in ("user-id", "group-id", "msg-id-list", "del-time")
        for what in ("refused", "client-error", "deletes-nothing", "notifies-nobody")
    ),
    "auth.refusal-notifies-nobody",
)
"""Every requirement that a sequence can refute, without the operation."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was, or could have been, seen of a call: `user`'s view of `place`, and of one message there.

    `own` says whether the user sent the message. `after_ms` is how long after delTime it was (negative:
    before), None where that has no meaning. `said_since` says whether the place had a message after the
    call, `finds` whether the call named anything that was there, `mixed` whether it named other IDs, too.
    """

    kind: Kind
    call: DeleteStep
    user: str
    place: str
    label: str = ""
    own: bool = False
    after_ms: int | None = None
    said_since: bool = False
    finds: bool = True
    mixed: bool = False


def requirement_of(observation: Observation) -> str:
    """The requirement, without the operation, that speaks of this; always one of `NAMES`."""
    match observation.kind:
        case "answer":
            return _flawed(observation, "refused") or _answered(observation)
        case "broken":
            return _flawed(observation, "client_error") or _answered(observation)
        case "kept":
            return _kept(observation)
        case "back":
            return "effect.stays-deleted"
        case "lost" | "altered":
            return _flawed(observation, "deletes_nothing") or _lost(observation)
        case "listed":
            everything = observation.call.operation == CLEAR_ALL
            return "list.all-conversations-leave" if everything else "list.leaves-with-the-last-message"
        case "shown":
            return "list.shows-no-deleted-message"
        case "unlisted":
            return _unlisted(observation)
        case "untold":
            return f"notify.{observation.call.notify}-tells-the-owner"
        case "partly untold":
            return f"notify.{observation.call.notify}-tells-every-device"
        case "mistold":
            return "notify.names-what-went"
        case "told":
            return _flawed(observation, "notifies_nobody") or _notified(observation)


def _written(observation: Observation) -> str:
    """What speaks of how the call is written: the shortest sequence has no form that does not matter."""
    forms = observation.call.forms
    if "repeated" in forms:
        return "effect.repeated-id-harmless"
    if "encoded" in forms:
        return "request.encoded-commas-separate"
    return "request.parameters-in-any-order" if "reordered" in forms else ""


def _answered(observation: Observation) -> str:
    if observation.mixed:
        return "effect.unknown-id-harmless"
    if observation.finds and _written(observation) and "repeated" not in observation.call.forms:
        return _written(observation)
    if observation.finds:
        return "success.status-200"
    return f"effect.{'unknown-id' if observation.call.picks else 'same-call-twice'}-no-server-error"


def _flawed(
    observation: Observation, what: Literal["refused", "client_error", "deletes_nothing", "notifies_nobody"]
) -> str:
    if not observation.call.flaw:
        return ""
    kind = "group" if "Group" in observation.call.operation else "chat"
    return str(getattr(flaws.named(observation.call.flaw, kind), what))


def _kept(observation: Observation) -> str:
    call = observation.call
    if call.operation == CLEAR_ALL:
        return f"all.{_OF_KIND[PLACES[observation.place].kind]}-cleared"
    if observation.mixed:
        return "effect.known-beside-unknown"
    if _written(observation):
        return _written(observation)
    if call.picks:
        return "effect.single-id-gone" if len(call.picks) == 1 else "effect.several-ids-gone"
    if PLACES[observation.place].kind == "room":
        return "time.room-at-del-time-gone"
    if call.offset_ms == TO_COME:
        return "time.after-everything-deletes-all"
    return kept_at(observation.after_ms or 0)


def kept_at(after_ms: int) -> str:
    """The requirement that a message refutes which is there, so long after delTime (negative: before)."""
    exact = {
        0: "time.at-del-time-gone",
        -1: "time.one-millisecond-earlier-gone",
        -1000: "time.one-second-earlier-gone",
    }
    return exact.get(after_ms, "effect.messages-gone")


def lost_at(after_ms: int) -> str:
    """The requirement that fails when a message so long after delTime is deleted."""
    exact = {1: "time.one-millisecond-later-stays", 1000: "time.one-second-later-stays"}
    return exact.get(after_ms, "time.later-messages-stay")


def _lost(observation: Observation) -> str:
    if observation.place == NEIGHBOUR:
        return "tenancy.neighbour-app-keeps-messages"
    return (
        _lost_by_owner(observation)
        if observation.user == observation.call.owner
        else _lost_by_others(observation)
    )


def _lost_by_owner(observation: Observation) -> str:
    call = observation.call
    if call.operation == CLEAR_ALL:
        return "effect.later-messages-stay"
    if observation.place != call.place:
        if observation.label in call.picks:
            return "effect.ids-of-another-conversation-stay"
        same_people = set(PLACES[call.place].members) <= set(PLACES[observation.place].members)
        other_kind = PLACES[call.place].kind != PLACES[observation.place].kind
        return (
            f"effect.{'same-people-elsewhere' if same_people and other_kind else 'other-conversations'}-stay"
        )
    if call.picks:
        return "effect.only-named-messages-gone"
    if PLACES[observation.place].kind == "room":
        return "time.room-later-messages-stay"
    return lost_at(observation.after_ms or 0)


def _lost_by_others(observation: Observation) -> str:
    call = observation.call
    everything = call.operation == CLEAR_ALL
    involved = observation.user in PLACES[call.place].members if call.place else True
    named = call.owner in PLACES[observation.place].members if everything else observation.place == call.place
    if not involved:
        return "one-way.uninvolved-users-keep-messages"
    if not named:
        return "one-way.others-keep-their-other-conversations"
    match PLACES[observation.place].kind:
        case "group":
            return "one-way.every-member-keeps-messages"
        case "room":
            return "one-way.room-members-keep-messages"
        case _:
            return f"one-way.others-keep-what-they-{'sent' if observation.own else 'received'}"


def _unlisted(observation: Observation) -> str:
    if observation.user != observation.call.owner:
        return "one-way.others-keep-the-conversation"
    if observation.said_since:
        return "list.returns-with-a-new-message"
    same = observation.place == observation.call.place
    return "list.stays-while-a-message-is-left" if same else "list.other-conversations-stay"


def _notified(observation: Observation) -> str:
    call = observation.call
    if call.operation == CLEAR_ALL:
        return "notify.clearing-tells-nobody-else"
    if observation.user != call.owner:
        return f"notify.{call.notify}-tells-nobody-else"
    return "notify.false-tells-nobody" if call.notify == "false" else "notify.names-the-conversation"
