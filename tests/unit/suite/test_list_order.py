"""The order of a conversation list before and after a deletion."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, repeat

import pytest
from tests.unit.suite.conftest import KEY, judging, verdicts

from roamspec.api.conversation_lists import ListedConversation
from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.call_records import record
from roamspec.suite.list_comparison import COMPARED, compare_lists
from roamspec.suite.list_order import FURTHER_READINGS, ORDER, check_order
from roamspec.suite.windows import window_of
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, Message
from roamspec.world.facts import ListLook, facts_of
from roamspec.world.world import World

OPERATION = "deleteChatMessages"
PEERS = ("peer", "b", "c")
NEWEST = {"peer": "102", "b": "201", "c": "301"}


@dataclass
class Scene:
    """A check that deletes from the chat of `owner` and `peer`; `lists` are the coming readings."""

    case: CheckContext
    lists: Iterator[str] = field(default_factory=lambda: repeat("peer b c"))
    newest: dict[str, str] = field(default_factory=NEWEST.copy)
    read: int = 0

    @property
    def world(self) -> World:
        return self.case.worlds[0]

    def say(self, peer: str, *ids: str) -> None:
        for each in ids:
            message = Message(each, peer, 1_710_309_184_000 + int(each))
            chat = Conversation("chat", ("owner", peer))
            facts_of(self.case.session).say(KEY, OPERATION, chat, message, "hello", dated=True)

    def delete(self, ids: str = "101", status: int = 200) -> None:
        answer = Response(status, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
        facts, one = facts_of(self.case.session), self.case.session.contract.operation(OPERATION)
        query = (("userId", "peer"), ("msgIdList", ids))
        record(facts, one, KEY, "owner", query, answer, usual=True)

    def reads(self, peers: str) -> None:
        self.lists = repeat(peers)
        self.world.lists_now("owner", ())

    def verdict(self) -> str:
        check_order(self.case, self.world, "owner")
        return verdicts(self.case)[ORDER]


@pytest.fixture
def scene(session: Session, contract: Contract, monkeypatch: pytest.MonkeyPatch) -> Scene:
    case = judging(session, contract.operation(OPERATION), *COMPARED)
    case.world()
    scene = Scene(case)

    def lists_now(world: World, user: str, _: Iterable[Conversation]) -> dict[Conversation, bool]:
        peers = next(scene.lists).split()
        entries = dict.fromkeys(ListedConversation("chat", peer, scene.newest[peer]) for peer in peers).keys()
        facts = facts_of(session)
        facts.list_looks.setdefault((KEY, user), []).append(ListLook(facts.number(), OPERATION, entries))
        world.last_listed[user] = entries
        scene.read += 1
        return {}

    monkeypatch.setattr(World, "lists_now", lists_now)
    scene.say("peer", "101", "102")
    scene.say("b", "201")
    scene.say("c", "301")
    return scene


def test_a_list_in_the_same_order(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete()
    scene.reads("c b peer")
    assert scene.verdict() == "pass"


def test_any_order_that_a_service_keeps_is_one(scene: Scene) -> None:
    scene.reads("b peer c")
    scene.delete()
    scene.reads("b peer c")
    assert scene.verdict() == "pass"


def test_a_deletion_that_moves_its_conversation_up(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete()
    scene.reads("peer c b")
    assert scene.verdict() == "fail"
    assert scene.read == 2 + FURTHER_READINGS, "the new order is there for good"


def test_a_conversation_that_moved_is_compared_after_each_check(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete()
    scene.reads("peer c b")
    facts = facts_of(scene.case.session)
    compare_lists(scene.case, facts, window_of(scene.case, facts))
    assert verdicts(scene.case)[ORDER] == "fail"


def test_a_conversation_that_is_deleted_from_and_gone_leaves_the_others_in_order(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete("101,102")
    scene.reads("c b")
    assert scene.verdict() == "pass"


def test_what_shows_another_newest_message_may_move(scene: Scene) -> None:
    scene.reads("peer b c")
    scene.delete("102")
    scene.newest["peer"] = "101"
    scene.reads("b c peer")
    assert scene.verdict() == "pass"


def test_what_has_a_new_message_may_move(scene: Scene) -> None:
    """Also where a list does not show what is sent over REST."""
    scene.reads("c b peer")
    scene.delete()
    scene.say("b", "202")
    scene.reads("b c peer")
    assert scene.verdict() == "pass"


@pytest.mark.parametrize("newest", ["", "302"])
def test_less_than_two_conversations_have_no_order(scene: Scene, newest: str) -> None:
    scene.newest["b"] = ""
    scene.newest["c"] = ""
    scene.reads("c b peer")
    scene.delete()
    scene.newest["c"] = newest
    scene.reads("peer b c")
    assert scene.verdict() == "inconclusive"


def test_a_list_that_changes_without_a_deletion(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete(status=400)
    scene.reads("peer c b")
    assert scene.verdict() == "inconclusive"


def test_a_list_without_an_order_is_noticed_once(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete()
    scene.reads("peer c b")
    scene.lists = cycle(("b peer c", "c b peer", "peer c b"))
    assert scene.verdict() == "inconclusive"
    assert scene.read == 3
    scene.reads("c b peer")
    scene.delete()
    scene.reads("peer c b")
    assert scene.verdict() == "inconclusive"
    assert scene.read == 5, "nothing more is asked of lists that have no order"


def test_what_is_said_meanwhile_ends_the_further_readings(scene: Scene) -> None:
    scene.reads("c b peer")
    scene.delete()
    scene.reads("peer c b")
    scene.newest["b"] = "203"
    assert scene.verdict() == "inconclusive"
    assert scene.read == 3
