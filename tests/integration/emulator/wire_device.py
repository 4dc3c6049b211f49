"""A device on a WebSocket, as far as a test needs one: it speaks the protocol of the client SDKs."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from roamspec.wire.message_body_pb2 import JID, MessageBody, Meta
from roamspec.wire.msync_pb2 import (
    CommNotice,
    CommSyncDL,
    CommSyncUL,
    CommUnreadDL,
    Logout,
    MSync,
    Provision,
    StatisticsBody,
)

from .conftest import AppClient

Answer = CommSyncDL | CommUnreadDL | Provision | Logout | CommNotice
_ANSWERS: dict[int, type[Answer]] = {
    MSync.SYNC: CommSyncDL,
    MSync.UNREAD: CommUnreadDL,
    MSync.PROVISION: Provision,
    MSync.LOGOUT: Logout,
    MSync.NOTICE: CommNotice,
}
_WAIT_S = 5
REST = "/rest/message/roaming"


def resources(app: AppClient, user: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = app.call("GET", f"/users/{user}/resources").json()["data"]
    return found


def await_nobody_online(app: AppClient, user: str) -> None:
    """The service learns of a closed connection a moment after its device: ask until it has."""
    latest = time.monotonic() + 10
    while found := resources(app, user):
        assert time.monotonic() < latest, f"still online: {found}"


class WireDevice:
    """One connection. `next` waits for the service's next frame, `closing` for the end of the connection."""

    def __init__(self, socket: ClientConnection, app: AppClient, user: str) -> None:
        self.socket = socket
        self.app = app
        self.user = user
        self.key = f"{app.org}#{app.app}"

    def say(self, command: MSync.Command, payload: bytes = b"", **more: Any) -> None:
        guid = JID(appKey=self.key, name=self.user, domain="easemob.com")
        frame = MSync(version=MSync.MSYNC_V1, guid=guid, command=command, payload=payload, **more)
        self.socket.send(frame.SerializeToString())

    def next(self) -> Answer:
        data = self.socket.recv(_WAIT_S)
        assert isinstance(data, bytes)
        frame = MSync.FromString(data)
        return _ANSWERS[frame.command].FromString(frame.payload)

    def log_in(self, auth: str, **more: Any) -> Provision:
        asked = Provision(osType=Provision.OTHER, **more)
        self.say(MSync.PROVISION, asked.SerializeToString(), auth=auth)
        answer = self.next()
        assert isinstance(answer, Provision)
        return answer

    def heartbeat(self) -> CommUnreadDL:
        self.say(MSync.UNREAD)
        answer = self.next()
        assert isinstance(answer, CommUnreadDL)
        return answer

    def synced(self) -> CommSyncDL:
        answer = self.next()
        assert isinstance(answer, CommSyncDL)
        return answer

    def fetch(self, queue: JID, key: int = 0) -> CommSyncDL:
        asked = CommSyncUL(queue=queue)
        if key:
            asked.key = key
        self.say(MSync.SYNC, asked.SerializeToString())
        return self.synced()

    def send(self, meta: Meta) -> CommSyncDL:
        """The response to a message; what else comes meanwhile is not expected."""
        self.say(MSync.SYNC, CommSyncUL(meta=meta).SerializeToString())
        return self.synced()

    def notice(self) -> dict[str, Any]:
        """The JSON of the next frame, which must tell of something."""
        (meta,) = self.synced().metas
        assert meta.ns == Meta.NOTIFY
        assert meta.HasField("from"), "a client reads its name"
        found: dict[str, Any] = json.loads(meta.payload)
        return found

    def receives_nothing(self) -> None:
        """What the service had to say before it answered a heartbeat was nothing."""
        self.heartbeat()

    def kick(self) -> StatisticsBody.Operation:
        (meta,) = self.synced().metas
        assert meta.ns == Meta.STATISTIC
        assert meta.HasField("from"), "a client reads its name"
        return StatisticsBody.FromString(meta.payload).operation

    def closing(self) -> int:
        """The code with which the service closed the connection; frames before it are passed over."""
        try:
            while True:
                self.socket.recv(_WAIT_S)
        except ConnectionClosed:
            return int(self.socket.close_code or 0)


def text_message(to: str, text: str, kind: MessageBody.Type = MessageBody.CHAT, **more: Any) -> Meta:
    """As the Web SDK sends it: the body has names alone, the envelope has no sender."""
    content = MessageBody.Content(type=MessageBody.Content.TEXT, text=text)
    body = MessageBody(type=kind, to=JID(name=to), contents=[content], **more)
    domain = "easemob.com" if kind == MessageBody.CHAT else "conference.easemob.com"
    return Meta(id=77, to=JID(name=to, domain=domain), ns=Meta.CHAT, payload=body.SerializeToString())


def texts(answer: CommSyncDL) -> list[str]:
    return [MessageBody.FromString(meta.payload).contents[0].text for meta in answer.metas]


@contextmanager
def connected(app: AppClient, user: str, path: str = "/websocket") -> Iterator[WireDevice]:
    """A connection on which nobody has logged in yet."""
    place = urlsplit(app.origin).netloc
    with connect(f"ws://{place}{path}", compression=None, proxy=None) as socket:
        yield WireDevice(socket, app, user)


@contextmanager
def logged_in(app: AppClient, user: str, *resources: str) -> Iterator[list[WireDevice]]:
    """Devices with these resources, by the user's password."""
    with ExitStack() as stack:
        devices = []
        for resource in resources:
            device = stack.enter_context(connected(app, user))
            assert device.log_in("1", resource=resource).status.errorCode == 0
            devices.append(device)
        yield devices
