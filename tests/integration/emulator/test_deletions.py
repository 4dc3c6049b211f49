"""The five deletions over HTTP: what goes, what stays, and what is answered."""

import pytest

from .conftest import AppClient, NewApp

CHAT = "/rest/message/roaming/chat/user"
GROUP = "/rest/message/roaming/group/user"
DAY_MS = 86_400_000


def test_success_body_is_the_two_documented_fields(app: AppClient) -> None:
    first = app.send("alice", "bob")
    answer = app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={first}&isNotify=false")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-roamspec-evidence"] == "documented"
    assert set(answer.json()) == {"requestStatusCode", "timestamp"}
    assert answer.json()["requestStatusCode"] == "ok"


def test_named_chat_messages_leave_the_owners_view_alone(app: AppClient) -> None:
    ids = [app.send("alice", "bob"), app.send("bob", "alice"), app.send("alice", "bob")]
    app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={ids[0]},{ids[1]}")
    assert app.ids("alice", "bob") == {ids[2]}
    assert app.ids("bob", "alice") == set(ids)
    assert app.listed("alice") == ["bob"]
    app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={ids[2]}")
    assert app.listed("alice") == []
    assert app.listed("bob") == ["alice"]


def test_a_conversation_returns_with_a_new_message(app: AppClient) -> None:
    first = app.send("alice", "bob")
    app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={first}")
    second = app.send("bob", "alice")
    assert app.listed("alice") == ["bob"]
    assert app.ids("alice", "bob") == {second}


@pytest.mark.parametrize("place", ["group", "room"])
def test_group_and_room_messages_by_id(app: AppClient, place: str) -> None:
    target = getattr(app, place)("alice", "bob", "carol")
    where = "chatgroups" if place == "group" else "chatrooms"
    ids = [app.send("alice", target, where=where) for _ in range(2)]
    app.call("DELETE", f"{GROUP}/bob?groupId={target}&msgIdList={ids[0]}")
    assert app.ids("bob", target) == {ids[1]}
    assert app.ids("carol", target) == app.ids("alice", target) == set(ids)


@pytest.mark.parametrize("separator", [",", "%2C", "%2c", ", "])
def test_fifty_ids_go_and_fifty_one_are_rejected(app: AppClient, separator: str) -> None:
    seeded = app.http.post(
        f"{app.control}/scenario", json={"messages": [{"from": "alice", "to": "bob", "count": 51}]}
    )
    ids = seeded.json()["messages"]
    refused = app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={separator.join(ids)}")
    assert refused.status_code == 400
    assert refused.json()["error"] == "param exception"
    assert refused.json()["error_description"] == "delete msg list limit can not greater than 50"
    assert len(app.pull("alice", "bob")) == 50
    answer = app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={separator.join(ids[:50])}")
    assert answer.status_code == 200
    assert app.ids("alice", "bob") == {ids[50]}


@pytest.mark.parametrize("place", ["chat", "group", "room"])
def test_clearing_up_to_a_time_is_inclusive(app: AppClient, place: str) -> None:
    if place == "chat":
        target, path, now = "bob", f"{CHAT}/alice/time?userId=bob", 1_700_000_000_000
        ids = [app.import_("bob", "alice", now + step) for step in (-1, 0, 1)]
    elif place == "group":
        target = app.group("alice", "bob")
        path, now = f"{GROUP}/alice/time?groupId={target}", 1_700_000_000_000
        ids = [app.import_("bob", target, now + step, where="chatgroups") for step in (-1, 0, 1)]
    else:
        target = app.room("alice", "bob")
        made = app.http.post(
            f"{app.control}/scenario",
            json={"messages": [{"from": "bob", "group": target, "timestamp": 1_699_999_999_999, "count": 3}]},
        )
        path, now, ids = f"{GROUP}/alice/time?groupId={target}", 1_700_000_000_000, made.json()["messages"]
    assert app.call("DELETE", f"{path}&delTime={now}").status_code == 200
    assert app.ids("alice", target) == {ids[2]}


def test_clearing_a_user_takes_every_kind_and_leaves_the_others(app: AppClient) -> None:
    group, room = app.group("alice", "bob"), app.room("alice", "bob")
    app.send("alice", "bob")
    app.send("carol", "alice")
    app.send("alice", group, where="chatgroups")
    app.send("bob", room, where="chatrooms")
    assert app.call("POST", "/rest/message/roaming/user/alice/delete/all").status_code == 200
    assert app.listed("alice") == []
    assert [len(app.pull("alice", queue)) for queue in ("bob", "carol", group, room)] == [0, 0, 0, 0]
    assert [len(app.pull("bob", queue)) for queue in ("alice", group, room)] == [1, 1, 1]
    later = app.send("bob", "alice")
    assert app.ids("alice", "bob") == {later}


