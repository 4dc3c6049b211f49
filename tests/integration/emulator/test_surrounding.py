"""Users, groups, chatrooms, sending, importing and pulling, as the documentation and clients have them."""

import re
from typing import Any

import pytest

from .conftest import AppClient, NewApp


def error(answer: Any) -> tuple[int, str, str]:
    body = answer.json()
    assert set(body) >= {"error", "exception", "timestamp", "duration", "error_description"}
    return answer.status_code, body["error"], body["error_description"]


def test_users_are_registered_read_and_deleted(app: AppClient) -> None:
    made = app.call("POST", "/users", json={"username": "Dave", "password": "1", "nickname": "D"}).json()
    assert made["action"] == "post"
    assert made["path"] == "/users"
    assert made["organization"] == app.org
    assert made["applicationName"] == app.app
    assert made["uri"] == f"{app.base}/users"
    assert made["entities"][0]["username"] == "dave"
    assert app.call("GET", "/users/DAVE").json()["entities"][0]["uuid"] == made["entities"][0]["uuid"]
    gone = app.call("DELETE", "/users/dave").json()
    assert gone["entities"][0]["username"] == "dave"
    assert (gone["path"], gone["uri"]) == ("/users", f"{app.base}/users")
    assert error(app.call("GET", "/users/dave"))[:2] == (404, "service_resource_not_found")


@pytest.mark.parametrize(
    ("body", "status", "kind", "text"),
    [
        ({"password": "1"}, 400, "illegal_argument", "property named username"),
        ({"username": "x"}, 400, "illegal_argument", "password or pin must provided"),
        ({"username": "x", "password": "p" * 65}, 400, "illegal_argument", "invalid request"),
        (
            {"username": "x", "password": "1", "nickname": "n" * 101},
            400,
            "illegal_argument",
            "NICKNAME_TOO_LONG",
        ),
        ({"username": "a b", "password": "1"}, 400, "illegal_argument", "username [a b] is not legal"),
        ({"username": "x" * 65, "password": "1"}, 400, "illegal_argument", "USERNAME_TOO_LONG"),
        (
            {"username": "ALICE", "password": "1"},
            400,
            "duplicate_unique_property_exists",
            "value of alice exists",
        ),
        ([{"username": "new", "password": "1"}] * 2, 400, "duplicate_unique_property_exists", "value of new"),
        ([], 400, "invalid_request_body", "Request body is invalid"),
        (
            [{"username": f"u{n}", "password": "1"} for n in range(61)],
            400,
            "illegal_argument",
            "invalid request",
        ),
    ],
)
def test_registrations_that_are_refused(app: AppClient, body: Any, status: int, kind: str, text: str) -> None:
    answer = error(app.call("POST", "/users", json=body))
    assert answer[:2] == (status, kind)
    assert text in answer[2]
    assert app.call("GET", "/users/new").status_code == 404


def test_a_deleted_user_takes_along_what_the_user_owned(app: AppClient) -> None:
    owned, joined = app.group("alice", "bob"), app.group("bob", "alice")
    app.send("bob", owned, where="chatgroups")
    token = app.user_token("alice")
    app.call("DELETE", "/users/alice")
    assert app.call("GET", f"/chatgroups/{owned}").status_code == 404
    assert app.call("GET", f"/chatgroups/{joined}").json()["data"][0]["affiliations_count"] == 1
    assert app.listed("bob") == []
    assert app.call("GET", "/users/bob/user_channels", token=token).status_code == 401
    app.users("alice")
    assert app.pull("alice", joined) == []


@pytest.mark.parametrize("kind", ["chatgroups", "chatrooms"])
def test_groups_and_rooms_with_their_members(app: AppClient, kind: str) -> None:
    made = app.group("alice", "bob") if kind == "chatgroups" else app.room("alice", "bob")
    assert re.fullmatch(r"[1-9]\d{10,17}", made)
    assert int(made) & 0xFFFFF >= 0x10000
    members = f"/{kind}/{made}/users"
    assert app.call("POST", f"{members}/carol").json()["data"]["result"] is True
    assert app.call("GET", f"/{kind}/{made}").json()["data"][0]["affiliations"] == [
        {"owner": "alice"},
        {"member": "bob"},
        {"member": "carol"},
    ]
    app.call("DELETE", f"{members}/bob,carol")
    assert app.call("POST", members, json={"usernames": ["bob"]}).json()["data"]["newmembers"] == ["bob"]
    assert error(app.call("POST", f"{members}/nobody"))[:2] == (404, "resource_not_found")
    assert app.call("DELETE", f"{members}/alice").status_code == 403
    assert app.call("DELETE", f"/{kind}/{made}").json()["data"]["success"] is True
    assert app.call("DELETE", f"/{kind}/{made}").status_code == 404


