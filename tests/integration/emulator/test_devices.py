"""Who is notified of a deletion, and how a stream begins and ends."""

import pytest

from .conftest import AppClient, NewApp, started
from .watching import Device, online

CHAT = "/rest/message/roaming/chat/user"
GROUP = "/rest/message/roaming/group/user"


@pytest.mark.parametrize("notify", ["", "&isNotify=true", "&isNotify=True", "&isNotify=1", "&isNotify="])
def test_every_device_of_the_owner_is_notified(app: AppClient, notify: str) -> None:
    message = app.send("alice", "bob")
    with online(app, "alice", "one", "two") as devices, online(app, "bob", "three") as (peer,):
        app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={message}{notify}")
        for device in devices:
            event = device.sync()
            assert event.pop("timestamp") > 10**12
            assert event == {
                "operation": "delete_messages",
                "user": "alice",
                "conversation": {"type": "chat", "id": "bob"},
                "message_ids": [message],
            }
        app.call("DELETE", f"{CHAT}/bob/time?userId=alice&delTime=5")
        assert peer.sync()["operation"] == "clear_before"


@pytest.mark.parametrize("value", ["false", "False", "0"])
def test_nobody_is_notified_without_notification(app: AppClient, value: str) -> None:
    with online(app, "alice", "one") as (device,):
        app.call("DELETE", f"{GROUP}/alice/time?groupId=7&delTime=5&isNotify={value}")
        app.call("DELETE", f"{GROUP}/alice/time?groupId=7&delTime=6")
        assert device.sync()["del_time"] == 6


def test_rejected_calls_notify_nobody(app: AppClient) -> None:
    ids = ",".join(str(number) for number in range(51))
    with online(app, "alice", "one") as (device,):
        app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList={ids}")
        app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=soon")
        app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=5", token=None)
        app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=6")
        assert device.sync()["del_time"] == 6


def test_the_acting_device_of_a_client_call_is_not_notified(app: AppClient) -> None:
    path = f"{CHAT.replace('/rest/', '/sdk/')}/alice/time?userId=bob"
    with online(app, "alice", "acting", "other") as (acting, other):
        token = app.user_token("alice")
        app.call("DELETE", f"{path}&delTime=5&&resource=acting", token=token)
        app.call("DELETE", f"{path}&delTime=6&&resource=other", token=token)
        assert other.sync()["del_time"] == 5
        assert acting.sync()["del_time"] == 6


def test_clearing_a_user_tells_only_when_set(app: AppClient) -> None:
    path = "/rest/message/roaming/user/alice/delete/all"
    with online(app, "alice", "one") as (device,):
        app.call("POST", path)
        app.set(clear_user_notifies=True)
        app.call("POST", path + "?isNotify=false")
        app.call("POST", path)
        assert device.sync()["operation"] == "clear_user"
        app.call("DELETE", f"{CHAT}/alice/time?userId=bob&delTime=6")
        assert device.sync()["operation"] == "clear_before"


def test_online_devices_are_listed_and_leave(app: AppClient) -> None:
    with online(app, "alice", "ios_1"):
        assert [item["res"] for item in app.call("GET", "/users/alice/resources").json()["data"]] == ["ios_1"]
        assert app.http.get(f"{app.control}/devices").json() == {"devices": {"alice": ["ios_1"]}}
    device = Device(app, "alice", "web_2")
    app.call("DELETE", "/users/alice")
    assert device.next() == ("end", None)
    device.close()
    assert app.http.get(f"{app.control}/devices").json() == {"devices": {}}


def test_streams_for_unknown_apps_and_users_are_rejected(app: AppClient) -> None:
    observer = f"{app.origin}/_emulator/observer"
    for path in (f"{app.org}/{app.app}/users/nobody", "a/b/users/alice"):
        answer = app.http.get(f"{observer}/{path}/devices/one/events")
        assert answer.status_code == 404
        assert answer.json()["error"]


def test_messages_for_online_receivers_only(new_app: NewApp) -> None:
    app = new_app()
    app.users("alice", "bob", "carol")
    body = {"from": "alice", "to": ["bob", "carol"], "type": "txt", "body": {"msg": "x"}}
    with online(app, "bob", "one"):
        app.call("POST", "/messages/users", json=body | {"routetype": "ROUTE_ONLINE"})
    assert len(app.pull("bob", "alice")) == 1
    assert app.pull("carol", "alice") == []
    assert len(app.pull("alice", "carol")) == 1


def test_streams_end_cleanly_when_the_emulator_ends(new_app: NewApp) -> None:
    with started() as process:
        http = new_app().http
        made = http.post(
            process.ready["control_url"] + "/apps", json={"scenario": {"users": ["alice"]}}
        ).json()
        app = AppClient(http, process.ready["base_url"], made["org"], made["app"], made["app_token"], {})
        device = Device(app, "alice", "one")
        process.popen.terminate()
        assert device.next() == ("end", None)
        device.close()
