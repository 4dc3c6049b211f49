"""One device's conversation with the service: frames in, frames out."""

from typing import Final

from google.protobuf.message import DecodeError

from roamspec.emulator.devices.hub import QUEUE_MAX, Arrival, DeviceConnection
from roamspec.emulator.devices.offline import conversation_of
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.metas import message_as_meta
from roamspec.emulator.service import Service
from roamspec.emulator.websocket import frames
from roamspec.emulator.websocket.login import Login, LoginRefused, log_in
from roamspec.emulator.websocket.notices import notice_meta
from roamspec.emulator.websocket.record import record
from roamspec.emulator.websocket.sending import NotSent, send
from roamspec.wire.message_body_pb2 import JID, Meta
from roamspec.wire.msync_pb2 import CommSyncUL, MSync, Provision, Status

PAGE: Final = 50
"""Messages that one fetch gives at most."""
BAD_FRAMES_MAX: Final = 20
"""Frames that cannot be served, after which the connection ends."""


class DeviceSession:
    """What the service knows of one connected device. `login` is None until it has logged in."""

    def __init__(self, service: Service, connection: DeviceConnection, scope: dict[str, object]) -> None:
        self._service = service
        self._scope = scope
        self._bad = 0
        self._announced: dict[tuple[str, str], list[Meta]] = {}
        self.connection = connection
        self.login: Login | None = None

    def receive(self, data: bytes) -> None:
        """Serve one binary message; answers go into the connection."""
        try:
            frame = MSync.FromString(data)
            if frame.command == MSync.PROVISION:
                self._provision(frame)
            elif self.login is None:
                self._reject(Status.UNAUTHORIZED, "log in first")
            else:
                self._serve(self.login, frame)
        except DecodeError:
            self._reject(Status.PB_PARSER_ERROR, "this is no frame of the protocol")

    def leave(self) -> None:
        """The connection is over."""
        if self.login is not None:
            self.login.app.devices.disconnect(self.connection)

    def _arrive(self, event: DeviceNotice | StoredMessage) -> Arrival:
        """Where devices fetch, put an event into its queue before any later fetch is answered."""
        assert self.login is not None
        if self.login.app.settings.device_delivery != "announced":
            return event
        meta, queue = self._meta_of(event)
        waiting = self._announced.setdefault((queue.name, queue.domain), [])
        waiting.append(meta)
        if len(waiting) > QUEUE_MAX:
            self.connection.close()
        return frames.announced(queue)

    def encode(self, event: DeviceNotice | StoredMessage) -> bytes:
        """The frame that tells the device."""
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
            for other in same[: len(same) + 1 - most]:
                other.close("replaced")
                login.app.devices.disconnect(other)
        self.connection.platform = login.platform

    def _serve(self, login: Login, frame: MSync) -> None:
        if frame.command == MSync.UNREAD:
            counts = login.app.devices.offline.counts(login.user)
            key = str(login.app.key)
            queues = [(frames.jid(key, conversation), number) for conversation, number in counts.items()]
            # A client passes over an announcement that comes while it fetches, and finds the rest here.
            for (name, domain), metas in self._announced.items():
                queues.append((JID(appKey=key, name=name, domain=domain), len(metas)))
            self.connection.put(frames.unread(frames.OK, login.app.clock.now(), queues))
        elif frame.command == MSync.SYNC:
            self._sync(login, CommSyncUL.FromString(frame.payload))
        elif frame.command == MSync.LOGOUT:
            self.connection.put(frames.logged_out())
            self.connection.close("logged-out")
        else:
            self._reject(Status.UNKNOWN_COMMAND, "this command is not known here")

    def _sync(self, login: Login, asked: CommSyncUL) -> None:
        if not asked.HasField("meta"):
            self._fetch(login, asked.queue, asked.key)
            return
        meta, now = asked.meta, login.app.clock.now()
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

    def _fetch(self, login: Login, queue: JID, key: int) -> None:
        """A page of what waits, without what was deleted since; a key says what the device has already."""
        app, now = login.app, login.app.clock.now()
        announced = self._announced.pop((queue.name, queue.domain), None)
        if announced is not None:
            self.connection.put(frames.synced(announced, queue, now))
            return
        in_group = queue.domain.startswith("conference.")
        conversation = ConversationKey("group" if in_group else "chat", queue.name)
        offline = app.devices.offline
        if key:
            offline.acknowledge(login.user, conversation, key)
        page = offline.page(login.user, conversation, key, PAGE + 1)
        shown = page[:PAGE]
        view = app.store.view(login.user, conversation)
        metas = [
            message_as_meta(message, str(app.key))
            for _, message in shown
            if view is not None and view.get(message.id) is not None
        ]
        next_key = shown[-1][0] if shown else None
        last = len(page) <= PAGE
        if last and next_key is not None:
            # The last page is not fetched behind: whoever got it has it.
            offline.acknowledge(login.user, conversation, next_key)
        self.connection.put(frames.synced(metas, queue, now, next_key=next_key, is_last=last))

    def _reject(self, code: Status.ErrorCode, reason: str) -> None:
        self._bad += 1
        now = 0 if self.login is None else self.login.app.clock.now()
        self.connection.put(frames.refused(code, reason, now))
        if self._bad >= BAD_FRAMES_MAX:
            self.connection.close()