def test_a_group_id_is_no_room_id(app: AppClient) -> None:
    group, room = app.group("alice"), app.room("alice")
    assert app.call("GET", f"/chatrooms/{group}").status_code == 404
    assert app.call("GET", f"/chatgroups/{room}").status_code == 404
    details = ("service_resource_not_found", "do not find this group:1")
    assert error(app.call("GET", "/chatgroups/1")) == (404, *details)
    assert error(app.call("DELETE", "/chatgroups/1"))[1:] == ("resource_not_found", "grpID 1 does not exist!")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"owner": "alice"}, "group must contain public field!"),
        ({"public": True}, "owner must be provided"),
        ({"public": True, "owner": "nobody"}, "username nobody doesn't exist!"),
        ({"public": True, "owner": "alice", "avatar": "x" * 1025}, "avatar length is too big"),
        ({"public": True, "owner": "alice", "groupname": "x" * 129}, "groupname length is too big"),
        ({"public": True, "owner": "alice", "membersonly": "no"}, "membersonly must be true or false"),
        ({"public": True, "owner": "alice", "members": ["nobody"]}, "username nobody doesn't exist!"),
        (
            {"public": True, "owner": "alice", "maxusers": 1, "members": ["bob", "carol"]},
            "member size is greater than maxusers",
        ),
        ({"public": True, "owner": "alice", "groupid": "mine"}, ""),
    ],
)
def test_groups_that_are_refused(app: AppClient, body: dict[str, Any], text: str) -> None:
    answer = app.call("POST", "/chatgroups", json=body)
    if text:
        assert error(answer)[2] == text
    else:
        assert answer.json()["data"] == {"groupid": "mine"}
        assert error(app.call("POST", "/chatgroups", json=body))[2] == "group ID mine already exists!"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name": None}, "chatroom must contain title/name field!"),
        ({"description": None}, "description must be provided"),
        ({"owner": None}, "owner must be provided"),
        ({"members": []}, "members must not be empty"),
        ({"maxusers": 10_001}, "maxusers must be a number within the limit"),
        ({"owner": "nobody"}, "username nobody doesn't exist!"),
    ],
)
def test_rooms_that_are_refused(app: AppClient, change: dict[str, Any], text: str) -> None:
    body = {"name": "r", "description": "d", "owner": "alice", "members": ["bob"]} | change
    assert error(app.call("POST", "/chatrooms", json=body))[2] == text


def test_groups_and_rooms_answer_without_a_path(app: AppClient) -> None:
    body = {"groupname": "g", "public": True, "owner": "alice"}
    made = app.call("POST", "/chatgroups", json=body).json()
    assert made["action"] == "post"
    assert made["organization"] == app.org
    assert "path" not in made


def test_one_message_per_receiver_with_ids_as_strings(app: AppClient) -> None:
    body = {"from": "alice", "to": ["bob", "Carol", "nobody"], "type": "txt", "body": {"msg": "x"}}
    sent = app.call("POST", "/messages/users", json=body).json()["data"]
    assert set(sent) == {"bob", "carol", "nobody"}
    assert len(set(sent.values())) == 3
    assert all(isinstance(item, str) and item.isdigit() for item in sent.values())
    assert app.ids("bob", "alice") == {sent["bob"]}
    assert app.ids("alice", "carol") == {sent["carol"]}
    assert app.ids("alice", "nobody") == {sent["nobody"]}


def test_ids_carry_the_second_they_were_made_in(app: AppClient) -> None:
    answer = app.call(
        "POST", "/messages/users", json={"to": ["bob"], "type": "txt", "body": {"msg": "x"}}
    ).json()
    seconds = (int(answer["data"]["bob"]) >> 32) + 1_417_564_800
    assert abs(seconds - answer["timestamp"] / 1000) < 2
    assert [message.sender for message in app.pull("bob", "admin")] == ["admin"]


@pytest.mark.parametrize(("where", "most"), [("users", 600), ("chatgroups", 3), ("chatrooms", 10)])
def test_receivers_are_limited(app: AppClient, where: str, most: int) -> None:
    body = {"from": "alice", "to": [f"u{n}" for n in range(most)], "type": "txt", "body": {"msg": "x"}}
    assert len(app.call("POST", f"/messages/{where}", json=body).json()["data"]) == most
    refused = app.call("POST", f"/messages/{where}", json=body | {"to": [f"u{n}" for n in range(most + 1)]})
    text = f"params to's size can't exceed limit {most}"
    assert error(refused) == (400, "message_send_error", text)


