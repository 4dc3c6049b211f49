"""Devices that log in over WebSocket: what they are notified, what they send, and how their connections
end."""

import json
import socket
import time
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from roamspec.wire.message_body_pb2 import JID, KeyValue, MessageBody, Meta
from roamspec.wire.msync_pb2 import (
    CommNotice,
    CommSyncDL,
    CommSyncUL,
    MSync,
    Provision,
    StatisticsBody,
    Status,
)

from .conftest import AppClient, NewApp, Process, started
from .watching import online
from .wire_device import connected, logged_in, text_message, texts

REST = "/rest/message/roaming"
SDK = "/sdk/message/roaming"


def resources(app: AppClient, user: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = app.call("GET", f"/users/{user}/resources").json()["data"]
    return found


def await_nobody_online(app: AppClient, user: str) -> None:
    """The service learns of a closed connection a moment after its device: ask until it has."""
    latest = time.monotonic() + 10
    while found := resources(app, user):
        assert time.monotonic() < latest, f"still online: {found}"


# --- logging in


@pytest.mark.parametrize("place", ["auth", "auth_token"])
def test_a_token_logs_in_wherever_a_client_puts_it(app: AppClient, place: str) -> None:
    token = f"$t${app.user_token('alice', ttl=600)}"
    with connected(app, "Alice") as device:
        if place == "auth":
            answer = device.log_in(token, resource="web_1")
        else:
            answer = device.log_in("", resource="web_1", authToken=json.dumps({"token": token}))
        assert (answer.HasField("status"), answer.status.errorCode) == (True, Status.OK)
        assert answer.resource == "web_1"
        now = app.http.get(f"{app.control}/clock").json()["now"]
        assert abs(json.loads(answer.authToken)["expires_in"] - now - 600_000) < 30_000


def test_a_password_logs_in(app: AppClient) -> None:
    for more in ({"auth": "1"}, {"auth": "", "password": "1"}):
        with connected(app, "alice") as device:
            answer = device.log_in(more.pop("auth"), resource="ios_1", **more)
            assert answer.status.errorCode == Status.OK
            assert not answer.HasField("authToken"), "a password does not expire"


def test_a_device_without_a_resource_is_given_one(app: AppClient) -> None:
    with connected(app, "alice") as device:
        given = device.log_in("1").resource
        assert given.startswith("webim_")
        assert [item["res"] for item in resources(app, "alice")] == [given]


@pytest.mark.parametrize(
    ("user", "auth", "reason"),
    [
        ("nobody", "1", "Sorry, user not found"),
        ("alice", "2", "Sorry, token or password does not match login info"),
        ("alice", "", "Sorry, token or password does not match login info"),
        ("alice", "$t$YWMtnonsense", "Sorry, token or password does not match login info"),
        ("alice", "bobs", "Sorry, token or password does not match login info"),
        ("alice", "apps", "Sorry, token or password does not match login info"),
        ("alice", "expired", "Sorry, token expired"),
        ("made", "", "Sorry, token or password does not match login info"),
    ],
)
def test_refused_logins(app: AppClient, user: str, auth: str, reason: str) -> None:
    app.user_token("made", autoCreateUser=True)
    if auth == "bobs":
        auth = f"$t${app.user_token('bob')}"
    elif auth == "apps":
        auth = f"$t${app.token}"
    elif auth == "expired":
        auth = f"$t${app.user_token('alice', ttl=1)}"
        app.http.patch(f"{app.control}/clock", json={"advance_ms": 2000})
    with connected(app, user) as device:
        answer = device.log_in(auth, resource="web_1")
        assert (answer.status.errorCode, answer.status.reason) == (Status.FAIL, reason)
        assert device.closing() == 1000
    await_nobody_online(app, "alice")


def test_an_app_that_does_not_exist(app: AppClient) -> None:
    with connected(app, "alice") as device:
        device.key = "acme#nobody"
        assert device.log_in("1").status.reason == "Sorry, app not found"


def test_devices_show_in_lists_control_api_and_journal(app: AppClient) -> None:
    app.http.delete(f"{app.control}/journal")
    with online(app, "alice", "observer"), connected(app, "alice") as device:
        token = f"$t${app.user_token('alice')}"
        device.log_in(token, resource="web_1", deviceUuid="uuid-1", deviceName="Browser")
        assert resources(app, "alice") == [
            {"res": "observer", "device_uuid": "observer", "device_name": "observer"},
            {"res": "web_1", "device_uuid": "uuid-1", "device_name": "Browser"},
        ]
        devices = app.http.get(f"{app.control}/devices").json()["devices"]
        assert devices == {"alice": ["observer", "web_1"]}
        assert app.http.get(f"{app.control}/users/alice").json()["devices"] == ["observer", "web_1"]
    journal = app.http.get(f"{app.control}/journal", params={"operation": "loginDevice"})
    (entry,) = journal.json()["entries"]
    assert (entry["request"]["target"], entry["response"]["status"]) == ("/websocket", 101)
    assert json.loads(entry["request"]["body"])["resource"] == "web_1"
    assert token.removeprefix("$t$") not in journal.text
    await_nobody_online(app, "alice")


# --- notifications of deletions


def deletions(app: AppClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and data of the notice of each deletion that names a conversation."""
    group = app.group("alice", "bob")
    return [
        (
            "DELETE",
            "/chat/user/alice?userId=bob&msgIdList=1,2",
            {"chatType": "chat", "to": "bob", "msgIdList": ["1", "2"]},
        ),
        (
            "DELETE",
            f"/group/user/alice?groupId={group}&msgIdList=3",
            {"chatType": "groupchat", "to": group, "msgIdList": ["3"]},
        ),
        (
            "DELETE",
            "/chat/user/alice/time?userId=bob&delTime=1710309184114",
            {"chatType": "chat", "to": "bob", "deleteTime": 1710309184114},
        ),
        (
            "DELETE",
            f"/group/user/alice/time?groupId={group}&delTime=1710309184114",
            {"chatType": "groupchat", "to": group, "deleteTime": 1710309184114},
        ),
    ]


def test_a_deletion_over_rest_is_told_to_every_device_of_the_owner(app: AppClient) -> None:
    cases = deletions(app)
    with logged_in(app, "alice", "web_1", "ios_1") as mine, logged_in(app, "bob", "web_2") as others:
        for method, path, data in cases:
            assert app.call(method, REST + path).status_code == 200
            for device in mine:
                assert device.notice() == {"type": "roaming_delete", "data": {"resource": ""} | data}
        for method, path, _ in cases:
            separator = "&" if "?" in path else "?"
            assert app.call(method, f"{REST}{path}{separator}isNotify=false").status_code == 200
        for device in (*mine, *others):
            device.is_told_nothing()


def test_a_deletion_by_a_device_is_told_to_the_others(app: AppClient) -> None:
    token = app.user_token("alice")
    with logged_in(app, "alice", "web_1", "ios_1") as (acting, other):
        for method, path, data in deletions(app):
            call = app.call(method, f"{SDK}{path}&resource=web_1", token=token)
            assert call.status_code == 200
            assert other.notice() == {"type": "roaming_delete", "data": {"resource": "web_1"} | data}
        acting.is_told_nothing()


def test_clearing_a_user_is_told_where_the_app_is_set_so(app: AppClient) -> None:
    path = f"{REST}/user/alice/delete/all"
    with logged_in(app, "alice", "web_1") as (device,):
        assert app.call("POST", path).status_code == 200
        device.is_told_nothing()
        app.set(clear_user_notifies=True)
        assert app.call("POST", path).status_code == 200
        assert device.notice() == {"type": "roaming_delete", "data": {"resource": ""}}


def test_an_emptied_or_deleted_conversation_is_told_where_the_app_is_set_so(app: AppClient) -> None:
    app.set(conversation_deletion_notifies=True)
    first, second = app.send("bob", "alice"), app.send("bob", "alice")
    with logged_in(app, "alice", "web_1", "web_2") as (device, acting):
        queue = device.heartbeat().unread[0].queue
        device.fetch(queue)
        path = f"{REST}/chat/user/alice?userId=bob&msgIdList="
        app.call("DELETE", path + first)
        assert device.notice()["type"] == "roaming_delete"
        device.is_told_nothing()
        app.call("DELETE", path + second)
        assert device.notice()["type"] == "roaming_delete"
        told = device.notice()
        timestamp = told["data"].pop("ts")
        assert timestamp > 1_000_000_000_000
        data = {"op": "del", "id": "bob", "type": "chat", "from": "alice", "res": ""}
        assert told == {"type": "conv", "data": data}
        app.send("bob", "alice")
        texts(device.synced())
        body = {"channel": "bob", "type": "chat", "delete_roam": True}
        for _ in range(4):
            acting.next()
        app.call("DELETE", "/user/alice/user_channel?resource=web_2", json=body)
        assert device.notice()["data"]["res"] == "web_2"
        acting.is_told_nothing()


def test_a_notice_is_compact_json_for_all_text(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,):
        app.call("DELETE", f"{REST}/chat/user/alice?userId=%E5%8D%93%0A%22&msgIdList=1")
        (meta,) = device.synced().metas
        assert min(meta.payload) >= 0x10
        assert "卓".encode() in meta.payload
        assert json.loads(meta.payload)["data"]["to"] == '卓\n"'


def test_what_is_announced_is_fetched(app: AppClient) -> None:
    app.set(device_delivery="announced")
    with logged_in(app, "alice", "web_1", "web_2") as devices:
        app.call("DELETE", f"{REST}/chat/user/alice?userId=bob&msgIdList=1")
        app.call("DELETE", f"{REST}/chat/user/alice?userId=bob&msgIdList=2")
        app.send("bob", "alice", "hello")
        for device in devices:
            queues = []
            for _ in range(3):
                announced = device.next()
                assert isinstance(announced, CommNotice)
                queues.append(announced.queue)
            assert [queue.name for queue in queues] == ["", "", "bob"]
            unread = device.heartbeat().unread
            assert [(item.queue.name, item.n) for item in unread] == [("", 2), ("bob", 1)]
            told = device.fetch(queues[0])
            assert [json.loads(meta.payload)["data"]["msgIdList"] for meta in told.metas] == [["1"], ["2"]]
            # A client asks a second time.
            again = device.fetch(queues[0])
            assert (list(again.metas), again.isLast) == ([], True)
            assert texts(device.fetch(queues[2])) == ["hello"]


# --- messages


def test_a_message_from_a_device_reaches_every_other_device(app: AppClient) -> None:
    with logged_in(app, "alice", "a1", "a2") as (sending, other), logged_in(app, "bob", "b1", "b2") as bobs:
        ext = [KeyValue(key="k", type=KeyValue.STRING, stringValue="v")]
        answer = sending.send(text_message("bob", "hello 你好", ext=ext))
        assert (answer.status.errorCode, answer.metaId) == (Status.OK, 77)
        for device in (other, *bobs):
            came = device.synced()
            (meta,) = came.metas
            body = MessageBody.FromString(meta.payload)
            assert (meta.id, meta.ns) == (answer.serverId, Meta.CHAT)
            assert (getattr(body, "from").name, body.to.name) == ("alice", "bob")
            assert (body.contents[0].text, body.ext[0].stringValue) == ("hello 你好", "v")
            assert came.queue.name == ("bob" if device is other else "alice")
        sending.is_told_nothing()
    assert app.ids("bob", "alice") == app.ids("alice", "bob") == {str(answer.serverId)}
    app.set(rest_messages_create_conversations=False)
    assert app.listed("bob") == ["alice"], "a device's message enters the lists"


def test_messages_of_groups_and_chatrooms(app: AppClient) -> None:
    group, room = app.group("alice", "bob"), app.room("alice", "bob")
    with logged_in(app, "alice", "a1") as (alice,), logged_in(app, "bob", "b1") as (bob,):
        assert alice.send(text_message(group, "in the group", MessageBody.GROUPCHAT)).serverId
        assert texts(bob.synced()) == ["in the group"]
        assert alice.send(text_message(room, "in the room", MessageBody.CHATROOM)).serverId
        assert texts(bob.synced()) == ["in the room"]
        app.send("bob", group, "by REST", where="chatgroups")
        assert texts(alice.synced()) == texts(bob.synced()) == ["by REST"]
        app.send("bob", room, "by REST", where="chatrooms")
        assert texts(alice.synced()) == ["by REST"]
        bob.is_told_nothing()


def test_a_message_over_rest_reaches_the_receiver_and_with_a_wish_the_sender(app: AppClient) -> None:
    with logged_in(app, "alice", "a1") as (alice,), logged_in(app, "bob", "b1") as (bob,):
        app.send("alice", "bob", "one")
        assert texts(bob.synced()) == ["one"]
        alice.is_told_nothing()
        body = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "two"}, "sync_device": True}
        app.call("POST", "/messages/users", json=body)
        assert texts(alice.synced()) == texts(bob.synced()) == ["two"]
        app.import_("alice", "bob", 1_600_000_000_000)
        bob.is_told_nothing()


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        (text_message("1", "x", MessageBody.GROUPCHAT), Status.FAIL),
        (text_message("", "x"), Status.MISSING_PARAMETER),
        (text_message("bob", "x" * 6000), Status.FAIL),
        (text_message("bob", "x", MessageBody.RECALL), Status.UNKNOWN_COMMAND),
        (Meta(id=77, to=JID(name="bob"), ns=Meta.CHAT, payload=b"\xff\xff"), Status.PB_PARSER_ERROR),
        (Meta(id=77, to=JID(name="bob"), ns=Meta.MUC), Status.UNKNOWN_COMMAND),
        (Meta(id=77, to=JID(name="bob"), ns=Meta.CHAT), Status.MISSING_PARAMETER),
    ],
)
def test_messages_that_are_not_sent(app: AppClient, meta: Meta, code: int) -> None:
    with logged_in(app, "alice", "a1") as (device,):
        answer = device.send(meta)
        assert (answer.status.errorCode, answer.metaId) == (code, 77)
        assert answer.status.reason
        assert device.send(text_message("bob", "still here")).status.errorCode == Status.OK


def test_only_members_send_to_a_group(app: AppClient) -> None:
    group = app.group("bob", "carol")
    with logged_in(app, "alice", "a1") as (device,):
        answer = device.send(text_message(group, "x", MessageBody.GROUPCHAT))
        assert answer.status.errorCode == Status.PERMISSION_DENIED
    assert app.ids("bob", group) == set()


def test_acknowledgements_are_handed_on_and_clear_what_is_unread(app: AppClient) -> None:
    def unread() -> int:
        infos = app.call("GET", "/sdk/user/bob/user_channels/list").json()["data"]["channel_infos"]
        return int(infos[0]["unread_num"])

    with logged_in(app, "alice", "a1") as (alice,), logged_in(app, "bob", "b1") as (bob,):
        sent = alice.send(text_message("bob", "x")).serverId
        bob.synced()
        assert unread() == 1
        body = MessageBody(type=MessageBody.READ_ACK, ackMessageId=sent)
        ack = Meta(id=78, to=JID(name="alice"), ns=Meta.CHAT, payload=body.SerializeToString())
        assert bob.send(ack).metaId == 78
        (came,) = alice.synced().metas
        read = MessageBody.FromString(came.payload)
        assert (read.type, read.ackMessageId) == (MessageBody.READ_ACK, sent)
        body = MessageBody(type=MessageBody.CHANNEL_ACK)
        ack = Meta(
            id=79,
            to=JID(name="alice", domain="easemob.com"),
            ns=Meta.CHAT,
            payload=body.SerializeToString(),
        )
        assert bob.send(ack).metaId == 79
        assert unread() == 0


def test_what_came_while_nobody_was_online_waits(app: AppClient) -> None:
    group = app.group("alice", "bob")
    for number in range(60):
        app.send("bob", "alice", f"text {number}")
    deleted = app.send("bob", "alice", "deleted meanwhile")
    app.send("bob", group, "in the group", where="chatgroups")
    app.call("DELETE", f"{REST}/chat/user/alice?userId=bob&msgIdList={deleted}")
    with logged_in(app, "alice", "a1") as (device,):
        queues = {item.queue.name: (item.n, item.queue) for item in device.heartbeat().unread}
        assert {name: number for name, (number, _) in queues.items()} == {"bob": 61, group: 1}
        assert queues[group][1].domain == "conference.easemob.com"
        first = device.fetch(queues["bob"][1])
        assert (texts(first), first.isLast) == ([f"text {number}" for number in range(50)], False)
        second = device.fetch(queues["bob"][1], first.nextKey)
        assert (texts(second), second.isLast) == ([f"text {number}" for number in range(50, 60)], True)
        assert texts(device.fetch(queues["bob"][1], second.nextKey)) == []
        assert [item.queue.name for item in device.heartbeat().unread] == [group]
        assert texts(device.fetch(queues[group][1])) == ["in the group"]
        assert list(device.heartbeat().unread) == []
    with logged_in(app, "alice", "a2") as (device,):
        assert list(device.heartbeat().unread) == []


# --- how connections end


def test_a_device_that_logs_out_is_answered_and_gone(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,):
        device.say(MSync.LOGOUT)
        answer = device.next()
        assert answer.status.errorCode == Status.OK  # type: ignore[union-attr]
        assert device.closing() == 1000
    await_nobody_online(app, "alice")


def test_a_device_that_closes_is_gone(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,):
        device.socket.close()
        with logged_in(app, "alice", "web_2"):
            assert [item["res"] for item in resources(app, "alice")] == ["web_2"]


def test_the_same_resource_again_replaces_the_one_before(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (before,), logged_in(app, "alice", "web_1") as (after,):
        assert before.kick() == StatisticsBody.USER_LOGIN_ANOTHER_DEVICE
        assert before.closing() == 1000
        assert len(resources(app, "alice")) == 1
        app.call("DELETE", f"{REST}/chat/user/alice?userId=bob&msgIdList=1")
        after.notice()


def test_a_platform_holds_as_many_devices_as_the_app_is_set_to(app: AppClient) -> None:
    app.set(devices_per_platform=2)
    with logged_in(app, "alice", "web_1", "web_2") as (oldest, _), connected(app, "alice") as phone:
        asked = Provision(osType=Provision.IOS, resource="ios_1").SerializeToString()
        phone.say(MSync.PROVISION, asked, auth="1")
        phone.next()
        assert len(resources(app, "alice")) == 3, "another platform has a number of its own"
        with logged_in(app, "alice", "web_3"):
            assert oldest.kick() == StatisticsBody.USER_LOGIN_ANOTHER_DEVICE
            assert [item["res"] for item in resources(app, "alice")] == ["web_2", "ios_1", "web_3"]


def test_a_device_that_is_kicked_hears_why(app: AppClient) -> None:
    place = f"{app.control}/users/alice/devices"
    with logged_in(app, "alice", "web_1", "web_2") as (kicked, other):
        assert app.http.delete(f"{place}/web_1").json() == {"disconnected": 1}
        assert kicked.kick() == StatisticsBody.USER_KICKED_BY_OTHER_DEVICE
        assert kicked.closing() == 1000
        assert app.http.delete(f"{place}/web_1").status_code == 404
        other.is_told_nothing()


def test_a_user_who_is_deleted_is_told(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,), logged_in(app, "bob", "web_1") as (other,):
        app.call("DELETE", "/users/alice")
        assert device.kick() == StatisticsBody.USER_REMOVED
        assert device.closing() == 1000
        other.is_told_nothing()


def test_a_login_ends_when_its_token_expires_by_the_apps_clock(app: AppClient) -> None:
    with connected(app, "alice") as device, logged_in(app, "alice", "web_2") as (other,):
        device.log_in(f"$t${app.user_token('alice', ttl=600)}", resource="web_1")
        device.heartbeat()
        app.http.patch(f"{app.control}/clock", json={"advance_ms": 600_001})
        answer = device.next()
        assert isinstance(answer, Provision)
        assert answer.status.reason == "Sorry, token expired"
        assert device.closing() == 1000
        other.is_told_nothing()


def test_the_end_of_the_emulator_is_a_clean_close(http: httpx.Client) -> None:
    with started() as process:
        made = http.post(process.ready["control_url"] + "/apps", json={}).json()
        base = process.ready["base_url"]
        app = AppClient(http, base, made["org"], made["app"], made["app_token"], made["scenario"])
        app.users("alice")
        with logged_in(app, "alice", "web_1", "web_2") as devices, connected(app, "alice") as waiting:
            process.popen.terminate()
            for device in (*devices, waiting):
                assert device.closing() in (1001, 1012)
            assert process.popen.wait(5) == 0


# --- what is not of the protocol


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff" * 40, b"\x0a\xff", MSync(command=MSync.SYNC, payload=b"\xff\xff").SerializeToString()],
    ids=["empty", "noise", "cut", "wrong-payload"],
)
def test_frames_that_are_none(app: AppClient, data: bytes) -> None:
    with logged_in(app, "alice", "web_1") as (device,):
        device.socket.send(data)
        answer = device.synced()
        # An empty frame is one of the protocol: a fetch without a queue.
        expected = Status.OK if data == b"" else Status.PB_PARSER_ERROR
        assert answer.status.errorCode == expected
        device.is_told_nothing()


def test_commands_that_are_unknown_or_too_early(app: AppClient) -> None:
    with connected(app, "alice") as device:
        for command in (MSync.SYNC, MSync.UNREAD, MSync.LOGOUT):
            device.say(command)
            assert device.synced().status.errorCode == Status.UNAUTHORIZED
        assert device.log_in("1", resource="web_1").status.errorCode == Status.OK
        device.say(MSync.NOTICE)
        assert device.synced().status.errorCode == Status.UNKNOWN_COMMAND
        device.say(99)  # type: ignore[arg-type]  # a newer one
        assert device.synced().status.errorCode == Status.UNKNOWN_COMMAND
        device.say(MSync.SYNC, CommSyncDL(metaId=2).SerializeToString())
        device.next()


def test_a_device_that_only_says_nonsense_is_sent_away(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,), logged_in(app, "alice", "web_2") as (other,):
        for _ in range(20):
            device.socket.send(b"\xff" * 40)
        assert device.closing() == 1000
        other.is_told_nothing()


def test_a_frame_that_is_too_big_ends_the_connection(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,), logged_in(app, "alice", "web_2") as (other,):
        device.socket.send(b"\0" * (300 << 10))
        assert device.closing() == 1009
        other.is_told_nothing()


def test_text_is_no_frame(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,):
        device.socket.send("hello")
        assert device.closing() == 1003


@pytest.mark.parametrize("path", ["/", "/acme/parlor/websocket", "/_emulator"])
def test_elsewhere_is_no_websocket(app: AppClient, path: str) -> None:
    with pytest.raises(InvalidStatus) as caught, connected(app, "alice", path):
        pass
    assert caught.value.response.status_code == 404
    assert json.loads(caught.value.response.body)["error"] == "service_resource_not_found"


def test_a_half_handshake_disturbs_nobody(emulator: Process, app: AppClient) -> None:
    with socket.create_connection(("127.0.0.1", emulator.port)) as half:
        half.sendall(b"GET /websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
        with logged_in(app, "alice", "web_1") as (device,):
            device.is_told_nothing()
    with socket.create_connection(("127.0.0.1", emulator.port)) as wrong:
        wrong.sendall(
            b"GET /websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        assert wrong.recv(100).startswith(b"HTTP/1.1 4")


def test_apps_share_nothing(new_app: NewApp) -> None:
    one, two = new_app(), new_app()
    for app in (one, two):
        app.users("alice")
    with logged_in(one, "alice", "web_1") as (told,), logged_in(two, "alice", "web_1") as (other,):
        one.call("DELETE", f"{REST}/chat/user/alice?userId=bob&msgIdList=1")
        told.notice()
        other.is_told_nothing()
        one.http.post(f"{one.control}/reset")
        assert told.closing() == 1000
        two.http.delete(two.control)
        assert other.closing() == 1001


def test_the_address_of_the_ready_object(emulator: Process) -> None:
    assert emulator.ready["ws_url"] == emulator.ready["base_url"].replace("http", "ws") + "/websocket"


def test_a_device_counts_as_online(app: AppClient) -> None:
    body = {
        "from": "bob", "to": ["alice"], "type": "txt", "body": {"msg": "x"}, "routetype": "ROUTE_ONLINE",
    }  # fmt: skip
    app.call("POST", "/messages/users", json=body)
    assert app.ids("alice", "bob") == set()
    with logged_in(app, "alice", "web_1") as (device,):
        app.call("POST", "/messages/users", json=body)
        assert texts(device.synced()) == ["x"]
    assert len(app.ids("alice", "bob")) == 1


def test_statistics_need_no_answer(app: AppClient) -> None:
    """The SDKs send them after a login."""
    with logged_in(app, "alice", "web_1") as (device,):
        meta = Meta(id=5, ns=Meta.STATISTIC, payload=StatisticsBody(os=16).SerializeToString())
        device.say(MSync.SYNC, CommSyncUL(meta=meta).SerializeToString())
        device.is_told_nothing()
