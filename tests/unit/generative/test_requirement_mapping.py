"""Which requirement a difference refutes; each is a requirement of some operation."""

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.generative.call_sequence import ANONYMOUS, TOO_MANY, UNKNOWN, CallSequence, DeleteStep, SendStep
from roamspec.generative.descriptions import describe
from roamspec.generative.difference import Difference, Kind
from roamspec.generative.evidence import credits_of, observation_of
from roamspec.generative.planned_state import Visibility
from roamspec.generative.requirement_mapping import NAMES, requirement_of

CHAT, GROUP, ROOM = "chat ab", "group", "room"
PAST = (
    SendStep("m1", CHAT, "a", 1000),
    SendStep("m2", CHAT, "b", 1001),
    SendStep("m3", GROUP, "c"),
    SendStep("m4", ROOM, "c"),
)
BY_ID = DeleteStep("deleteChatMessages", "a", CHAT, ("m1",))
BY_TIME = DeleteStep("clearChatBefore", "a", CHAT, around="m1")
IN_ROOM = DeleteStep("clearGroupBefore", "a", ROOM, around="m4")
ALL = DeleteStep("clearUser", "a")
NOWHERE = DeleteStep("deleteChatMessages", "a", CHAT, (UNKNOWN,))
MANY = DeleteStep("deleteChatMessages", "a", CHAT, ("m1",), flaw=TOO_MANY)
TIMELESS = DeleteStep("clearChatBefore", "a", CHAT, around="m1", flaw="missing delTime")
NAMELESS = DeleteStep("clearUser", "a", flaw=ANONYMOUS)


def named(visibility: Visibility, call: DeleteStep, kind: Kind, user: str, place: str, *labels: str) -> str:
    program = CallSequence((*PAST, call))
    difference = Difference(kind, len(PAST), user, place, labels, "this", "that")
    return requirement_of(observation_of(program, difference, call.operation, visibility))


@pytest.mark.parametrize(
    ("call", "kind", "user", "place", "labels", "requirement"),
    [
        (BY_ID, "kept", "a", CHAT, ("m1",), "effect.single-id-gone"),
        (BY_ID, "back", "a", CHAT, ("m1",), "effect.stays-deleted"),
        (BY_ID, "lost", "a", CHAT, ("m2",), "effect.only-named-messages-gone"),
        (BY_ID, "lost", "a", GROUP, ("m3",), "effect.same-people-elsewhere-stay"),
        (BY_ID, "lost", "b", CHAT, ("m1",), "one-way.others-keep-what-they-received"),
        (BY_ID, "lost", "b", CHAT, ("m2",), "one-way.others-keep-what-they-sent"),
        (BY_ID, "lost", "c", GROUP, ("m3",), "one-way.uninvolved-users-keep-messages"),
        (BY_ID, "lost", "b", GROUP, ("m3",), "one-way.others-keep-their-other-conversations"),
        (BY_ID, "listed", "a", CHAT, (), "list.leaves-with-the-last-message"),
        (BY_ID, "unlisted", "a", CHAT, (), "list.stays-while-a-message-is-left"),
        (BY_ID, "unlisted", "b", CHAT, (), "one-way.others-keep-the-conversation"),
        (BY_ID, "shown", "a", CHAT, ("m1",), "list.shows-no-deleted-message"),
        (BY_ID, "untold", "a", CHAT, (), "notify.absent-tells-the-owner"),
        (BY_ID, "told", "b", CHAT, (), "notify.absent-tells-nobody-else"),
        (BY_ID, "answer", "a", CHAT, (), "success.status-200"),
        (BY_TIME, "kept", "a", CHAT, ("m1",), "time.at-del-time-gone"),
        (BY_TIME, "lost", "a", CHAT, ("m2",), "time.one-millisecond-later-stays"),
        (IN_ROOM, "kept", "a", ROOM, ("m4",), "time.room-at-del-time-gone"),
        (IN_ROOM, "lost", "b", ROOM, ("m4",), "one-way.room-members-keep-messages"),
        (ALL, "kept", "a", GROUP, ("m3",), "all.groups-cleared"),
        (ALL, "lost", "b", GROUP, ("m3",), "one-way.every-member-keeps-messages"),
        (ALL, "listed", "a", CHAT, (), "list.all-conversations-leave"),
        (ALL, "told", "b", "", (), "notify.clearing-tells-nobody-else"),
        (NOWHERE, "broken", "a", CHAT, (), "effect.unknown-id-no-server-error"),
        (TIMELESS, "broken", "a", CHAT, (), "missing.del-time-client-error"),
        (NAMELESS, "broken", "a", CHAT, (), "auth.no-token-refused"),
        (MANY, "lost", "a", CHAT, ("m1",), "limit.fifty-one-deletes-nothing"),
        (MANY, "told", "a", CHAT, (), "limit.fifty-one-notifies-nobody"),
        (TIMELESS, "answer", "a", CHAT, (), "missing.del-time-refused"),
        (NAMELESS, "lost", "a", CHAT, ("m1",), "auth.no-token-deletes-nothing"),
    ],
)
def test_the_requirement_that_speaks_of_it(
    visibility: Visibility,
    call: DeleteStep,
    kind: Kind,
    user: str,
    place: str,
    labels: tuple[str, ...],
    requirement: str,
) -> None:
    assert named(visibility, call, kind, user, place, *labels) == requirement
    catalogue = load_catalogue(contract=load_contract())
    slug = load_contract().operation(call.operation).slug
    assert f"{slug}.{requirement}" in catalogue, "the operation has this requirement"


def test_every_name_is_a_requirement() -> None:
    known = {identifier.partition(".")[2] for identifier in load_catalogue(contract=load_contract())}

    assert set(NAMES) <= known


def test_what_a_sequence_could_have_refuted_is_credited(visibility: Visibility) -> None:
    credited = credits_of(CallSequence((*PAST, BY_TIME, SendStep("m5", CHAT, "b"))), visibility)

    assert ("clearChatBefore", "time.at-del-time-gone") in credited
    assert ("clearChatBefore", "time.one-millisecond-later-stays") in credited
    assert ("clearChatBefore", "effect.stays-deleted") in credited
    assert not [name for _, name in credited if name.startswith("notify.")], "nobody listened"
    assert {operation for operation, _ in credited} == {"clearChatBefore"}


def test_a_sequence_is_described_in_one_line() -> None:
    line = describe(
        CallSequence((PAST[0], PAST[2], DeleteStep("clearChatBefore", "a", CHAT, around="m1", offset_ms=-1)))
    )

    assert line == (
        "(1) a sends m1 in chat ab (imported at +1000 ms); (2) c sends m3 in group (now); (3) "
        "clearChatBefore for a, chat ab, delTime = m1-1 ms"
    )
