"""Connections over WebSocket: how they end, and what is not of the protocol."""

import json
import socket

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from roamspec.wire.msync_pb2 import CommSyncDL, MSync, Provision, StatisticsBody, Status

from .conftest import AppClient, NewApp, Process, started
from .wire_device import REST, await_nobody_online, connected, logged_in, resources

# --- how connections end


def test_a_device_that_logs_out_is_answered_and_offline(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,):
        device.say(MSync.LOGOUT)
        answer = device.next()
        assert answer.status.errorCode == Status.OK  # type: ignore[union-attr]
        assert device.closing() == 1000
    await_nobody_online(app, "alice")


def test_a_device_that_closes_is_offline(app: AppClient) -> None:
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


def test_a_platform_with_room_keeps_its_devices(app: AppClient) -> None:
    app.set(devices_per_platform=4)
    with logged_in(app, "alice", "web_1", "web_2", "web_3", "web_4"):
        assert [item["res"] for item in resources(app, "alice")] == ["web_1", "web_2", "web_3", "web_4"]


def test_a_device_that_is_kicked_hears_why(app: AppClient) -> None:
    place = f"{app.control}/users/alice/devices"
    with logged_in(app, "alice", "web_1", "web_2") as (kicked, other):
        assert app.http.delete(f"{place}/web_1").json() == {"disconnected": 1}
        assert kicked.kick() == StatisticsBody.USER_KICKED_BY_OTHER_DEVICE
        assert kicked.closing() == 1000
        assert app.http.delete(f"{place}/web_1").status_code == 404
        other.receives_nothing()


def test_a_user_who_is_deleted_is_notified(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,), logged_in(app, "bob", "web_1") as (other,):
        app.call("DELETE", "/users/alice")
        assert device.kick() == StatisticsBody.USER_REMOVED
        assert device.closing() == 1000
        other.receives_nothing()


def test_a_login_ends_when_its_token_expires_by_the_apps_clock(app: AppClient) -> None:
    with connected(app, "alice") as device, logged_in(app, "alice", "web_2") as (other,):
        device.log_in(f"$t${app.user_token('alice', ttl=600)}", resource="web_1")
        device.heartbeat()
        app.http.patch(f"{app.control}/clock", json={"advance_ms": 600_001})
        answer = device.next()
        assert isinstance(answer, Provision)
        assert answer.status.reason == "Sorry, token expired"
        assert device.closing() == 1000
        other.receives_nothing()


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
        device.receives_nothing()


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
        other.receives_nothing()


def test_a_frame_that_is_too_big_ends_the_connection(app: AppClient) -> None:
    with logged_in(app, "alice", "web_1") as (device,), logged_in(app, "alice", "web_2") as (other,):
        device.socket.send(b"\0" * (300 << 10))
        assert device.closing() == 1009
        other.receives_nothing()


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
            device.receives_nothing()
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
        other.receives_nothing()
        one.http.post(f"{one.control}/reset")
        assert told.closing() == 1000
        two.http.delete(two.control)
        assert other.closing() == 1001
