"""Conversations, messages and views as values."""

import pytest

from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message, ids_of
from roamspec.world.world import listed_as

CHAT = Conversation("chat", ("one", "two"))
GROUP = Conversation("group", ("one", "two", "three"), "77")
ROOM = Conversation("room", ("one", "two"), "88")


@pytest.mark.parametrize(
    ("conversation", "user", "identifier"),
    [(CHAT, "one", "two"), (CHAT, "two", "one"), (GROUP, "three", "77"), (ROOM, "one", "88")],
)
def test_each_user_finds_it_under_its_own_id(conversation: Conversation, user: str, identifier: str) -> None:
    assert conversation.id_for(user) == identifier
    assert listed_as(conversation, user).id == identifier


def test_rooms_stand_in_lists_as_groups_do() -> None:
    assert [listed_as(c, "one").kind for c in (CHAT, GROUP, ROOM)] == ["chat", "group", "group"]


def test_the_others() -> None:
    assert GROUP.others("two") == ("one", "three")


def test_what_a_view_has() -> None:
    first, second = Message("1", "one", 5), Message("2", "two", 6)
    pulled = PulledMessage("1", "one", "two", "chat", 5, "hello", "txt")
    view = HistoryView("one", CHAT, (pulled,))

    assert view.ids == ids_of([first]) == {"1"}
    assert view.has_all([first])
    assert view.has_all([])
    assert not view.has_all([first, second])
    assert view.has_none([second])
    assert not view.has_none([first, second])
