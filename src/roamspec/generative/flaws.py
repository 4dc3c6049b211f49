"""What can be wrong with a call: which requirements speak of it, and what the response must be.

None of these calls may delete or announce anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from roamspec.contract.operations import slug_of
from roamspec.generative.call_sequence import ANONYMOUS, MISSING, NO_NUMBER, TOO_MANY
from roamspec.generative.model import Reply
from roamspec.session.session import Session
from roamspec.suite.operation_under_test import OperationUnderTest

METHOD: Final = "method "
"""A call with the method that this is followed by."""
FAR_TOO_MANY: Final = "two hundred IDs"
NO_PARAMETERS: Final = "no parameters"
UNKNOWN_APP, UNKNOWN_ORG = "unknown app", "unknown organisation"
MALFORMED, WRONG_SCHEME, CUT = "malformed token", "wrong scheme", "half a token"
FOREIGN, EXPIRED = "token of the second app", "expired token"
UNKNOWN_OWNER, UNKNOWN_TARGET = "unknown owner", "unknown conversation"
NO_IDS, WORDS_AS_IDS, HUGE_ID = "msgIdList is empty", "IDs are no numbers", "an ID of too many digits"
NO_TIME, NEGATIVE = "delTime is empty", "delTime is negative"

_AUTH: Final = {
    ANONYMOUS: "no-token",
    MALFORMED: "malformed-token",
    WRONG_SCHEME: "wrong-scheme",
    CUT: "cut-token",
    FOREIGN: "foreign-token",
    EXPIRED: "expired-token",
}
_VALUES: Final = {
    NO_NUMBER: "del-time-not-a-number",
    NEGATIVE: "del-time-negative",
    NO_TIME: "empty-del-time",
    NO_IDS: "empty-msg-id-list",
    WORDS_AS_IDS: "message-id-not-a-number",
    HUGE_ID: "message-id-huge",
    UNKNOWN_OWNER: "unknown-owner",
}
_UNKNOWN_APPS: Final = (UNKNOWN_APP, UNKNOWN_ORG)
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Named:
    """The requirements that a call with a flaw can refute: about its response, its effect and its
    notifications."""

    refused: str
    client_error: str
    """An error response is not a server error; where no requirement says that alone, the one that speaks of
    it."""
    deletes_nothing: str
    notifies_nobody: str


def named(flaw: str, operation_kind: str = "") -> Named:
    """`operation_kind` is `chat` or `group`, which only an unknown conversation asks for."""
    if flaw in _AUTH:
        kind = _AUTH[flaw]
        refused = f"auth.{kind}-refused"
        return Named(refused, refused, f"auth.{kind}-deletes-nothing", "auth.refusal-notifies-nobody")
    if flaw == TOO_MANY:
        return Named(
            *(
                f"limit.fifty-one-{what}"
                for what in ("refused", "refused", "deletes-nothing", "notifies-nobody")
            )
        )
    if flaw == FAR_TOO_MANY:
        return Named(
            "limit.far-more-refused",
            "limit.far-more-refused",
            "limit.fifty-one-deletes-nothing",
            "limit.fifty-one-notifies-nobody",
        )
    if flaw == NO_PARAMETERS:
        nothing = "missing.everything-deletes-nothing"
        return Named("missing.everything-refused", "missing.everything-client-error", nothing, nothing)
    if flaw in _UNKNOWN_APPS:
        return _one("tenancy.unknown-app-refused")
    if flaw.startswith(METHOD):
        nothing = "method.other-methods-delete-nothing"
        refused = "method.other-methods-refused"
        return Named(refused, refused, nothing, nothing)
    if flaw.startswith(MISSING):
        slug = slug_of(flaw.removeprefix(MISSING))
        return Named(
            *(
                f"missing.{slug}-{what}"
                for what in ("refused", "client-error", "deletes-nothing", "notifies-nobody")
            )
        )
    if flaw == UNKNOWN_TARGET:
        return _value(f"unknown-{'group' if operation_kind == 'group' else 'peer'}")
    return _value(_VALUES[flaw])


def _one(name: str) -> Named:
    return Named(name, name, name, name)


def _value(what: str) -> Named:
    answered, nothing = f"value.{what}-no-server-error", f"value.{what}-harmless"
    return Named(answered, answered, nothing, nothing)


def reply_to(flaw: str) -> Reply:
    """What may be answered: a wrong value may be rejected or not, everything else must be."""
    return "either" if flaw in _VALUES or flaw == UNKNOWN_TARGET else "refusal"


def is_of_method(flaw: str) -> bool:
    """Whether any status from 400 on is an error response, as the documentation says of other methods."""
    return flaw.startswith(METHOD)


def every(subject: OperationUnderTest) -> Iterator[str]:
    """The flaws that a call of an operation can have, on a target that allows all of them."""
    yield from _AUTH
    yield from _UNKNOWN_APPS
    yield UNKNOWN_OWNER
    yield from (f"{METHOD}{name}" for name in _METHODS if name != subject.operation.method)
    if not subject.conversation_parameter:
        return
    yield NO_PARAMETERS
    yield UNKNOWN_TARGET
    yield f"{MISSING}{subject.conversation_parameter}"
    yield f"{MISSING}{subject.selection_parameter}"
    yield from (
        (TOO_MANY, FAR_TOO_MANY, NO_IDS, WORDS_AS_IDS, HUGE_ID)
        if subject.by_id
        else (NO_NUMBER, NEGATIVE, NO_TIME)
    )


def possible(session: Session) -> frozenset[str]:
    """The flaws that need something of the target, and that this target lets be tried."""
    found: set[str] = set()
    missing = session.capabilities.missing
    if "neighbour-app" not in missing and session.neighbour is not None:
        found.add(FOREIGN)
    if "short-lived-tokens" not in missing and "short-lived-tokens" in session.capabilities.found:
        found.add(EXPIRED)
    return frozenset(found)


NEEDY: Final = frozenset({FOREIGN, EXPIRED})
"""Flaws that only some targets let be tried (`possible`)."""
