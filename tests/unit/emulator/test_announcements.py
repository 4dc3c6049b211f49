"""Devices that fetch what comes to them miss nothing, whenever the announcement is written."""

import asyncio
from dataclasses import replace

from roamspec.emulator.devices.hub import DeviceConnection
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.service import Service
from roamspec.emulator.websocket import frames
from roamspec.emulator.websocket.session import DeviceSession
from roamspec.wire.message_body_pb2 import JID
from roamspec.wire.msync_pb2 import CommSyncDL, CommSyncUL, MSync, Provision

LOGIN = MSync(
    command=MSync.PROVISION,
    guid=JID(appKey="o#a", name="alice"),
    auth="1",
    payload=Provision(resource="web_1").SerializeToString(),
)
FETCH = MSync(command=MSync.SYNC, payload=CommSyncUL(queue=frames.system_queue()).SerializeToString())
NOTICE = DeviceNotice({"operation": "clear_user", "user": "alice", "timestamp": 1})


def test_a_fetch_that_crosses_an_announcement_brings_what_it_announces(service: Service) -> None:
    app = service.find("o", "a")
    assert app is not None
    app.settings = replace(app.settings, device_delivery="announced")
    connection = DeviceConnection(takes_messages=True)
    scope = {
        "type": "websocket",
        "path": "/websocket",
        "raw_path": b"/websocket",
        "query_string": b"",
        "headers": [],
    }
    session = DeviceSession(service, connection, dict(scope))
    session.receive(LOGIN.SerializeToString())
    # Nothing is written in between, so the device cannot know of the notification when it fetches.
    app.devices.notify("alice", NOTICE)
    session.receive(FETCH.SerializeToString())

    async def written() -> list[MSync]:
        events = [await connection.next_event() for _ in range(3)]
        return [MSync.FromString(event) for event in events if isinstance(event, bytes)]

    _, announcement, answer = asyncio.run(written())
    assert (announcement.command, answer.command) == (MSync.NOTICE, MSync.SYNC)
    assert len(CommSyncDL.FromString(answer.payload).metas) == 1
