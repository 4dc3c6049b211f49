"""Every setting changes what it says it changes."""

import time
from typing import Any

import pytest

from .conftest import AppClient, NewApp
from .watching import online

CHAT = "/rest/message/roaming/chat/user"
DAY_MS = 86_400_000


@pytest.fixture
def with_people(new_app: NewApp) -> NewApp:
    def make(settings: dict[str, Any] | None = None, **more: Any) -> AppClient:
        app = new_app(settings, **more)
        app.users("alice", "bob")
        return app

    return make


def description(answer: Any) -> str:
    return str(answer.json()["error_description"])


@pytest.mark.parametrize(("setting", "status"), [(404, 404), (200, 200)])
def test_unknown_owner(with_people: NewApp, setting: int, status: int) -> None:
    app = with_people({"unknown_owner": setting})
    assert app.call("DELETE", f"{CHAT}/nobody?userId=bob&msgIdList=1").status_code == status


def test_owner_before_token(with_people: NewApp) -> None:
    app = with_people({"owner_before_token": True})
    path = f"{CHAT}/{{}}?userId=bob&msgIdList=1"
    assert app.call("DELETE", path.format("nobody"), token=None).status_code == 404
    assert app.call("DELETE", path.format("alice"), token=None).status_code == 401


@pytest.mark.parametrize(("setting", "status"), [(405, 405), (404, 404), (500, 500)])
def test_wrong_method(with_people: NewApp, setting: int, status: int) -> None:
    answer = with_people({"wrong_method": setting}).call("PUT", f"{CHAT}/alice")
    assert answer.status_code == status
    assert answer.headers["allow"] == "DELETE, OPTIONS"


@pytest.mark.parametrize(("setting", "status"), [(404, 404), (500, 500)])
def test_unknown_path(with_people: NewApp, setting: int, status: int) -> None:
    assert with_people({"unknown_path": setting}).call("GET", "/nothing/here").status_code == status


def test_missing_parameter_in_a_frameworks_words(with_people: NewApp) -> None:
    app = with_people({"missing_parameter_body": "framework"})
    answer = app.call("DELETE", f"{CHAT}/alice?userId=bob")
    assert answer.status_code == 400
    assert answer.json()["error"] == "Bad Request"
    assert "error_description" not in answer.json()


def test_impossible_values_and_ids(with_people: NewApp) -> None:
    app = with_people()
    message = app.send("alice", "bob")
    values = ("soon", "1e3", "9" * 25, "1.5", str(2**63))
    for value in values:
        assert app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime={value}").status_code == 400
    app.set(impossible_values="ignored", impossible_ids="refused")
    for value in values:
        assert app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime={value}").status_code == 200
    assert app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList=x").status_code == 400
    assert app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=-5&isNotify=maybe").status_code == 200
    assert app.ids("alice", "bob") == {message}


def test_the_same_id_twice_counts_as_set(with_people: NewApp) -> None:
    app = with_people()
    path = f"{CHAT}/alice?userId=bob&msgIdList=" + ",".join(["1"] * 51)
    assert app.call("DELETE", path).status_code == 400
    app.set(duplicate_ids_count=False)
    assert app.call("DELETE", path).status_code == 200


def test_envelope_extra_fields_and_media_type(with_people: NewApp) -> None:
    app = with_people(
        {"deletion_envelope": True, "extra_fields": True, "json_media_type": "application/json;charset=UTF-8"}
    )
    answer = app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList=1")
    body = answer.json()
    assert body["organization"] == app.org
    assert body["applicationName"] == app.app
    assert body["path"] == f"{CHAT}/alice"
    assert (body["action"], body["requestStatusCode"]) == ("delete", "ok")
    assert "x_extra" in body
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert "x_extra" in app.call("GET", "/users/nobody").json()


def test_chunked_answers_and_closing_connections(with_people: NewApp) -> None:
    app = with_people({"chunked_answers": True, "close_connections": True})
    answer = app.call("GET", "/users/alice")
    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.headers["connection"] == "close"
    assert "content-length" not in answer.headers
    assert answer.json()["entities"][0]["username"] == "alice"


