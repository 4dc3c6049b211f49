"""Devices that fetch what comes to them miss nothing, whenever the announcement is written."""

import asyncio
from dataclasses import replace

import pytest

from roamspec.emulator.apps import App
from roamspec.emulator.devices.hub import DeviceConnection
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.delivery import OutgoingMessage, send_to_user
from roamspec.emulator.service import Service
from roamspec.emulator.websocket import frames, queues
from roamspec.emulator.websocket.session import DeviceSession
from roamspec.wire.message_body_pb2 import JID, MessageBody
from roamspec.wire.msync_pb2 import CommSyncDL, CommSyncUL, CommUnreadDL, MSync, Provision

NOTICE = DeviceNotice({"operation": "clear_user", "user": "alice", "timestamp": 1})
BOB = JID(appKey="o#a", name="bob", domain="easemob.com")


class Device:
    """A device whose frames are served at once; what it gets is read at the end."""

    def __init__(self, service: Service) -> None:
        self.connection = DeviceConnection(takes_messages=True)
        scope = {"type": "websocket", "path": "/websocket", "raw_path": b"/websocket", "query_string": b""}
        self.session = DeviceSession(service, self.connection, {**scope, "headers": []})

    def log_in(self, user: str) -> None:
        guid, asked = JID(appKey="o#a", name=user), Provision(resource="web_1")
        self.say(MSync.PROVISION, asked.SerializeToString(), guid=guid, auth="1")

    def fetch(self, queue: JID) -> None:
        self.say(MSync.SYNC, CommSyncUL(queue=queue).SerializeToString())

    def say(self, command: MSync.Command, payload: bytes = b"", **more: object) -> None:
        frame = MSync(command=command, payload=payload, **more)  # type: ignore[arg-type]
        self.session.receive(frame.SerializeToString())

    def got(self, number: int) -> list[MSync]:
        """The next frames that were put for it."""

        async def events() -> list[object]:
            return [await asyncio.wait_for(self.connection.next_event(), 5) for _ in range(number)]

        return [MSync.FromString(event) for event in asyncio.run(events()) if isinstance(event, bytes)]


@pytest.fixture
def app(service: Service) -> App:
    """With alice and bob, and devices that fetch."""
    found = service.find("o", "a")
    assert found is not None
    accounts.register(found.context(found.clock.now()), "bob", "1", None)
    found.settings = replace(found.settings, device_delivery="announced")
    return found


def send(app: App, text: str) -> None:
    """From bob to alice."""
    send_to_user(app.context(app.clock.now()), OutgoingMessage("bob", "txt", text, None), "alice")


def unread(frame: MSync) -> list[tuple[str, int]]:
    return [(item.queue.name, item.n) for item in CommUnreadDL.FromString(frame.payload).unread]


def texts(frame: MSync) -> list[str]:
    metas = CommSyncDL.FromString(frame.payload).metas
    return [MessageBody.FromString(meta.payload).contents[0].text for meta in metas]


def test_a_fetch_that_crosses_an_announcement_brings_what_it_announces(service: Service, app: App) -> None:
    device = Device(service)
    device.log_in("alice")
    # Nothing is written in between, so the device cannot know of the notification when it fetches.
    app.devices.notify("alice", NOTICE)
    device.fetch(frames.system_queue())
    _, announcement, answer = device.got(3)
    assert (announcement.command, answer.command) == (MSync.NOTICE, MSync.SYNC)
    assert len(CommSyncDL.FromString(answer.payload).metas) == 1


def test_what_waited_comes_before_what_is_announced_in_one_queue(service: Service, app: App) -> None:
    send(app, "while nobody was online")
    device = Device(service)
    device.log_in("alice")
    send(app, "now")
    device.say(MSync.UNREAD)
    device.fetch(BOB)
    device.fetch(BOB)
    device.say(MSync.UNREAD)
    _, _, first, page, again, last = device.got(6)
    assert unread(first) == [("bob", 2)]
    assert texts(page) == ["while nobody was online", "now"]
    assert texts(again) == []
    assert unread(last) == []


def test_another_user_on_the_same_connection_gets_nothing_of_the_first(service: Service, app: App) -> None:
    device = Device(service)
    device.log_in("alice")
    app.devices.notify("alice", NOTICE)
    device.log_in("bob")
    device.say(MSync.UNREAD)
    device.fetch(frames.system_queue())
    *_, heard, page = device.got(5)
    assert unread(heard) == []
    assert list(CommSyncDL.FromString(page.payload).metas) == []


@pytest.mark.parametrize(("number", "ended"), [(5, False), (6, True)])
def test_a_device_that_fetches_nothing_is_disconnected(
    service: Service, app: App, monkeypatch: pytest.MonkeyPatch, number: int, ended: bool
) -> None:
    monkeypatch.setattr(queues, "QUEUE_MAX", 10)
    device = Device(service)
    device.log_in("alice")
    for _ in range(5):
        app.devices.notify("alice", NOTICE)
    for each in range(number):
        send(app, f"text {each}")
    assert device.connection.ended is ended
