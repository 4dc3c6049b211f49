"""Online devices: one open event stream each, read by a thread of its own.

Speaks HTTP on a connection of its own, not through the HTTP client: the stream is endless, and no recording
may stand between it and the check.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpcore

from roamspec.appkey import AppKey
from roamspec.errors import SetupFailed
from roamspec.transport.connection_errors import unreachable
from roamspec.transport.event_stream import EventStream
from roamspec.transport.http_messages import segment
from roamspec.transport.network_settings import Network

READY_TIMEOUT_S = 5.0
DELETIONS = ("delete_messages", "clear_before")
"""The notifications that tell of a deletion; there may be others, about other things."""
_DELETION_WORDS = ("delete", "clear")


@dataclass(frozen=True, slots=True)
class DeletionNotification:
    """One deletion that the service told a device of; absent parts are None."""

    operation: str
    user: str
    conversation_kind: str
    conversation_id: str
    message_ids: frozenset[str] | None
    del_time: int | None
    received_at: float

    @classmethod
    def read(cls, data: dict[str, Any], received_at: float) -> Self:
        """From the data of one event; what is not of the expected type is empty or None."""
        conversation = data.get("conversation")
        where = conversation if isinstance(conversation, dict) else {}
        ids = data.get("message_ids")
        when = data.get("del_time")
        return cls(
            operation=str(data.get("operation", "")),
            user=str(data.get("user", "")),
            conversation_kind=str(where.get("type", "")),
            conversation_id=str(where.get("id", "")).partition("@")[0],
            message_ids=frozenset(map(str, ids)) if isinstance(ids, list) else None,
            del_time=int(when) if isinstance(when, int | str) and str(when).isdecimal() else None,
            received_at=received_at,
        )

    def as_dict(self) -> dict[str, Any]:
        """The form that stands in `report.json`, without what the notification lacks."""
        parts: dict[str, Any] = {
            "operation": self.operation,
            "conversation": f"{self.conversation_kind} {self.conversation_id}".strip(),
        }
        if self.message_ids is not None:
            parts["message_ids"] = sorted(self.message_ids)
        if self.del_time is not None:
            parts["del_time"] = self.del_time
        return parts


class Device:
    """One online device of one user, for as long as its stream is open."""

    def __init__(self, stream: EventStream, user: str, name: str) -> None:
        self.user = user
        self.name = name
        self._stream = stream
        self._events: list[DeletionNotification] = []
        self._ready = False
        self._ended = ""
        self._unconnected: Exception | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, name=f"device {name} of {user}", daemon=True)

    @classmethod
    def connect(
        cls, observer_url: str, app: AppKey, user: str, name: str, *, network: Network | None = None
    ) -> Self:
        """Open the stream and return when the device is online; SetupFailed otherwise."""
        network = network or Network()
        url = f"{observer_url.rstrip('/')}/{segment(app.org)}/{segment(app.app)}"
        url += f"/users/{segment(user)}/devices/{segment(name)}/events"
        accepted = {"Accept": "text/event-stream"}
        device = cls(EventStream(url, network, headers=accepted, connect_s=READY_TIMEOUT_S), user, name)
        device._thread.start()
        came = device._await(lambda: device._ready or bool(device._ended), READY_TIMEOUT_S)
        # Closing ends the stream as well, and would hide why it did not come online.
        why = device._ended if came else f"no ready event within {READY_TIMEOUT_S:g} s"
        if why:
            device.close()
        if device._unconnected:
            raise SetupFailed(f"the observer {unreachable(device._unconnected, why, observer_url, network)}")
        if why:
            raise SetupFailed(f"the device {name} of {user} did not come online: {why}.")
        return device

    @property
    def events(self) -> list[DeletionNotification]:
        """The deletions that this device was notified of so far, in order."""
        with self._changed:
            return [event for event in self._events if event.operation in DELETIONS]

    @property
    def deletions(self) -> list[DeletionNotification]:
        """What looks like a deletion in whatever words, such as that of a whole user's messages."""
        with self._changed:
            return [event for event in self._events if event.operation.startswith(_DELETION_WORDS)]

    def as_dict(self) -> dict[str, Any]:
        """The form that stands in `report.json`: the device, and what it was notified of so far."""
        with self._changed:
            notifications = [event.as_dict() for event in self._events]
        return {"user": self.user, "device": self.name, "notifications": notifications}

    def about(self, conversation_id: str) -> list[DeletionNotification]:
        """What this device was notified of one conversation so far."""
        return [event for event in self.events if event.conversation_id == conversation_id]

    def wait_for(self, conversation_id: str, timeout_s: float, *, count: int = 1) -> bool:
        """Whether `count` events about the conversation have come, waiting for them if need be.

        Raises SetupFailed when the stream ended before: then nobody knows what the device was notified.
        """
        return self.wait_until(conversation_id, lambda heard: len(heard) >= count, timeout_s)

    def wait_until(
        self,
        conversation_id: str,
        holds: Callable[[Sequence[DeletionNotification]], bool],
        timeout_s: float,
    ) -> bool:
        """The same for whatever `holds` of the events about the conversation, in order."""

        def come() -> bool:
            heard = [event for event in self._events if event.operation in DELETIONS]
            return holds([event for event in heard if event.conversation_id == conversation_id])

        came = self._await(lambda: come() or bool(self._ended), timeout_s) and come()
        if self._ended and not came:
            raise SetupFailed(f"the device {self.name} of {self.user} went off line: {self._ended}.")
        return came

    def close(self) -> None:
        """Take the device off line."""
        self._stream.close()
        if self._thread.is_alive():
            self._thread.join(2.0)

    def _await(self, holds: Callable[[], bool], timeout_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(holds, timeout_s)

    def _read(self) -> None:
        try:
            for event, data in _server_sent_events(self._stream.chunks()):
                self._take(event, data)
            self._end("the stream ended")
        except httpcore.RemoteProtocolError as error:
            self._end(f"this is not a complete HTTP response ({error})")
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ProxyError) as error:
            self._unconnected = error
            self._end(f"{type(error).__name__}: {error}")
        except (httpcore.NetworkError, OSError, ValueError) as error:
            self._end(str(error) or type(error).__name__)

    def _take(self, event: str, data: str) -> None:
        received_at = time.monotonic()
        with self._changed:
            if event == "ready":
                self._ready = True
            elif event == "sync":
                content = json.loads(data)
                if isinstance(content, dict):
                    self._events.append(DeletionNotification.read(content, received_at))
            self._changed.notify_all()

    def _end(self, why: str) -> None:
        with self._changed:
            self._ended = why
            self._changed.notify_all()


def _server_sent_events(chunks: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    """(event, data) pairs of a `text/event-stream`."""
    buffer = b""
    event, data = "message", []  # type: str, list[str]
    line_end_open = False
    for chunk in chunks:
        # A carriage return and its line feed may come in two chunks; they end one line.
        buffer += chunk[1:] if line_end_open and chunk.startswith(b"\n") else chunk
        line_end_open = chunk.endswith(b"\r")
        *lines, buffer = buffer.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for line in (raw.decode("utf-8", "replace") for raw in lines):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if data:
                    yield event, "\n".join(data)
                event, data = "message", []
            elif name == "event":
                event = value
            elif name == "data":
                data.append(value)
