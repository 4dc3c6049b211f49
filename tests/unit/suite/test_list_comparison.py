"""What conversation lists show after a check, compared with what is left of the conversations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.unit.suite.conftest import KEY, judging, verdicts

from roamspec.api.conversation_lists import ListedConversation
from roamspec.contract.operations import Contract
from roamspec.errors import SetupFailed
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.call_records import record
from roamspec.suite.history_comparison import Window
from roamspec.suite.list_comparison import COMPARED, compare_lists
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.facts import ListLook, facts_of
from roamspec.world.world import World, listed_as

OPERATION = "deleteChatMessages"
CHAT, ELSEWHERE = Conversation("chat", ("owner", "peer")), Conversation("chat", ("other", "peer"))
MESSAGES = (Message("101", "owner", 1_710_309_184_000), Message("102", "peer", 1_710_309_185_000))
ALL, FIRST = "101,102", "101"


@dataclass
class Scene:
    """A check that deletes from a chat, and lists that show what they are told to."""

    case: CheckContext
    listed: dict[str, set[ListedConversation]] = field(default_factory=dict)
    lists_what_is_made: bool = True
    made: list[Conversation] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.case.worlds[0]

    def say(self, conversation: Conversation, *messages: Message) -> None:
        for message in messages:
            facts_of(self.case.session).say(KEY, OPERATION, conversation, message, "hello", dated=True)

    def call(self, ids: str, *, operation: str = OPERATION) -> None:
        answer = Response(200, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
        query = (("userId", "peer"), ("msgIdList", ids)) if operation == OPERATION else ()
        facts, one = facts_of(self.case.session), self.case.session.contract.operation(operation)
        record(facts, one, KEY, "owner", query, answer, usual=True)

    def look(self, user: str, *messages: Message) -> None:
        pulled = tuple(PulledMessage(m.id, m.sender, "peer", "chat", m.time_ms, "hello") for m in messages)
        view = HistoryView(user, CHAT, pulled)
        facts_of(self.case.session).look(KEY, OPERATION, view, newer=False, pages=1)

    def read(self, user: str) -> None:
        self.world.lists_now(user, ())

    def failures(self) -> list[str]:
        facts = facts_of(self.case.session)
        compare_lists(self.case, facts, Window(self.case.began, facts.calls))
        return sorted(name for name, verdict in verdicts(self.case).items() if verdict == "fail")


@pytest.fixture
def scene(session: Session, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> Scene:
    session.hasten(1_000)
    case = judging(session, contract.operation(OPERATION), *COMPARED)
    case.world()
    scene = Scene(case)

    def lists_now(world: World, user: str, conversations: Iterable[Conversation]) -> dict[Conversation, bool]:
        listed = frozenset(scene.listed.get(user, ()))
        facts = facts_of(session)
        facts.list_looks.setdefault((KEY, user), []).append(ListLook(facts.number(), OPERATION, listed))
        world.last_listed[user] = listed
        return {each: listed_as(each, user) in listed for each in conversations}

    def seed(_: World, conversation: Conversation, *__: Any, **___: Any) -> list[Message]:
        if conversation not in scene.made:
            scene.made.append(conversation)
            if scene.lists_what_is_made:
                for user in conversation.members:
                    scene.listed.setdefault(user, set()).add(listed_as(conversation, user))
        return []

    monkeypatch.setattr(World, "lists_now", lists_now)
    monkeypatch.setattr(World, "seed", seed)
    monkeypatch.setattr(World, "users", lambda _, count: [f"new{n}" for n in range(count)])
    scene.say(CHAT, *MESSAGES)
    return scene


def entry(conversation: Conversation, user: str, last: str = "") -> ListedConversation:
    return ListedConversation("chat", conversation.id_for(user), last)


def test_a_conversation_without_messages_that_is_listed(scene: Scene) -> None:
    scene.listed["owner"] = {entry(CHAT, "owner")}
    scene.call(ALL)
    scene.look("owner")
    scene.read("owner")
    assert scene.failures() == ["list.leaves-with-the-last-message"]


def test_a_conversation_of_a_user_who_was_cleared_that_is_listed(scene: Scene, contract: Contract) -> None:
    scene.case = judging(scene.case.session, contract.operation("clearUser"), *COMPARED)
    scene.case.world()
    scene.listed["owner"] = {entry(CHAT, "owner")}
    scene.call("", operation="clearUser")
    scene.look("owner")
    facts_of(scene.case.session).list_looks[KEY, "owner"] = [
        ListLook(facts_of(scene.case.session).number(), "clearUser", frozenset(scene.listed["owner"]))
    ]
    assert scene.failures() == ["list.all-conversations-leave"]


def test_a_conversation_that_has_messages_may_be_listed(scene: Scene) -> None:
    scene.listed["owner"] = {entry(CHAT, "owner", "102")}
    scene.call(FIRST)
    scene.look("owner", MESSAGES[1])
    scene.read("owner")
    assert scene.failures() == []


def test_a_conversation_that_was_not_seen_empty_may_be_listed(scene: Scene) -> None:
    scene.listed["owner"] = {entry(CHAT, "owner")}
    scene.call(ALL)
    scene.read("owner")
    assert scene.failures() == []


def test_a_new_message_brings_a_conversation_back(scene: Scene) -> None:
    scene.call(ALL)
    scene.look("owner")
    scene.say(CHAT, Message("103", "peer", 1_710_309_186_000))
    scene.listed["owner"] = {entry(CHAT, "owner", "103")}
    scene.read("owner")
    assert scene.failures() == []


def test_a_list_that_shows_a_deleted_message(scene: Scene) -> None:
    scene.listed["owner"] = {entry(CHAT, "owner", "101")}
    scene.call(FIRST)
    scene.look("owner", MESSAGES[1])
    scene.read("owner")
    assert scene.failures() == ["list.shows-no-deleted-message"]


def lose_for_the_peer(scene: Scene) -> None:
    """One like it is in the list of the peer, in which nobody has called."""
    scene.say(
        ELSEWHERE, Message("201", "other", 1_710_309_184_000), Message("202", "peer", 1_710_309_184_001)
    )
    scene.listed["peer"] = {entry(ELSEWHERE, "peer")}
    scene.call(FIRST)
    scene.read("peer")


def test_a_conversation_that_another_member_has_lost(scene: Scene) -> None:
    lose_for_the_peer(scene)
    assert scene.failures() == ["one-way.others-keep-the-conversation"]
    assert [each.members for each in scene.made] == [("new0", "peer")]


def test_a_conversation_of_an_earlier_check_that_another_member_has_lost(scene: Scene) -> None:
    scene.case.began = facts_of(scene.case.session).number()
    lose_for_the_peer(scene)
    assert scene.failures() == ["one-way.others-keep-the-conversation"]


def test_what_may_have_been_lost_before_the_check_is_nobodys_difference(scene: Scene) -> None:
    lose_for_the_peer(scene)
    scene.case.began = facts_of(scene.case.session).number()
    scene.call(FIRST)
    scene.read("peer")
    assert scene.failures() == []


def test_a_conversation_that_would_not_be_listed_without_a_call_either(scene: Scene) -> None:
    scene.lists_what_is_made = False
    lose_for_the_peer(scene)
    assert scene.failures() == []
    assert len(scene.made) == 1


def test_nothing_is_made_where_no_conversation_like_it_was_seen_in_a_list(scene: Scene) -> None:
    scene.call(FIRST)
    scene.read("peer")
    assert scene.failures() == []
    assert scene.made == []


def test_a_conversation_that_cannot_be_made_again_is_nobodys_difference(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise SetupFailed("no")

    monkeypatch.setattr(World, "seed", fail)
    lose_for_the_peer(scene)
    assert scene.failures() == []


def test_a_conversation_that_an_earlier_reading_had(scene: Scene) -> None:
    scene.listed["peer"] = {entry(CHAT, "peer")}
    scene.read("peer")
    scene.call(FIRST)
    scene.listed["peer"] = set()
    scene.read("peer")
    assert scene.failures() == ["one-way.others-keep-the-conversation"]
    assert scene.made == []
