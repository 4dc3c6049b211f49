"""The five deletions in the model: what goes, for whom, and who is notified."""

import pytest

from roamspec.generative.model import (
    DeletionCall,
    ModelConversation,
    ModelMessage,
    ModelService,
    ModelView,
    add_message,
    come_online,
    delete,
    expected_reply,
    open_conversation,
    register,
)

CHAT = ModelConversation("chat", ("ann", "ben"))
GROUP = ModelConversation("group", ("ann", "ben", "cid"))
APP = "parlor"


def service() -> ModelService:
    """Three messages in the chat at 10, 20 and 30 ms, one in the group at 25 ms."""
    made = register(ModelService({}), APP, ("ann", "ben", "cid"))
    for place in (CHAT, GROUP):
        made = open_conversation(made, APP, place)
    for number, time_ms in (("1", 10), ("2", 20), ("3", 30)):
        message = ModelMessage(number, "ann", time_ms)
        made = add_message(made, APP, CHAT, message, seen_by=CHAT.members, listed_for=CHAT.members)
    return add_message(made, APP, GROUP, ModelMessage("4", "cid", 25), seen_by=GROUP.members)


def ids(made: ModelService, user: str, place: ModelConversation) -> set[str]:
    return set(made.app(APP).view(user, place).ids)


@pytest.mark.parametrize(
    ("call", "left_in_chat", "left_in_group"),
    [
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("13")), "2", "4"),
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("4")), "123", "4"),
        (DeletionCall(APP, "ann", CHAT, until_ms=20), "3", "4"),
        (DeletionCall(APP, "ann", CHAT, until_ms=19), "23", "4"),
        (DeletionCall(APP, "ann", GROUP, until_ms=25), "123", ""),
        (DeletionCall(APP, "ann"), "", ""),
    ],
)
def test_what_goes_goes_from_the_owners_view_alone(
    call: DeletionCall, left_in_chat: str, left_in_group: str
) -> None:
    before = service()

    after, _ = delete(before, call)

    assert ids(after, "ann", CHAT) == set(left_in_chat)
    assert ids(after, "ann", GROUP) == set(left_in_group)
    assert ids(after, "ben", CHAT) == ids(before, "ben", CHAT)
    assert ids(after, "cid", GROUP) == ids(before, "cid", GROUP)


def test_a_call_in_one_app_changes_no_other() -> None:
    made = register(service(), "next-door", ("ann", "ben"))
    made = add_message(
        open_conversation(made, "next-door", CHAT),
        "next-door",
        CHAT,
        ModelMessage("1", "ben", 5),
        seen_by=CHAT.members,
    )

    after, _ = delete(made, DeletionCall(APP, "ann"))

    assert after.app("next-door") == made.app("next-door")


def test_what_comes_after_a_call_is_not_touched_by_it() -> None:
    after, _ = delete(service(), DeletionCall(APP, "ann", CHAT, until_ms=40))
    after = add_message(after, APP, CHAT, ModelMessage("5", "ben", 35), seen_by=CHAT.members)

    assert ids(after, "ann", CHAT) == {"5"}


@pytest.mark.parametrize(
    ("call", "reply", "told"),
    [
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("1")), "success", "owner"),
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("1"), notify=False), "success", "nobody"),
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("1"), notify=True), "success", "owner"),
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("19")), "either", "owner"),
        (DeletionCall(APP, "ann", CHAT, until_ms=9), "either", "open"),
        (DeletionCall(APP, "ann"), "success", "open"),
        (DeletionCall(APP, "ann", CHAT, ids=frozenset("1"), flaw="no token"), "refusal", "open"),
        (DeletionCall(APP, "ann", CHAT, until_ms=9, flaw="no number", refusable=True), "either", "open"),
    ],
)
def test_what_may_be_answered_and_who_is_notified(call: DeletionCall, reply: str, told: str) -> None:
    assert expected_reply(service(), call) == reply
    assert delete(service(), call)[1].notified == told


def test_a_flawed_call_changes_nothing() -> None:
    made = service()

    assert delete(made, DeletionCall(APP, "ann", CHAT, ids=frozenset("1"), flaw="no token"))[0] == made


def test_a_list_shows_a_place_until_its_last_message_goes() -> None:
    made = service()
    assert made.app(APP).view("ann", CHAT).listed is True

    made, _ = delete(made, DeletionCall(APP, "ann", CHAT, ids=frozenset("12")))
    assert made.app(APP).view("ann", CHAT).listed is True
    made, _ = delete(made, DeletionCall(APP, "ann", CHAT, ids=frozenset("3")))
    assert made.app(APP).view("ann", CHAT).listed is False
    assert made.app(APP).view("ben", CHAT).listed is True


def test_a_list_is_left_open_where_messages_do_not_enter_lists() -> None:
    assert service().app(APP).view("ann", GROUP).listed is None
    assert ModelView().listed is None


def test_members_are_users_and_devices_are_counted() -> None:
    with pytest.raises(ValueError, match="dan"):
        open_conversation(service(), APP, ModelConversation("chat", ("ann", "dan")))
    made = come_online(come_online(service(), APP, "ann", "phone"), APP, "ann", "web")
    assert made.app(APP).devices["ann"] == {"phone", "web"}


def test_a_place_needs_ids_or_a_time() -> None:
    with pytest.raises(ValueError, match="IDs or a time"):
        delete(service(), DeletionCall(APP, "ann", CHAT))