def test_at_most_twenty_users_of_a_group_can_be_ignored(app: AppClient) -> None:
    body = {"from": "alice", "to": ["1"], "type": "txt", "body": {"msg": "x"}}
    for count, status in ((20, 200), (21, 400)):
        ignored = {"roam_ignore_users": [f"u{n}" for n in range(count)]}
        assert app.call("POST", "/messages/chatgroups", json=body | ignored).status_code == status


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"from": ""}, "param from can't be empty"),
        ({"to": []}, "param to can't be empty"),
        ({"type": ""}, "param type can't be empty"),
        ({"body": {}}, "param body can't be empty"),
        ({"ext": None}, "param ext must be JSONObject"),
        ({"to": [f"u{n}" for n in range(601)]}, "params to's size can't exceed limit 600"),
        ({"body": {"msg": "x" * 5200}}, "message is too large"),
        ({"to": "bob"}, "Request body is invalid. Please check body is correct."),
    ],
)
def test_messages_that_are_refused(app: AppClient, change: dict[str, Any], text: str) -> None:
    body = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "x"}} | change
    assert error(app.call("POST", "/messages/users", json=body)) == (
        400,
        "invalid_request_body" if "invalid" in text else "message_send_error",
        text,
    )
    assert app.pull("bob", "alice") == []


def test_users_who_are_ignored_do_not_see_the_message(app: AppClient) -> None:
    group = app.group("alice", "bob", "carol")
    body = {"from": "alice", "to": [group], "type": "txt", "body": {"msg": "x"}, "roam_ignore_users": ["bob"]}
    app.call("POST", "/messages/chatgroups", json=body)
    assert [len(app.pull(name, group)) for name in ("alice", "bob", "carol")] == [1, 0, 1]


def test_who_leaves_a_group_keeps_what_came_before(app: AppClient) -> None:
    group = app.group("alice", "bob")
    first = app.send("alice", group, where="chatgroups")
    app.call("DELETE", f"/chatgroups/{group}/users/bob")
    app.send("alice", group, where="chatgroups")
    assert app.ids("bob", group) == {first}


def test_pages_in_both_directions(app: AppClient) -> None:
    ids = [app.import_("alice", "bob", 1_700_000_000_000 + n, str(n)) for n in range(5)]
    app.import_("alice", "bob", 1_700_000_000_002, "same time")
    for newer in (False, True):
        seen, start, pages = [], -1, 0
        while True:
            page = app.pull_page("bob", "alice", start=start, pull_number=2, is_positive=newer)
            pages += 1
            more = app.pull("bob", "alice", start=start, pull_number=2, is_positive=newer)
            seen += [message.text for message in more]
            assert len(page["msgs"]) == 2
            start = page["next_key"]
            if page["is_last"]:
                break
        assert (pages, start) == (3, "undefined")
        assert seen[:: 1 if newer else -1] == ["0", "1", "2", "same time", "3", "4"]
    after = app.pull("bob", "alice", start=ids[1], is_positive=True)
    assert [message.text for message in after] == ["2", "same time", "3", "4"]


def test_pulls_are_filtered_by_time_sender_and_type(app: AppClient) -> None:
    group = app.group("alice", "bob")
    base = 1_700_000_000_000
    for step, sender in enumerate(("alice", "bob", "alice", "bob")):
        app.import_(sender, group, base + step, str(step), where="chatgroups")
    body = {"from": "bob", "to": [group], "type": "cmd", "body": {"action": "a"}}
    app.call("POST", "/messages/chatgroups", json=body)

    def texts(**more: Any) -> list[str]:
        return [message.text for message in app.pull("alice", group, **more)]

    assert texts(startTime=base + 1, endTime=base + 2) == ["2", "1"]
    assert texts(startTime=base + 1, endTime=base + 2, is_positive=True) == ["1", "2"]
    assert texts(userIds=["alice"]) == ["2", "0"]
    assert texts(userId="alice", startTime=None, endTime=None, msgType="") == ["2", "0"]
    assert texts(msgType="cmd,img") == ["a"]
    assert texts(end=-1, start="") == ["a", "3", "2", "1", "0"]


