"""A device that reads nothing, that never logs in, or whose socket breaks costs the others nothing."""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

import pytest

from roamspec.emulator.devices import hub as hub_module
from roamspec.emulator.devices.hub import DeviceHub
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.service import Service
from roamspec.emulator.websocket import endpoint as endpoint_module
from roamspec.emulator.websocket import watch as watch_module
from roamspec.emulator.websocket.endpoint import DeviceSocket
from roamspec.emulator.websocket.protocol import ABORT
from roamspec.wire.message_body_pb2 import JID
from roamspec.wire.msync_pb2 import MSync, Provision

LOGIN = MSync(
    command=MSync.PROVISION,
    guid=JID(appKey="o#a", name="alice"),
    auth="1",
    payload=Provision(resource="web_1").SerializeToString(),
).SerializeToString()
NOTICE = DeviceNotice({"operation": "clear_user", "user": "alice", "timestamp": 1})


class Socket:
    """An ASGI server's side of one WebSocket: what it hands over, and what became of what was written."""

    def __init__(self, *received: bytes, reads: bool = True) -> None:
        self.received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.received.put_nowait({"type": "websocket.connect"})
        for data in received:
            self.received.put_nowait({"type": "websocket.receive", "bytes": data})
        self.written: list[MutableMapping[str, Any]] = []
        self.reads = reads
        self.aborted = False

    async def send(self, message: MutableMapping[str, Any]) -> None:
        # The response to the login still fits into the buffers.
        if not self.reads and len(self.written) > 1:
            await asyncio.Event().wait()
        self.written.append(message)

    def scope(self) -> dict[str, Any]:
        def abort() -> None:
            self.aborted = True

        return {
            "type": "websocket", "path": "/websocket", "raw_path": b"/websocket", "query_string": b"",
            "headers": [], ABORT: abort,
        }  # fmt: skip


def played(service: Service, socket: Socket, meanwhile: Callable[[DeviceHub], None]) -> None:
    """Serve the socket; once the device is online, or has waited for a moment, do something meanwhile."""
    app = service.find("o", "a")
    assert app is not None

    async def run() -> None:
        serving = asyncio.ensure_future(
            DeviceSocket(service)(socket.scope(), socket.received.get, socket.send)
        )
        for _ in range(20):
            await asyncio.sleep(0)
        meanwhile(app.devices)
        await asyncio.wait_for(serving, 10)

    asyncio.run(run())


def test_a_device_that_never_reads_is_cut_off(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "QUEUE_MAX", 10)
    monkeypatch.setattr(endpoint_module, "_FLUSH_S", 0.01)
    socket = Socket(LOGIN, reads=False)
    seen: list[str] = []

    def notify(hub: DeviceHub) -> None:
        seen.extend(hub.online("alice"))
        for _ in range(12):
            hub.notify("alice", NOTICE)

    played(service, socket, notify)
    app = service.find("o", "a")
    assert app is not None
    assert seen == ["web_1"]
    assert socket.aborted
    assert list(app.devices.online("alice")) == []


def test_a_device_that_sends_and_never_reads_is_not_read(service: Service) -> None:
    frame = MSync(command=MSync.UNREAD).SerializeToString()
    socket = Socket(LOGIN, *[frame] * 100, reads=False)
    left: list[int] = []

    def end(hub: DeviceHub) -> None:
        left.append(socket.received.qsize())
        hub.close("alice")

    played(service, socket, end)
    # The response to the first is being written, and the next one waits for that.
    assert left == [99]


def test_a_device_that_reads_gets_all_answers_in_order(service: Service) -> None:
    sent = [MSync(command=MSync.SYNC).SerializeToString(), MSync(command=MSync.UNREAD).SerializeToString()]
    socket = Socket(LOGIN, *sent * 50)

    def end(_: DeviceHub) -> None:
        socket.received.put_nowait({"type": "websocket.disconnect", "code": 1000})

    played(service, socket, end)
    answers = [MSync.FromString(each["bytes"]) for each in socket.written if each["type"] == "websocket.send"]
    assert [answer.command for answer in answers[1:]] == [MSync.SYNC, MSync.UNREAD] * 50


def test_a_device_that_reads_gets_all_that_was_that_was_written_before_the_end(service: Service) -> None:
    socket = Socket(LOGIN)

    def notify(hub: DeviceHub) -> None:
        hub.notify("alice", NOTICE)
        hub.close("alice", "kicked")

    played(service, socket, notify)
    kinds = [message["type"] for message in socket.written]
    # The response to the login, the notification, and why the connection ends.
    assert kinds == ["websocket.accept", *["websocket.send"] * 3, "websocket.close"]
    assert not socket.aborted


def test_who_never_logs_in_is_sent_away(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "LOGIN_WITHIN_S", 0.0)
    monkeypatch.setattr(watch_module, "_LOOK_EVERY_S", 0.001)
    socket = Socket()
    played(service, socket, lambda _: None)
    assert socket.written[-1]["type"] == "websocket.close"


def test_a_socket_that_breaks_takes_its_device_offline(service: Service) -> None:
    socket = Socket(LOGIN)
    online = []

    def lose(hub: DeviceHub) -> None:
        online.append(list(hub.online("alice")))
        socket.received.put_nowait({"type": "websocket.disconnect", "code": 1006})

    played(service, socket, lose)
    app = service.find("o", "a")
    assert app is not None
    assert (online, list(app.devices.online("alice"))) == ([["web_1"]], [])


def test_one_notice_is_encoded_once_for_all_devices(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roamspec.emulator.websocket.session import DeviceSession

    encoded = []
    encode = DeviceSession.encode

    def counting(session: DeviceSession, event: Any) -> bytes:
        encoded.append(event)
        return encode(session, event)

    monkeypatch.setattr(DeviceSession, "encode", counting)
    app = service.find("o", "a")
    assert app is not None
    sockets = [
        Socket(
            MSync(
                command=MSync.PROVISION,
                guid=JID(appKey="o#a", name="alice"),
                auth="1",
                payload=Provision(resource=f"web_{number}").SerializeToString(),
            ).SerializeToString()
        )
        for number in range(5)
    ]

    async def run() -> None:
        endpoint = DeviceSocket(service)
        serving = [
            asyncio.ensure_future(endpoint(socket.scope(), socket.received.get, socket.send))
            for socket in sockets
        ]
        for _ in range(20):
            await asyncio.sleep(0)
        app.devices.notify("alice", NOTICE)
        app.devices.close()
        await asyncio.wait_for(asyncio.gather(*serving), 10)

    asyncio.run(run())
    frames = {socket.written[2]["bytes"] for socket in sockets}
    assert (len(encoded), len(frames)) == (1, 1)
