"""Devices that log in over WebSocket: with which token, under which name, and where they are shown."""

import json

import pytest

from roamspec.wire.message_body_pb2 import Meta
from roamspec.wire.msync_pb2 import CommSyncUL, MSync, StatisticsBody, Status

from .conftest import AppClient, Process
from .watching import online
from .wire_device import await_nobody_online, connected, logged_in, resources, texts

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
def test_rejected_logins(app: AppClient, user: str, auth: str, reason: str) -> None:
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
        device.receives_nothing()
