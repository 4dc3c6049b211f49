"""Users, groups and chatrooms of the emulator: created, read, deleted, rejected."""

import re
from typing import Any

import pytest

from .conftest import AppClient
from .error_texts import error


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
def test_registrations_that_are_rejected(
    app: AppClient, body: Any, status: int, kind: str, text: str
) -> None:
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
def test_groups_that_are_rejected(app: AppClient, body: dict[str, Any], text: str) -> None:
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
def test_rooms_that_are_rejected(app: AppClient, change: dict[str, Any], text: str) -> None:
    body = {"name": "r", "description": "d", "owner": "alice", "members": ["bob"]} | change
    assert error(app.call("POST", "/chatrooms", json=body))[2] == text


def test_groups_and_rooms_answer_without_a_path(app: AppClient) -> None:
    body = {"groupname": "g", "public": True, "owner": "alice"}
    made = app.call("POST", "/chatgroups", json=body).json()
    assert made["action"] == "post"
    assert made["organization"] == app.org
    assert "path" not in made
