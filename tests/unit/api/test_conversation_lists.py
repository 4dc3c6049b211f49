"""Conversation lists in every form in which a service may have them."""

import httpx
import pytest
from tests.unit.conftest import MakeSite, ok

from roamspec.api.conversation_lists import LIST_FORMS, ListedConversation, ListForm, read_list
from roamspec.errors import SetupFailed

CHAT = ListedConversation("chat", "u2")
GROUP = ListedConversation("group", "77")


def infos(*items: object, **fields: object) -> httpx.Response:
    return ok(data={"channel_infos": list(items), **fields})


def chat_with(name: str) -> dict[str, object]:
    return {"channel_id": f"acme#parlor_{name}@easemob.com", "unread_num": 0}


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ("sdk-list", "sdk/user/u%2F1/user_channels/list?limit=50&cursor=&sort=desc&need_mark=true"),
        ("users-page", "users/u%2F1/user_channels/page?pageNum=1&pageSize=20"),
        ("users-plain", "users/u%2F1/user_channels"),
        ("user-plain", "user/u%2F1/user_channels"),
    ],
)
def test_each_form_has_its_path(site: MakeSite, form: ListForm, path: str) -> None:
    target = site(infos(chat_with("u2")))

    assert read_list(target.app, form, "u/1") == {CHAT}

    assert target.script.targets[0] == f"GET /acme/parlor/{path}"
    assert form in LIST_FORMS


@pytest.mark.parametrize(
    ("item", "listed"),
    [
        (chat_with("u2"), CHAT),
        ({"channel_id": "u2@easemob.com"}, CHAT),
        ({"channel_id": "u2"}, CHAT),
        ({"channel_id": "acme#parlor_77@conference.easemob.com"}, GROUP),
        ({"channel_id": "77@conference.easemob.com", "meta": {}}, GROUP),
        ({"session_to": "u2", "session_type": "chat"}, CHAT),
        ({"session_to": "77@conference.easemob.com", "session_type": "groupchat"}, GROUP),
        ({"session_to": "77", "session_type": "group"}, GROUP),
        ({"session_to": 77, "session_type": "chatroom"}, GROUP),
        ({"channel_id": "other#app_u2@easemob.com"}, ListedConversation("chat", "other#app_u2")),
    ],
)
def test_each_way_to_name_a_conversation(site: MakeSite, item: object, listed: ListedConversation) -> None:
    assert read_list(site(infos(item)).app, "users-plain", "u1") == {listed}


@pytest.mark.parametrize(
    ("meta", "last_id"),
    [({"id": "17"}, "17"), ({"id": 17}, "17"), ({"id": None}, ""), ({}, ""), (None, ""), ("17", "")],
)
def test_the_message_that_a_list_shows_of_a_conversation(site: MakeSite, meta: object, last_id: str) -> None:
    [listed] = read_list(site(infos(chat_with("u2") | {"meta": meta})).app, "users-plain", "u1")
    assert listed == CHAT
    assert listed.last_id == last_id


def test_an_empty_list(site: MakeSite) -> None:
    assert read_list(site(infos(cursor="")).app, "sdk-list", "u1") == set()


def test_cursors_are_followed(site: MakeSite) -> None:
    target = site(infos(chat_with("a"), cursor="c/1"), infos(chat_with("b"), cursor="undefined"))

    assert {one.id for one in read_list(target.app, "sdk-list", "u1")} == {"a", "b"}

    assert "&cursor=c%2F1&" in target.script.targets[1]


@pytest.mark.parametrize("size", [3, 20])
def test_pages_of_any_size_are_followed_until_one_is_empty(site: MakeSite, size: int) -> None:
    first = [chat_with(f"a{n}") for n in range(size)]
    target = site(infos(*first), infos(chat_with("b")), infos())

    assert len(read_list(target.app, "users-page", "u1")) == size + 1

    assert [f"pageNum={n}" in at for n, at in enumerate(target.script.targets, 1)] == [True] * 3


def test_a_full_last_page(site: MakeSite) -> None:
    full = [chat_with(f"a{n}") for n in range(20)]
    target = site(infos(*full), infos())
    assert len(read_list(target.app, "users-page", "u1")) == 20


def test_a_cursor_that_gives_the_same_page_again_ends(site: MakeSite) -> None:
    target = site(infos(chat_with("a"), cursor="again"))
    assert {one.id for one in read_list(target.app, "sdk-list", "u1")} == {"a"}
    assert len(target.script.requests) == 2


def test_a_list_without_an_end_stops_the_reading(site: MakeSite) -> None:
    count = iter(range(10**6))
    target = site(lambda _: infos(chat_with(f"a{next(count)}"), cursor="more"))
    with pytest.raises(SetupFailed, match="does not end"):
        read_list(target.app, "sdk-list", "u1")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(404, json={}), "failed: 404"),
        (ok(data=[]), "no data.channel_infos"),
        (ok(data={"channel_infos": None}), "no data.channel_infos"),
        (ok(entities=[]), "no data.channel_infos"),
        (infos("u2"), "an item is not an object"),
    ],
)
def test_a_list_in_an_odd_shape(site: MakeSite, answer: httpx.Response, why: str) -> None:
    with pytest.raises(SetupFailed, match="conversation list") as failed:
        read_list(site(answer).app, "users-plain", "u1")
    assert why in str(failed.value)