def test_a_cursor_survives_the_deletion_of_its_message(app: AppClient) -> None:
    ids = [app.import_("alice", "bob", 1_700_000_000_000 + n) for n in range(4)]
    page = app.pull_page("alice", "bob", pull_number=2)
    app.call("DELETE", f"/rest/message/roaming/chat/user/alice?userId=bob&msgIdList={ids[2]}")
    assert {m.id for m in app.pull("alice", "bob", start=page["next_key"])} == {ids[0], ids[1]}


def test_pulls_that_are_refused(app: AppClient) -> None:
    def pulled(**body: Any) -> tuple[int, str, str]:
        return error(app.call("POST", "/users/alice/messageroaming", json=body))

    app.send("alice", "bob")
    assert "pull number cannot be greater" in pulled(queue="bob@easemob.com", pull_number=51)[2]
    assert pulled(queue="bob@easemob.com", start="x")[0] == 400
    assert pulled(pull_number=1)[0] == 400
    assert pulled(queue="bob@easemob.com", pull_number="20")[0] == 400
    own = app.user_token("alice")
    assert app.call("POST", "/users/alice/messageroaming", json={"queue": "x"}, token=own).status_code == 200
    assert app.call("POST", "/users/bob/messageroaming", json={"queue": "x"}, token=own).status_code == 401


FORMS = (
    "/user/{}/user_channels",
    "/users/{}/user_channels",
    "/users/{}/user_channels/page",
    "/sdk/user/{}/user_channels/list",
)


def test_all_list_forms_agree_and_put_the_latest_first(app: AppClient) -> None:
    group = app.group("alice", "bob")
    app.send("bob", "alice")
    app.send("alice", group, where="chatgroups")
    app.send("carol", "alice")
    wanted = [
        f"{app.org}#{app.app}_{name}" for name in ("carol@easemob.com", f"{group}@conference.easemob.com")
    ]
    wanted.append(f"{app.org}#{app.app}_bob@easemob.com")
    for form in FORMS:
        infos = app.call("GET", form.format("alice")).json()["data"]["channel_infos"]
        assert [info["channel_id"] for info in infos] == wanted, form
        assert [info["unread_num"] for info in infos] == [1, 0, 1]
    newest = app.call("GET", FORMS[3].format("alice")).json()["data"]["channel_infos"][0]
    assert newest["session_to"] == "carol"
    assert newest["session_type"] == "chat"
    assert newest["meta"]["payload"].startswith('{"bodies":[{"type":"txt","msg":"hi"}]')


def test_lists_by_page_cursor_top_and_mark(new_app: NewApp) -> None:
    names = [f"u{n}" for n in range(5)]
    app = new_app(
        scenario={
            "users": ["alice", *names],
            "messages": [
                {"from": name, "to": "alice", "timestamp": 1000 + n} for n, name in enumerate(names)
            ],
            "conversations": [{"user": "alice", "id": "u1", "top": 5, "marks": ["mark_3"]}],
        }
    )
    seen, cursor = [], ""
    while True:
        path = f"/sdk/user/alice/user_channels/list?&limit=2&cursor={cursor}&need_mark=true&_v=1"
        data = app.call("GET", path).json()["data"]
        seen += [info["session_to"] for info in data["channel_infos"]]
        cursor = data["cursor"]
        if not cursor:
            break
    assert seen == names[::-1]
    path = "/users/alice/user_channels/page?pageNum={}&pageSize=2"
    sizes = [len(app.call("GET", path.format(n)).json()["data"]["channel_infos"]) for n in (1, 2, 3, 4)]
    assert sizes == [2, 2, 1, 0]
    listing = "/sdk/user/alice/user_channels/list?need_mark={}&is_top=true"
    (pinned,) = app.call("GET", listing.format("true")).json()["data"]["channel_infos"]
    assert (pinned["session_to"], pinned["is_top"], pinned["marks"]) == ("u1", True, ["mark_3"])
    (pinned,) = app.call("GET", listing.format("false")).json()["data"]["channel_infos"]
    assert "marks" not in pinned
    assert app.listed("alice", "/sdk/user/{}/user_channels/mark/search?mark=mark_3") == ["u1"]
    assert app.listed("alice", "/sdk/user/{}/user_channels/mark/search?mark=mark_4") == []
    assert app.call("GET", path.format("x")).status_code == 400


