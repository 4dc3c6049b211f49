"""Devices that are online over WebSocket: of which deletions and lists they are notified."""

import json
from typing import Any

from roamspec.wire.msync_pb2 import CommNotice

from .conftest import AppClient
from .wire_device import REST, logged_in, texts

SDK = "/sdk/message/roaming"

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


def test_a_deletion_over_rest_notifies_every_device_of_the_owner(app: AppClient) -> None:
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
            device.receives_nothing()


def test_a_deletion_by_a_device_notifies_the_others(app: AppClient) -> None:
    token = app.user_token("alice")
    with logged_in(app, "alice", "web_1", "ios_1") as (acting, other):
        for method, path, data in deletions(app):
            call = app.call(method, f"{SDK}{path}&resource=web_1", token=token)
            assert call.status_code == 200
            assert other.notice() == {"type": "roaming_delete", "data": {"resource": "web_1"} | data}
        acting.receives_nothing()


def test_clearing_a_user_notifies_where_the_app_is_set_so(app: AppClient) -> None:
    path = f"{REST}/user/alice/delete/all"
    with logged_in(app, "alice", "web_1") as (device,):
        assert app.call("POST", path).status_code == 200
        device.receives_nothing()
        app.set(clear_user_notifies=True)
        assert app.call("POST", path).status_code == 200
        assert device.notice() == {"type": "roaming_delete", "data": {"resource": ""}}


def test_an_emptied_or_deleted_conversation_notifies_where_the_app_is_set_so(app: AppClient) -> None:
    app.set(conversation_deletion_notifies=True)
    first, second = app.send("bob", "alice"), app.send("bob", "alice")
    with logged_in(app, "alice", "web_1", "web_2") as (device, acting):
        queue = device.heartbeat().unread[0].queue
        device.fetch(queue)
        path = f"{REST}/chat/user/alice?userId=bob&msgIdList="
        app.call("DELETE", path + first)
        assert device.notice()["type"] == "roaming_delete"
        device.receives_nothing()
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
        acting.receives_nothing()


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
