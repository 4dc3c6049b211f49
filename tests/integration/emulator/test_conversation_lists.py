"""Conversation lists of the emulator, and the deletion of conversations."""

from typing import Any

import pytest

from .conftest import AppClient, NewApp
from .error_texts import error

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