@pytest.mark.parametrize("path", ["/users/alice/user_channel", "/user/alice/user_channel?resource=r"])
def test_deleting_a_conversation(app: AppClient, path: str) -> None:
    app.send("alice", "bob")
    body: dict[str, Any] = {"channel": "bob", "type": "chat", "delete_roam": False}
    answer = app.call("DELETE", path, json=body)
    assert answer.json()["data"] == {"result": "ok"}
    assert app.listed("alice") == []
    assert len(app.pull("alice", "bob")) == 1
    app.call("DELETE", path, json=body | {"delete_roam": True})
    assert app.pull("alice", "bob") == []
    assert len(app.pull("bob", "alice")) == 1
    for key in body:
        refused = error(app.call("DELETE", path, json=body | {key: None}))
        assert refused[2].startswith(f"field {key} cannot be null")


def test_importing_creates_no_conversation_and_keeps_its_time(app: AppClient) -> None:
    app.import_("alice", "bob", 1_600_000_000_000)
    (message,) = app.pull("bob", "alice")
    assert message.time_ms == 1_600_000_000_000
    assert app.listed("bob") == app.listed("alice") == []
    body = {"from": "alice", "target": "bob", "type": "txt", "body": {"msg": "x"}, "msg_timestamp": 0}
    assert app.call("POST", "/messages/users/import", json=body).status_code == 200
    for key, text in (("type", "type not allow empty"), ("body", "message body not allow empty")):
        assert error(app.call("POST", "/messages/users/import", json=body | {key: ""}))[2] == text


def test_imports_into_groups_reach_their_members(app: AppClient) -> None:
    group = app.group("alice", "bob")
    message = app.import_("alice", group, 1_600_000_000_000, where="chatgroups")
    assert [(m.id, m.time_ms) for m in app.pull("bob", group)] == [(message, 1_600_000_000_000)]
    assert app.pull("carol", group) == []
    assert app.call("POST", "/messages/chatrooms/import", json={}).status_code == 404


@pytest.mark.parametrize("kind", ["groupchat", "groupChat", "chatroom"])
def test_deleting_a_conversation_of_a_group_or_room(app: AppClient, kind: str) -> None:
    room = kind == "chatroom"
    target = (app.room if room else app.group)("alice", "bob")
    app.send("alice", target, where="chatrooms" if room else "chatgroups")
    body = {"channel": target, "type": kind, "delete_roam": True}
    answer = app.call("DELETE", "/users/alice/user_channel", json=body).json()
    assert (answer["action"], answer["path"]) == ("delete", "/users/user_channel")
    assert app.pull("alice", target) == []
    assert len(app.pull("bob", target)) == 1


def test_a_user_of_the_path_who_does_not_exist(app: AppClient) -> None:
    conversation = {"channel": "bob", "type": "chat", "delete_roam": True}
    calls: list[tuple[str, str, Any]] = [
        ("POST", "/users/nobody/messageroaming", {"queue": "bob@easemob.com"}),
        ("DELETE", "/users/nobody/user_channel", conversation),
        *(("GET", form.format("nobody"), None) for form in FORMS),
    ]
    for method, path, body in calls:
        assert error(app.call(method, path, json=body))[:2] == (404, "service_resource_not_found"), path
    assert error(app.call("GET", "/users/nobody/resources"))[0] == 404
    app.set(unknown_owner=200)
    for method, path, body in calls:
        assert app.call(method, path, json=body).status_code == 200, path


def test_the_owners_own_token_reads_and_deletes_conversations_of_no_other(app: AppClient) -> None:
    app.send("alice", "bob")
    token = app.user_token("alice")
    body = {"channel": "alice", "type": "chat", "delete_roam": True}
    for form in FORMS:
        assert app.call("GET", form.format("alice"), token=token).status_code == 200
        assert app.call("GET", form.format("bob"), token=token).status_code == 401
    assert app.call("DELETE", "/user/bob/user_channel", json=body, token=token).status_code == 401
    assert len(app.pull("bob", "alice")) == 1


def test_ids_of_one_app_do_not_follow_the_clock_of_another(new_app: NewApp) -> None:
    ahead, app = new_app({"clock_offset_ms": 10**12}), new_app()
    for each in (ahead, app):
        each.users("alice", "bob")
        each.send("alice", "bob")
    body = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "x"}}
    answer = app.call("POST", "/messages/users", json=body).json()
    seconds = (int(answer["data"]["bob"]) >> 32) + 1_417_564_800
    assert abs(seconds - answer["timestamp"] / 1000) < 2
    created = (int(app.group("alice")) >> 20) + 1_479_398_400
    assert abs(created - answer["timestamp"] / 1000) < 5
