"""Frames of devices, on a state that several workers have in common."""

from functools import partial

from google.protobuf.message import DecodeError

from roamspec.emulator.apps import App
from roamspec.emulator.shared.problems import AppGone, StoreGone
from roamspec.emulator.shared.protocol import Sharing
from roamspec.emulator.websocket.session import DeviceSession
from roamspec.wire.msync_pb2 import MSync


async def receive_shared(shared: Sharing, session: DeviceSession, data: bytes) -> None:
    """Serve one frame; its answers leave once what they tell of is in the store.

    A device whose frame cannot be served is disconnected: it comes again, and sends what was not
    acknowledged.
    """
    connection = session.connection
    connection.hold()
    try:
        app = await _app_of(shared, session, data)
        if app is None:
            session.receive(data)
        elif session.login is None or session.login.app is not app:
            await shared.come_online(app, partial(session.receive, data))
        else:
            await shared.run(app, partial(session.receive, data), alone=True)
    except (AppGone, StoreGone):
        connection.drop_held()
        connection.close()
        return
    connection.let_go()


async def _app_of(shared: Sharing, session: DeviceSession, data: bytes) -> App | None:
    """The app that a frame speaks to: for a login, the one that it names."""
    try:
        frame = MSync.FromString(data)
    except DecodeError:
        frame = MSync()
    if frame.command == MSync.PROVISION and frame.HasField("guid"):
        org, _, name = frame.guid.appKey.partition("#")
        return await shared.find(org, name)
    return None if session.login is None else session.login.app