def test_short_errors(with_people: NewApp) -> None:
    answer = with_people({"error_fields": "short"}).call("GET", "/users/nobody")
    assert set(answer.json()) == {"error", "error_description"}


def test_required_headers(with_people: NewApp) -> None:
    app = with_people({"require_headers": True})
    path, headers = f"{CHAT}/alice?userId=bob&msgIdList=1", {"Content-Type": "application/json"}
    assert app.call("DELETE", path).status_code == 415
    assert app.call("DELETE", path, headers=headers | {"Accept": "text/html"}).status_code == 406
    assert app.call("DELETE", path, headers=headers | {"Accept": "application/json"}).status_code == 200


def test_a_clock_ahead(with_people: NewApp) -> None:
    app = with_people({"clock_offset_ms": 10 * DAY_MS})
    answer = app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList=1")
    ahead = answer.json()["timestamp"] - time.time() * 1000
    assert abs(ahead - 10 * DAY_MS) < 5000
    app.send("alice", "bob")
    assert app.pull("bob", "alice")[0].time_ms > time.time() * 1000 + 9 * DAY_MS


def test_lists_that_lag(with_people: NewApp) -> None:
    app = with_people()
    app.send("alice", "bob")
    app.http.patch(f"{app.control}/clock", json={"frozen": True})
    app.set(list_lag_ms=5000)
    assert app.listed("alice") == ["bob"]
    app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=4102444800000")
    assert app.listed("alice") == ["bob"]
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 4999})
    assert app.listed("alice") == ["bob"]
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 1})
    assert app.listed("alice") == []


def test_who_creates_conversations(with_people: NewApp) -> None:
    app = with_people({"rest_messages_create_conversations": False})
    app.send("alice", "bob")
    assert app.listed("bob") == []
    assert len(app.pull("bob", "alice")) == 1
    app.set(imported_messages_create_conversations=True)
    app.import_("alice", "bob", 5000)
    assert app.listed("bob") == ["alice"]


def test_rooms_stand_in_lists_only_when_set(with_people: NewApp) -> None:
    app = with_people()
    room = app.room("alice", "bob")
    app.send("alice", room, where="chatrooms")
    assert app.listed("alice") == []
    app.set(rooms_in_lists=True)
    app.send("alice", room, where="chatrooms")
    assert app.listed("alice") == [room]


def test_room_messages_are_kept_and_deletable_by_id_only_when_set(with_people: NewApp) -> None:
    app = with_people({"rooms_by_message_id": False})
    room = app.room("alice", "bob")
    message = app.send("alice", room, where="chatrooms")
    path = f"/rest/message/roaming/group/user/alice?groupId={room}&msgIdList={message}"
    assert app.call("DELETE", path).status_code == 200
    assert app.ids("alice", room) == {message}
    app.set(chatroom_roaming=False)
    app.send("alice", room, where="chatrooms")
    assert app.ids("alice", room) == {message}


def test_imports_rejected_or_strictly_increasing(with_people: NewApp) -> None:
    app = with_people({"import_timestamps": "increasing"})
    body = {"from": "alice", "target": "bob", "type": "txt", "body": {"msg": "x"}}

    def imported(time_ms: int) -> int:
        message = body | {"msg_timestamp": time_ms}
        return app.call("POST", "/messages/users/import", json=message).status_code

    assert [imported(t) for t in (5000, 5000, 4000, 5001, 999, 0, 10**15)] == [
        200,
        400,
        400,
        200,
        400,
        400,
        400,
    ]
    # Only what was imported counts, whichever side says it, and whether or not it is still there.
    app.send("alice", "bob")
    app.call("POST", "/rest/message/roaming/user/alice/delete/all")
    body |= {"from": "bob", "target": "alice"}
    assert [imported(time_ms) for time_ms in (5001, 5002)] == [400, 200]
    app.set(imports="refused")
    assert imported(6000) == 403
    assert len(app.pull("bob", "alice")) == 4