def test_a_closed_app_rejects_all_five(new_app: NewApp) -> None:
    app = new_app({"message_roaming": False})
    app.users("alice", "bob")
    for method, path in (
        ("DELETE", f"{CHAT}/alice?userId=bob&msgIdList=1"),
        ("DELETE", f"{GROUP}/alice?groupId=1&msgIdList=1"),
        ("POST", "/rest/message/roaming/user/alice/delete/all"),
        ("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=1"),
        ("DELETE", f"{GROUP}/alice/time?groupId=1&delTime=1"),
    ):
        answer = app.call(method, path)
        assert answer.status_code == 400
        assert answer.json()["error"] == "service open exception"
        assert answer.json()["error_description"] == "this appKey not open message roaming"
    pulled = app.call("POST", "/users/alice/messageroaming", json={"queue": "bob@easemob.com"})
    assert (pulled.status_code, pulled.json()["error_code"]) == (400, 15001)


@pytest.mark.parametrize(
    "query",
    [
        "?userId=bob",
        "?msgIdList=1",
        "",
        "?userId=&msgIdList=1",
        "?userId=bob&msgIdList=",
        "?userId=bob&msgIdList=,",
    ],
)
def test_a_missing_parameter_is_the_bare_row(app: AppClient, query: str) -> None:
    answer = app.call("DELETE", f"{CHAT}/alice{query}")
    assert answer.status_code == 400
    assert answer.json()["error"] == answer.json()["error_description"] == "Bad Request"


def test_the_clients_paths_reach_the_same_logic_with_the_owners_token(app: AppClient) -> None:
    first, second = app.send("bob", "alice"), app.send("bob", "alice")
    token = app.user_token("alice")
    path = CHAT.replace("/rest/", "/sdk/")
    query = f"userId=bob&msgIdList={first}&resource=webim_1"
    assert app.call("DELETE", f"{path}/alice?{query}", token=token).status_code == 200
    assert app.ids("alice", "bob") == {second}
    other = app.call("DELETE", f"{path}/bob?userId=alice&msgIdList={second}", token=token)
    assert other.status_code == 401
    assert app.ids("bob", "alice") == {first, second}
    doubled = f"{path}/alice/time?userId=bob&delTime=4102444800000&&resource=webim_1"
    assert app.call("DELETE", doubled, token=token).status_code == 200
    assert app.pull("alice", "bob") == []


def test_a_users_token_is_rejected_on_the_rest_paths_unless_set(new_app: NewApp) -> None:
    for setting, status in (("refused", 401), ("served", 200)):
        app = new_app({"owner_calls_on_rest": setting})
        app.users("alice", "bob")
        token = app.user_token("alice")
        answer = app.call("POST", "/rest/message/roaming/user/alice/delete/all", token=token)
        assert answer.status_code == status
        other = app.call("POST", "/rest/message/roaming/user/bob/delete/all", token=token)
        assert other.status_code == 401


def test_requests_as_clients_send_them(app: AppClient) -> None:
    message = app.send("alice", "bob")
    without_headers = app.http.build_request(
        "DELETE",
        f"{app.base}{CHAT}/ALICE?&isNotify=false&&msgIdList={message}&userId=Bob&_v=1",
        headers={"Authorization": f"Bearer {app.token}"},
    )
    del without_headers.headers["Accept"]
    assert app.http.send(without_headers).status_code == 200
    assert app.pull("alice", "bob") == []


def test_ids_with_legal_punctuation_and_escapes(app: AppClient) -> None:
    app.users("a.b_c-d", "x%2Fy".replace("%2F", "."))
    message = app.send("a.b_c-d", "x.y")
    answer = app.call("DELETE", f"{CHAT}/a%2Eb_c-d?userId=x%2Ey&msgIdList={message}")
    assert answer.status_code == 200
    assert app.pull("a.b_c-d", "x.y") == []
    slash = app.call("DELETE", f"{CHAT}/a%2Fb?userId=bob&msgIdList=1")
    assert slash.status_code == 404
    assert slash.json()["error_description"] == "Service resource not found"


def test_messages_of_other_conversations_stay(app: AppClient) -> None:
    group = app.group("alice", "bob")
    chat, in_group = app.send("alice", "bob"), app.send("alice", group, where="chatgroups")
    app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={in_group}")
    app.call("DELETE", f"{GROUP}/alice?groupId={group}&msgIdList={chat}")
    assert app.ids("alice", "bob") == {chat}
    assert app.ids("alice", group) == {in_group}


def test_another_app_with_the_same_users_keeps_its_messages(new_app: NewApp) -> None:
    apps = [new_app(), new_app()]
    for app in apps:
        app.users("alice", "bob")
        app.send("alice", "bob")
    apps[0].call("POST", "/rest/message/roaming/user/alice/delete/all")
    assert apps[0].pull("alice", "bob") == []
    assert len(apps[1].pull("alice", "bob")) == 1
    assert apps[0].call("GET", "/users/alice", token=apps[1].token).status_code == 401
