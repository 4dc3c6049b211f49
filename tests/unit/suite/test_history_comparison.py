"""What must be seen, from everything that is known, and whose call it is when it is not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from roamspec.appkey import AppKey
from roamspec.contract.load import load_contract
from roamspec.suite.call_records import record
from roamspec.suite.history_comparison import Difference, Window, differences, expected
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.facts import Facts, Place

APP = AppKey("acme", "parlor")
CHAT = Conversation("chat", ("u1", "u2"))
PLACE = Place.of(APP, CHAT)
CONTRACT = load_contract()
NOW_MS = 1_710_309_184_114
MESSAGES = tuple(Message(str(100 + i), ("u1", "u2")[i % 2], NOW_MS + 1000 * i) for i in range(3))


class Known:
    """Facts of one conversation, written down as a check would."""

    def __init__(self, *, said: Sequence[Message] = MESSAGES) -> None:
        self.facts = Facts()
        for message in said:
            self.facts.say(APP, "deleteChatMessages", CHAT, message, "hello", dated=True)

    def look(self, *messages: Message, user: str = "u1", **changes: object) -> None:
        pulled = [
            PulledMessage(m.id, m.sender, "u2", "chat", m.time_ms, str(changes.get("text", "hello")))
            for m in messages
        ]
        view = HistoryView(user, CHAT, tuple(pulled))
        self.facts.look(APP, "deleteChatMessages", view, newer=False, pages=1)

    def call(
        self,
        query: Iterable[tuple[str, str]],
        *,
        status: int = 200,
        operation: str = "deleteChatMessages",
        owner: str = "u1",
        usual: bool = True,
    ) -> None:
        answer = Response(status, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
        one = CONTRACT.operation(operation)
        record(self.facts, one, APP, owner, tuple(query), answer, usual=usual)

    def found(self, *, user: str = "u1", operation: str = "deleteChatMessages") -> list[Difference]:
        window = Window(
            0,
            [call for call in self.facts.calls if call.operation == operation],
            [call for call in self.facts.calls if call.operation != operation],
        )
        return differences(self.facts, PLACE, user, self.facts.looks[PLACE, user][-1], window)


FIRST = (("userId", "u2"), ("msgIdList", MESSAGES[0].id))


@pytest.fixture
def known() -> Known:
    return Known()


def whats(differences_found: Iterable[Difference]) -> list[tuple[str, list[str]]]:
    return [(one.what, sorted(one.ids)) for one in differences_found]


def test_what_is_as_it_must_be_makes_no_difference(known: Known) -> None:
    known.look(*MESSAGES)
    known.call(FIRST)
    known.look(*MESSAGES[1:])
    assert known.found() == []


def test_what_was_named_is_left(known: Known) -> None:
    known.call(FIRST)
    known.look(*MESSAGES)
    assert whats(known.found()) == [("left", ["100"])]


def test_what_was_seen_deleted_is_back(known: Known) -> None:
    known.call(FIRST)
    known.look(*MESSAGES[1:])
    known.look(*MESSAGES)
    assert whats(known.found()) == [("back", ["100"])]


def test_what_was_not_named_is_lost(known: Known) -> None:
    known.call(FIRST)
    known.look(MESSAGES[1])
    [one] = known.found()
    assert whats([one]) == [("lost", ["102"])]
    assert one.call is known.facts.calls[0]


def test_what_another_user_has_is_lost(known: Known) -> None:
    known.call(FIRST)
    known.look(*MESSAGES[1:], user="u2")
    assert whats(known.found(user="u2")) == [("lost", ["100"])]


def test_a_message_that_stays_says_something_else(known: Known) -> None:
    known.look(*MESSAGES, user="u2")
    known.call(FIRST)
    known.look(*MESSAGES[1:], text="")
    assert whats(known.found()) == [("altered", ["101", "102"])], "whoever saw it before"


@pytest.mark.parametrize(("text", "what"), [("hello", []), ("", [("altered", ["100", "101", "102"])])])
def test_what_two_users_see_in_different_ways_is_compared_for_each_of_them(
    known: Known, text: str, what: list[tuple[str, list[str]]]
) -> None:
    rounded = [replace(each, time_ms=each.time_ms // 1000 * 1000) for each in MESSAGES]
    known.look(*MESSAGES)
    known.look(*rounded, user="u2")
    known.call(FIRST)
    known.look(*rounded, user="u2", text=text)
    assert whats(known.found(user="u2")) == what


def test_what_two_users_see_in_different_ways_has_no_certain_time(known: Known) -> None:
    rounded = [replace(each, time_ms=each.time_ms // 1000 * 1000) for each in MESSAGES]
    known.look(*rounded)
    known.look(*MESSAGES, user="u2")
    until = (("userId", "u2"), ("delTime", str(rounded[1].time_ms)))
    known.call(until, operation="clearChatBefore")
    known.look(*rounded[1:])
    assert known.found(operation="clearChatBefore") == []


def test_what_another_user_sees_in_another_way_after_a_call_is_the_work_of_the_call(known: Known) -> None:
    known.look(*MESSAGES)
    known.call(FIRST)
    known.look(*MESSAGES, user="u2", text="")
    assert whats(known.found(user="u2")) == [("altered", ["100", "101", "102"])]


def test_what_a_user_sees_changed_at_the_first_look_was_changed_before_it() -> None:
    clips = [replace(each, type="video") for each in MESSAGES]
    known = Known(said=clips)
    known.look(*clips)
    known.call((("userId", "u2"), ("msgIdList", clips[0].id)))
    known.look(*clips, user="u2", text="")
    known.call((("userId", "u3"), ("msgIdList", "999")), owner="u2")
    known.look(*clips, user="u2", text="")
    [one] = known.found(user="u2")
    assert whats([one]) == [("altered", ["100", "101", "102"])]
    assert one.call is known.facts.calls[0]


def test_messages_that_stay_stand_in_another_order(known: Known) -> None:
    known.look(*MESSAGES)
    known.call(FIRST)
    known.look(MESSAGES[2], MESSAGES[1])
    assert whats(known.found()) == [("reordered", ["101", "102"])]


def test_another_order_is_seen_although_the_look_just_before_shows_it_too(known: Known) -> None:
    known.look(*MESSAGES)
    known.call(FIRST)
    known.look(MESSAGES[2], MESSAGES[1])
    known.look(MESSAGES[2], MESSAGES[1])
    assert whats(known.found()) == [("reordered", ["101", "102"])]


def test_a_message_that_stays_is_there_twice(known: Known) -> None:
    known.look(*MESSAGES)
    known.call(FIRST)
    known.look(*MESSAGES[1:], MESSAGES[2])
    assert whats(known.found()) == [("reordered", ["102"])]


def test_messages_of_one_millisecond_have_no_order() -> None:
    same = [Message(message.id, message.sender, NOW_MS) for message in MESSAGES]
    known = Known(said=same)
    known.look(*same)
    known.call(FIRST)
    known.look(same[2], same[1])
    assert known.found() == []


def test_an_order_that_has_come_right_again_is_no_difference(known: Known) -> None:
    known.look(*MESSAGES)
    known.call(FIRST)
    known.look(MESSAGES[2], MESSAGES[1])
    known.look(*MESSAGES[1:])
    assert known.found() == []


def test_who_has_called_for_a_place_since(known: Known) -> None:
    known.call(FIRST, owner="u2", status=400)
    assert not known.facts.has_called("u2", PLACE, since=0)
    known.call(FIRST)
    assert known.facts.has_called("u1", PLACE, since=0)
    assert not known.facts.has_called("u2", PLACE, since=0)
    assert not known.facts.has_called("u1", PLACE, since=known.facts.number())


def test_a_rejected_call_deletes_nothing(known: Known) -> None:
    known.call(FIRST, status=400)
    known.look(*MESSAGES[1:])
    [one] = known.found()
    assert (one.what, one.call.outcome) == ("lost", "refused")


def test_what_a_failed_call_names_is_lost_by_that_call(known: Known) -> None:
    known.call(FIRST)
    known.call((("userId", "u2"), ("msgIdList", "101")), status=500)
    known.call((("userId", "u2"), ("msgIdList", "999")))
    known.look(MESSAGES[2])
    [one] = known.found()
    assert whats([one]) == [("lost", ["101"])]
    assert one.call is known.facts.calls[1]


UNDESCRIBED = [
    ((*FIRST, ("resource", "web_1")), True, 200),
    ((("userId", "u2"), ("msgIdList", "100,100")), True, 200),
    ((("msgIdList", "100"),), True, 200),
    ((*FIRST, ("isNotify", "maybe")), True, 200),
    (FIRST, False, 200),
]


@pytest.mark.parametrize(
    ("query", "usual", "status"), [*UNDESCRIBED, ((*FIRST, ("msgIdList", "101")), True, 200)]
)
def test_a_call_that_the_document_does_not_describe_may_delete_what_it_names(
    known: Known, query: Sequence[tuple[str, str]], usual: bool, status: int
) -> None:
    known.look(*MESSAGES)
    known.call(query, usual=usual, status=status)
    known.look(*MESSAGES[1:])
    assert known.found() == []


@pytest.mark.parametrize(
    ("query", "usual", "status"), [*UNDESCRIBED, ((("userId", "u2"), ("msgIdList", "")), True, 200)]
)
def test_a_call_that_the_document_does_not_describe_deletes_nothing_else(
    known: Known, query: Sequence[tuple[str, str]], usual: bool, status: int
) -> None:
    known.look(*MESSAGES)
    known.call(query, usual=usual, status=status)
    known.look(MESSAGES[0], MESSAGES[2])
    assert whats(known.found()) == [("lost", ["101"])]


@pytest.mark.parametrize(
    ("operation", "query", "status"),
    [
        ("deleteChatMessages", FIRST, 504),
        ("deleteChatMessages", (*FIRST, ("msgIdList", "")), 200),
        ("clearChatBefore", (("userId", "u2"), ("delTime", "yesterday")), 200),
        ("clearUser", (("resource", "web_1"),), 200),
    ],
)
def test_of_a_call_that_does_not_say_what_it_deletes_nothing_is_certain(
    known: Known, operation: str, query: Sequence[tuple[str, str]], status: int
) -> None:
    known.look(*MESSAGES)
    known.call(query, status=status, operation=operation)
    known.look(MESSAGES[2])
    assert known.found(operation=operation) == []


def test_a_time_beside_something_undocumented_takes_nothing_that_is_later(known: Known) -> None:
    known.look(*MESSAGES)
    until = str(MESSAGES[0].time_ms)
    query = (("userId", "u2"), ("delTime", until), ("isNotify", "maybe"))
    known.call(query, operation="clearChatBefore")
    known.look(MESSAGES[1])
    assert whats(known.found(operation="clearChatBefore")) == [("lost", ["102"])]


def test_what_a_message_says_is_known_from_whoever_saw_it_first(known: Known) -> None:
    known.call(FIRST)
    known.look(*MESSAGES[1:])
    known.call((("userId", "u2"), ("msgIdList", MESSAGES[1].id)))
    known.look(MESSAGES[0], MESSAGES[1], MESSAGES[2], user="u2", text="")
    assert whats(known.found(user="u2")) == [("altered", ["101", "102"])]


def test_a_message_whose_time_was_seen_late_goes_with_a_later_time() -> None:
    """Nobody had looked before the first call."""
    known = Known(said=())
    for message in MESSAGES:
        known.facts.say(APP, "clearChatBefore", CHAT, message, "hello", dated=False)
    known.call((("userId", "u2"), ("delTime", str(NOW_MS - 1))), operation="clearChatBefore")
    known.look(*MESSAGES)
    known.call((("userId", "u2"), ("delTime", str(MESSAGES[2].time_ms))), operation="clearChatBefore")
    known.look(MESSAGES[0])
    assert whats(known.found(operation="clearChatBefore")) == [("left", ["100"])]


def test_what_is_said_and_dated_after_a_time_is_certain(known: Known) -> None:
    known.call((("userId", "u2"), ("delTime", str(NOW_MS - 1))), operation="clearChatBefore")
    known.look(*MESSAGES)
    assert {one.state for one in expected(known.facts, PLACE, "u1").values()} == {"there"}
    assert len(expected(known.facts, PLACE, "u1")) == len(MESSAGES)


def test_a_time_takes_what_is_not_later(known: Known) -> None:
    known.look(*MESSAGES)
    until = str(MESSAGES[1].time_ms)
    known.call((("userId", "u2"), ("delTime", until)), operation="clearChatBefore")
    known.look(*MESSAGES[1:])
    assert whats(known.found(operation="clearChatBefore")) == [("left", ["101"])]


def test_clearing_a_user_takes_everything_that_was_said_before(known: Known) -> None:
    known.call((), operation="clearUser")
    known.look(MESSAGES[0])
    assert whats(known.found(operation="clearUser")) == [("left", ["100"])]


def test_what_another_operation_may_have_done_is_not_attributed(known: Known) -> None:
    known.call(FIRST)
    known.call((), operation="clearUser", owner="u2")
    known.look(MESSAGES[1])
    assert known.found() == []


STRANGERS = Conversation("chat", ("u3", "u4"))


def between_strangers(known: Known) -> None:
    message = Message("200", "u3", NOW_MS)
    known.facts.say(APP, "clearChatBefore", STRANGERS, message, "hello", dated=True)


@pytest.mark.parametrize(
    ("query", "operation"), [((), "clearUser"), ((("userId", "u4"), ("delTime", "1")), "clearChatBefore")]
)
def test_another_operation_that_meets_other_people_excuses_nothing(
    known: Known, query: Sequence[tuple[str, str]], operation: str
) -> None:
    between_strangers(known)
    known.call(FIRST)
    known.call(query, operation=operation, owner="u3")
    known.look(MESSAGES[1])
    assert whats(known.found()) == [("lost", ["102"])]


def test_what_happens_among_other_users_is_attributed_to_nobody_once_several_have_called(
    known: Known,
) -> None:
    far = Conversation("chat", ("u5", "u6"))
    known.facts.say(APP, "clearChatBefore", far, Message("300", "u5", NOW_MS), "hello", dated=True)
    between_strangers(known)
    known.call((("userId", "u6"), ("msgIdList", "300")), owner="u5")
    known.call((("userId", "u4"), ("delTime", "1")), operation="clearChatBefore", owner="u3")
    known.look(MESSAGES[1])
    assert known.found() == []


def test_what_was_lost_before_the_check_is_not_attributed(known: Known) -> None:
    began = known.facts.number()
    known.call(FIRST)
    known.look(MESSAGES[1])
    window = Window(began, known.facts.calls)
    assert differences(known.facts, PLACE, "u1", known.facts.looks[PLACE, "u1"][-1], window) == []


def test_of_a_user_who_has_left_nothing_is_certain(known: Known) -> None:
    known.facts.forget(APP, user="u2")
    assert expected(known.facts, PLACE, "u1") == {}


def test_what_is_said_after_a_clearing_is_certain_once_it_was_seen() -> None:
    known = Known(said=MESSAGES[:2])
    known.call((), operation="clearUser")
    known.facts.say(APP, "deleteChatMessages", CHAT, MESSAGES[2], "hello", dated=True)
    assert MESSAGES[2].id not in expected(known.facts, PLACE, "u1")
    known.look(MESSAGES[2])
    assert expected(known.facts, PLACE, "u1")[MESSAGES[2].id].state == "there"


def test_rooms_may_drop_what_nobody_has_seen() -> None:
    facts, room = Facts(), Conversation("room", ("u1", "u2"), "77")
    facts.say(APP, "clearGroupBefore", room, MESSAGES[0], "hello", dated=False)
    assert expected(facts, Place.of(APP, room), "u1") == {}


def test_what_is_seen_after_a_doubtful_call_may_still_be_going(known: Known) -> None:
    known.look(*MESSAGES)
    known.call((*FIRST, ("resource", "web_1")))
    known.look(*MESSAGES)
    known.call(FIRST, owner="u2")
    known.look(*MESSAGES[1:])
    assert known.found() == []


def test_the_first_call_at_a_place_is_found_however_often_it_was_asked_for(known: Known) -> None:
    assert known.facts.first_call(PLACE) is None
    known.call((), operation="clearUser", owner="u3")
    assert known.facts.first_call(PLACE) is None
    known.call(FIRST)
    known.call(FIRST)
    assert known.facts.first_call(PLACE) == known.facts.calls[1].number
    assert known.facts.first_call(PLACE) == known.facts.calls[1].number