def test_imports_into_a_group_begin_with_the_group(with_people: NewApp) -> None:
    app = with_people({"import_timestamps": "increasing"})
    group = app.group("alice", "bob")
    created = app.call("GET", f"/chatgroups/{group}").json()["data"][0]["created"]
    body = {"from": "alice", "target": group, "type": "txt", "body": {"msg": "x"}}
    for time_ms, status in ((created - 1, 400), (created + 1, 200)):
        # The clock stands a little ahead, so that this is before now.
        app.http.patch(f"{app.control}/clock", json={"now": created + 10, "frozen": True})
        message = body | {"msg_timestamp": time_ms}
        assert app.call("POST", "/messages/chatgroups/import", json=message).status_code == status


def test_imports_that_were_read(with_people: NewApp) -> None:
    app = with_people({"imported_messages_create_conversations": True})
    body = {"from": "alice", "target": "bob", "type": "txt", "body": {"msg": "x"}}
    for read in (True, False):
        app.call("POST", "/messages/users/import", json=body | {"is_ack_read": read})
    (info,) = app.call("GET", "/users/bob/user_channels").json()["data"]["channel_infos"]
    assert info["unread_num"] == 1


def test_ids_in_no_order(with_people: NewApp) -> None:
    app = with_people({"message_ids": "random"})
    ids = [app.send("alice", "bob") for _ in range(20)]
    assert len(set(ids)) == 20
    assert sorted(ids, key=int) != ids
    assert app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={','.join(ids[:19])}").status_code == 200
    assert app.ids("alice", "bob") == {ids[19]}


def test_pages_of_any_size_and_each_last_cursor(with_people: NewApp) -> None:
    app = with_people({"pull_page_cap": 2, "last_page_cursor": "null", "pull_page_max": 20})
    for _ in range(3):
        app.send("alice", "bob")
    first = app.pull_page("alice", "bob", pull_number=20)
    assert (len(first["msgs"]), first["is_last"]) == (2, False)
    last = app.pull_page("alice", "bob", pull_number=20, start=first["next_key"])
    assert (len(last["msgs"]), last["is_last"], last["next_key"]) == (1, True, None)
    body = {"queue": "bob@easemob.com", "pull_number": 21}
    assert app.call("POST", "/users/alice/messageroaming", json=body).status_code == 400


def test_only_some_list_forms(with_people: NewApp) -> None:
    app = with_people({"list_forms": ["users"]})
    assert app.call("GET", "/users/alice/user_channels").status_code == 200
    assert app.call("GET", "/sdk/user/alice/user_channels/list").status_code == 404


def test_capacity_lets_the_longest_inactive_leave(with_people: NewApp) -> None:
    app = with_people({"conversation_capacity": 2})
    for number, name in enumerate(("u1", "u2", "u3")):
        app.users(name)
        app.http.patch(f"{app.control}/clock", json={"now": 1_700_000_000_000 + number, "frozen": True})
        app.send(name, "alice")
    assert app.listed("alice") == ["u3", "u2"]
    assert len(app.pull("alice", "u1")) == 1


def test_retention_follows_the_clock(with_people: NewApp) -> None:
    app = with_people({"retention_days": 3})
    app.send("alice", "bob")
    app.http.patch(f"{app.control}/clock", json={"frozen": True, "advance_ms": 3 * DAY_MS - 60_000})
    assert len(app.pull("alice", "bob")) == 1
    app.http.patch(f"{app.control}/clock", json={"advance_ms": 60_000})
    assert app.pull("alice", "bob") == []
    assert app.listed("alice") == []


@pytest.mark.parametrize(("status", "error"), [(429, "reach_limit"), (403, "reach_limit")])
def test_a_hundred_calls_a_second_pass(with_people: NewApp, status: int, error: str) -> None:
    app = with_people({"rate_limits": "deletions", "rate_status": status})
    path = f"{CHAT}/alice?userId=bob&msgIdList=1"
    began = time.monotonic()
    answers = [app.call("DELETE", path) for _ in range(130)]
    if time.monotonic() - began > 1:
        pytest.skip("this machine is too slow to send 130 calls in a second")
    assert [answer.status_code for answer in answers] == [200] * 100 + [status] * 30
    assert answers[-1].json()["error"] == error
    assert description(answers[-1]) == "This request has reached api limit"
    other = app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=1")
    assert other.status_code == 200


def test_lists_five_times_a_minute_per_user(with_people: NewApp) -> None:
    app = with_people({"list_reads_per_minute": 5})
    forms = ("/user/alice/user_channels", "/users/alice/user_channels") * 3
    assert [app.call("GET", form).status_code for form in forms] == [200] * 5 + [429]
    assert app.call("GET", "/users/bob/user_channels").status_code == 200


