"""Messages of the emulator: sent, imported, pulled, rejected."""

from typing import Any

import pytest

from .conftest import AppClient, NewApp
from .error_texts import error


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
def test_messages_that_are_rejected(app: AppClient, change: dict[str, Any], text: str) -> None:
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


def test_pulls_that_are_rejected(app: AppClient) -> None:
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
