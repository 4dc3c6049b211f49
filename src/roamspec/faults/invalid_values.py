"""Faults of values that cannot be: crashes, and effects beyond what is named."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.http.request import IncomingRequest
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
from roamspec.faults.side_effects import carry_out, everywhere, in_the_conversation, loosely_parsed
from roamspec.faults.step_mutators import refusing

_CRASH: Final = "unknown-path-500"
_TRUTHS: Final = frozenset(("true", "false"))
When = Callable[[IncomingRequest], bool]


def _besides(when: When, effect: Callable[[Deletion], None]) -> Wrapper:
    """Such a call is read too generously before it is answered as it should be."""

    def wrap(step: Step) -> Step:
        def parse(request: IncomingRequest) -> Deletion:
            if when(request):
                # What a value that cannot be leaves out does not hinder the rest.
                with suppress(ApiError):
                    effect(loosely_parsed(request))
            deletion: Deletion = step(request)
            return deletion

        return parse

    return wrap


def _empty(name: str) -> When:
    return lambda request: request.query.get(name) == ""


def _items(request: IncomingRequest) -> list[str]:
    return request.query.get("msgIdList", "").split(",")


def _owner_unknown(request: IncomingRequest) -> bool:
    return request.app.store.user(request.user()) is None and not _awkward(request.user())


def _awkward(name: str) -> bool:
    return any(character in name for character in " ü+&=%#;'\"")


def _peer_unknown(request: IncomingRequest) -> bool:
    name = request.query.get("userId", "")
    return bool(name) and request.app.store.user(name) is None and not _awkward(name)


def _group_unknown(request: IncomingRequest) -> bool:
    name = request.query.get("groupId", "")
    return bool(name) and request.app.store.group(name) is None and not _awkward(name)


def _time(request: IncomingRequest) -> str:
    return request.query.get("delTime", "")


def _clear_user(deletion: Deletion) -> None:
    carry_out(replace(deletion, kind=KINDS["clearUser"], time_ms=deletion.context.now))


def _everything_named(deletion: Deletion) -> None:
    everywhere(replace(deletion, time_ms=deletion.time_ms or deletion.context.now))


def _everybodys(deletion: Deletion) -> None:
    """The named messages, or all that are old enough, of everybody."""
    for account in list(deletion.context.store.users()):
        everywhere(replace(deletion, owner=account.name))


# Name, requirement, operations, which calls, and what they delete too much.
_VALUES: Final[tuple[tuple[str, str, tuple[str, ...], When, Callable[[Deletion], None], str], ...]] = (
    (
        "unknown-owner",
        "unknown-owner-harmless",
        EVERY,
        _owner_unknown,
        _everybodys,
        "an owner who does not exist",
    ),
    (
        "awkward-owner",
        "owner-needs-escaping-harmless",
        EVERY,
        lambda r: _awkward(r.user()),
        _everybodys,
        "an owner whose name needs escaping",
    ),
    (
        "empty-user-id",
        "empty-user-id-harmless",
        IN_CHATS,
        _empty("userId"),
        _clear_user,
        "an empty userId in the query",
    ),
    (
        "unknown-peer",
        "unknown-peer-harmless",
        IN_CHATS,
        _peer_unknown,
        _everything_named,
        "a peer who does not exist",
    ),
    (
        "awkward-peer",
        "peer-needs-escaping-harmless",
        IN_CHATS,
        lambda r: _awkward(r.query.get("userId", "")),
        _everything_named,
        "a peer whose name needs escaping",
    ),
    (
        "empty-group-id",
        "empty-group-id-harmless",
        IN_GROUPS,
        _empty("groupId"),
        _clear_user,
        "an empty groupId",
    ),
    (
        "unknown-group",
        "unknown-group-harmless",
        IN_GROUPS,
        _group_unknown,
        _everything_named,
        "a group that does not exist",
    ),
    (
        "awkward-group",
        "group-needs-escaping-harmless",
        IN_GROUPS,
        lambda r: _awkward(r.query.get("groupId", "")),
        _everything_named,
        "a group ID that needs escaping",
    ),
    (
        "empty-msg-id-list",
        "empty-msg-id-list-harmless",
        BY_IDS,
        _empty("msgIdList"),
        in_the_conversation,
        "an empty msgIdList",
    ),
    (
        "empty-item",
        "empty-item-in-list-harmless",
        BY_IDS,
        lambda r: "" in _items(r) and any(_items(r)),
        in_the_conversation,
        "an empty item in msgIdList",
    ),
    (
        "word-as-message-id",
        "message-id-not-a-number-harmless",
        BY_IDS,
        lambda r: any(i and not i.isdecimal() for i in _items(r)),
        in_the_conversation,
        "a message ID that is not a number",
    ),
    (
        "huge-message-id",
        "message-id-huge-harmless",
        BY_IDS,
        lambda r: any(i.isdecimal() and int(i) >= 2**63 for i in _items(r)),
        in_the_conversation,
        "a message ID beyond 64 bits",
    ),
    (
        "unknown-is-notify",
        "is-notify-unknown-harmless",
        ONE_CONVERSATION,
        lambda r: r.query.get("isNotify", "true") not in (*_TRUTHS, ""),
        in_the_conversation,
        "an unknown isNotify",
    ),
    (
        "empty-is-notify",
        "is-notify-empty-harmless",
        ONE_CONVERSATION,
        _empty("isNotify"),
        in_the_conversation,
        "an empty isNotify",
    ),
    (
        "empty-del-time",
        "empty-del-time-harmless",
        BY_TIME,
        _empty("delTime"),
        in_the_conversation,
        "an empty delTime",
    ),
    (
        "word-as-del-time",
        "del-time-not-a-number-harmless",
        BY_TIME,
        lambda r: _time(r).isalpha(),
        in_the_conversation,
        "a delTime that is not a number",
    ),
    (
        "negative-del-time",
        "del-time-negative-harmless",
        BY_TIME,
        lambda r: _time(r).startswith("-"),
        in_the_conversation,
        "a negative delTime",
    ),
    (
        "fraction-as-del-time",
        "del-time-fraction-harmless",
        BY_TIME,
        lambda r: "." in _time(r),
        in_the_conversation,
        "a delTime with a fraction",
    ),
    (
        "huge-del-time",
        "del-time-huge-harmless",
        BY_TIME,
        lambda r: _time(r).isdecimal() and int(_time(r)) >= 2**63,
        _clear_user,
        "a delTime beyond 64 bits",
    ),
)

for name, requirement, operations, when, effect, what in _VALUES:
    fault(
        f"value.{name}-crashes",
        at="parse",
        operations=operations,
        refutes=(f"value.{requirement.removesuffix('-harmless')}-no-server-error",),
        sentence=f"A call with {what} crashes.",
    )(refusing(when, _CRASH))
    fault(
        f"value.{name}-deletes-too-much",
        at="parse",
        operations=operations,
        refutes=(f"value.{requirement}",),
        sentence=f"A call with {what} deletes messages outside the request.",
    )(_besides(when, effect))
