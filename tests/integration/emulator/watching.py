"""A device in a thread: its events, as they come."""

import http.client
import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from .conftest import AppClient


class Device:
    """One online device; `next` waits for its next event, which at the end of the stream is `end`."""

    def __init__(self, app: AppClient, user: str, name: str) -> None:
        self._events: queue.Queue[tuple[str, Any]] = queue.Queue()
        host = urlsplit(app.origin)
        self._connection = http.client.HTTPConnection(host.hostname or "", host.port or 0, timeout=10)
        self._connection.request(
            "GET", f"/_emulator/observer/{app.org}/{app.app}/users/{user}/devices/{name}/events"
        )
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        assert self._answer.headers["content-type"] == "text/event-stream"
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        assert self.next() == ("ready", {})

    def _read(self) -> None:
        name = ""
        try:
            for line in self._answer:
                key, _, value = line.decode().strip().partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    self._events.put((name, json.loads(value)))
        except (OSError, http.client.HTTPException) as error:
            self._events.put(("broken", repr(error)))
        else:
            self._events.put(("end", None))

    def next(self) -> tuple[str, Any]:
        return self._events.get(timeout=5)

    def sync(self) -> dict[str, Any]:
        name, data = self.next()
        assert name == "sync", (name, data)
        assert isinstance(data, dict)
        return data

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            assert self._answer.isclosed(), "only a stream that has ended has no connection any more"
        self._thread.join(5)
        self._answer.close()
        self._connection.close()


@contextmanager
def online(app: AppClient, user: str, *names: str) -> Iterator[list[Device]]:
    devices = [Device(app, user, name) for name in names]
    try:
        yield devices
    finally:
        for device in devices:
            device.close()