def test_documented_rates_hold_group_sends_at_twenty(with_people: NewApp) -> None:
    app = with_people({"rate_limits": "documented"})
    body = {"from": "alice", "to": ["1"], "type": "txt", "body": {"msg": "x"}}
    statuses = [app.call("POST", "/messages/chatgroups", json=body).status_code for _ in range(25)]
    assert statuses[:20] == [200] * 20
    assert 429 in statuses


def test_documented_rates_count_messages_too(with_people: NewApp) -> None:
    app = with_people({"rate_limits": "documented"})
    body = {"from": "alice", "to": ["1", "2", "3"], "type": "txt", "body": {"msg": "x"}}
    answers = [app.call("POST", "/messages/chatgroups", json=body) for _ in range(8)]
    assert [answer.status_code for answer in answers[:6]] == [200] * 6
    refused = answers[6].json()
    assert answers[6].status_code == 403
    assert (refused["error"], refused["error_description"]) == (
        "message_send_error",
        "message send reach limit",
    )


def test_rates_of_single_operations_hold_whatever_else_is_set(with_people: NewApp) -> None:
    app = with_people({"rate_limits": "off", "operation_rates": {"deleteChatMessages": 2, "createGroup": 1}})
    path, client_path = f"{CHAT}/alice?userId=bob&msgIdList=1", f"{CHAT}/alice?userId=bob&msgIdList=1"
    statuses = [app.call("DELETE", path).status_code for _ in range(2)]
    statuses.append(app.call("DELETE", client_path.replace("/rest/", "/sdk/")).status_code)
    assert statuses == [200, 200, 429]
    group = {"groupname": "g", "public": True, "owner": "alice"}
    answers = [app.call("POST", "/chatgroups", json=group) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=1").status_code == 200
    assert app.http.get(f"{app.control}/settings").json()["operation_rates"]["createGroup"] == 1


def test_a_plan_that_is_full(with_people: NewApp) -> None:
    app = with_people({"registered_users_max": 3})
    app.users("carol")
    answers = [
        app.call("POST", "/users", json={"username": "dave", "password": "1"}),
        app.call(
            "POST", "/token", json={"grant_type": "inherit", "username": "dave", "autoCreateUser": True}
        ),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["error"]) == (429, "resource_limited")
    assert app.call("GET", "/users/dave").status_code == 404


def test_deleting_an_unknown_user_in_the_older_words(with_people: NewApp) -> None:
    app = with_people({"unknown_user_deletion": 400})
    answer = app.call("DELETE", "/users/nobody")
    assert (answer.status_code, answer.json()["error"]) == (400, "management")
    assert description(answer) == f"User with id null does not exist in app {app.app}"


def test_default_token_life_and_body_limit(with_people: NewApp) -> None:
    app = with_people({"token_ttl_s": 9, "body_bytes_max": 2048})
    grant = {"grant_type": "inherit", "username": "alice"}
    assert app.call("POST", "/token", json=grant).json()["expires_in"] == 9
    answer = app.call("POST", "/token", json=grant | {"more": "x" * 3000})
    assert (answer.status_code, answer.json()["error"]) == (413, "Request Entity Too Large")


def test_a_closed_pull_can_be_403(with_people: NewApp) -> None:
    app = with_people({"message_roaming": False, "pull_not_open_status": 403})
    answer = app.call("POST", "/users/alice/messageroaming", json={"queue": "bob@easemob.com"})
    assert (answer.status_code, description(answer)) == (403, "messageroaming function not open")


def test_nothing_found_tells_nobody_when_set(with_people: NewApp) -> None:
    app = with_people({"notify_without_effect": False})
    message = app.send("bob", "alice")
    with online(app, "alice", "one") as (device,):
        app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList=77")
        app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={message}")
        assert device.sync()["message_ids"] == [message]


def test_message_size(with_people: NewApp) -> None:
    app = with_people({"message_bytes_max": 100})
    body = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "x" * 100}}
    assert description(app.call("POST", "/messages/users", json=body)) == "message is too large"
