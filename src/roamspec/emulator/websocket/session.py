"""One device's conversation with the service: frames in, frames out."""

from typing import Final

from google.protobuf.message import DecodeError

from roamspec.emulator.devices.hub import Arrival, DeviceConnection
from roamspec.emulator.devices.offline import conversation_of
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.metas import message_as_meta
from roamspec.emulator.service import Service
from roamspec.emulator.websocket import frames
from roamspec.emulator.websocket.login import Login, LoginRefused, log_in
from roamspec.emulator.websocket.notices import notice_meta
from roamspec.emulator.websocket.queues import WaitingQueues
from roamspec.emulator.websocket.record import record
from roamspec.emulator.websocket.sending import NotSent, send
from roamspec.wire.message_body_pb2 import JID, Meta
from roamspec.wire.msync_pb2 import CommSyncUL, MSync, Provision, Status

BAD_FRAMES_MAX: Final = 20
"""Frames that cannot be served, after which the connection ends."""


class DeviceSession:
    """What the service knows of one connected device. `login` is None until it has logged in; a device may
    log in again on its connection, also as another user."""

    def __init__(self, service: Service, connection: DeviceConnection, scope: dict[str, object]) -> None:
        self._service = service
        self._scope = scope
        self._bad = 0
        self._queues: WaitingQueues | None = None
        self.connection = connection
        self.login: Login | None = None

    def receive(self, data: bytes) -> None:
        """Serve one binary message; answers go into the connection."""
        try:
            frame = MSync.FromString(data)
            if frame.command == MSync.PROVISION:
                self._provision(frame)
            elif self.login is None or self._queues is None:
                self._reject(Status.UNAUTHORIZED, "log in first")
            else:
                self._serve(self.login, self._queues, frame)
        except DecodeError:
            self._reject(Status.PB_PARSER_ERROR, "this is no frame of the protocol")

    def leave(self) -> None:
        """The connection is over."""
        if self.login is not None:
            self.login.app.devices.disconnect(self.connection)

    def _arrive(self, event: DeviceNotice | StoredMessage) -> Arrival:
        """Where devices fetch, put an event into its queue before any later fetch is answered."""
        assert self.login is not None
        assert self._queues is not None
        if self.login.app.settings.device_delivery != "announced":
            return event
        meta, queue = self._meta_of(event)
        if not self._queues.announce(queue, meta):
            self.connection.close()
        return frames.announced(queue)

    def encode(self, event: DeviceNotice | StoredMessage) -> bytes:
        """The frame that brings an event to the device."""
        assert self.login is not None
        meta, queue = self._meta_of(event)
        return frames.synced([meta], queue, self.login.app.clock.now())

    def _meta_of(self, event: DeviceNotice | StoredMessage) -> tuple[Meta, JID]:
        assert self.login is not None
        app, now = self.login.app, self.login.app.clock.now()
        key = str(app.key)
        if isinstance(event, DeviceNotice):
            address = frames.jid(key, ConversationKey("chat", self.login.user))
            return notice_meta(event, int(app.ids.message(now)), address, now), frames.system_queue()
        queue = frames.jid(key, conversation_of(event, self.login.user))
        return message_as_meta(event, key), queue

    def _provision(self, frame: MSync) -> None:
        asked = Provision.FromString(frame.payload)
        try:
            login = log_in(self._service, frame, asked)
        except LoginRefused as refusal:
            self.connection.put(frames.provision(Status.FAIL, str(refusal)))
            record(self._service, self._scope, "loginDevice", frame, asked, str(refusal))
            self.connection.close()
            return
        self.leave()
        self._make_room(login)
        connection, self.login = self.connection, login
        self._queues = WaitingQueues(login)
        connection.user, connection.device = login.user, login.resource
        connection.arrive = self._arrive
        connection.device_uuid, connection.device_name = login.device_uuid, login.device_name
        connection.put(frames.provision(frames.OK, resource=login.resource, auth_token=login.auth_token))
        login.app.devices.add(connection)
        record(self._service, self._scope, "loginDevice", frame, asked, "")

    def _make_room(self, login: Login) -> None:
        """A resource is online once; of a platform, so many are as the settings say."""
        others = [c for c in login.app.devices.of(login.user) if c.takes_messages]
        for other in others:
            if other.device == login.resource:
                other.close("replaced")
                login.app.devices.disconnect(other)
        most = login.app.settings.devices_per_platform
        if most:
            same = [c for c in others if c.platform == login.platform and not c.ended]
            for other in same[: max(0, len(same) + 1 - most)]:
                other.close("replaced")
                login.app.devices.disconnect(other)
        self.connection.platform = login.platform

    def _serve(self, login: Login, queues: WaitingQueues, frame: MSync) -> None:
        if frame.command == MSync.UNREAD:
            self.connection.put(frames.unread(frames.OK, login.app.clock.now(), queues.counts()))
        elif frame.command == MSync.SYNC:
            asked = CommSyncUL.FromString(frame.payload)
            if asked.HasField("meta"):
                self._deliver(login, asked.meta)
            else:
                self._fetch(login, queues, asked)
        elif frame.command == MSync.LOGOUT:
            self.connection.put(frames.logged_out())
            self.connection.close("logged-out")
        else:
            self._reject(Status.UNKNOWN_COMMAND, "this command is not known here")

    def _fetch(self, login: Login, queues: WaitingQueues, asked: CommSyncUL) -> None:
        page, now = queues.fetch(asked.queue, asked.key), login.app.clock.now()
        self.connection.put(
            frames.synced(page.metas, asked.queue, now, next_key=page.next_key, is_last=page.is_last)
        )

    def _deliver(self, login: Login, meta: Meta) -> None:
        """A message or an acknowledgement that the device sends."""
        now = login.app.clock.now()
        if meta.ns == Meta.STATISTIC:
            return
        try:
            if meta.ns != Meta.CHAT:
                raise NotSent(Status.UNKNOWN_COMMAND, "this name space is not known here")
            server_id = send(login.app, login.user, login.resource, meta)
        except NotSent as why:
            self.connection.put(frames.refused(why.code, why.reason, now, meta.id))
            return
        except DecodeError:
            self.connection.put(
                frames.refused(Status.PB_PARSER_ERROR, "this is no message of the protocol", now, meta.id)
            )
            return
        self.connection.put(frames.taken(meta.id, server_id, now))
        self._service.changes.note()

    def _reject(self, code: Status.ErrorCode, reason: str) -> None:
        self._bad += 1
        now = 0 if self.login is None else self.login.app.clock.now()
        self.connection.put(frames.refused(code, reason, now))
        if self._bad >= BAD_FRAMES_MAX:
            self.connection.close()
