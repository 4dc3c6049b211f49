"""The emulator's control API, as far as an SDK's tests need it; nothing but the standard library."""

import http.client
import json
from collections.abc import Mapping
from operator import methodcaller
from typing import Any
from urllib.parse import urlsplit

from roamspec.errors import RoamspecError

_TIMEOUT_S = 30


class ControlRefused(RoamspecError):  # noqa: N818 - what happened, as people say it
    """The control API would not do it; the message is its own sentence."""


class Control:
    """`url` is the control URL of a running emulator."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._prefix = parts.hostname or "", parts.port, parts.path

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The response's JSON; ControlRefused where it is none of success, OSError where nobody answers."""
        __tracebackhide__ = methodcaller("errisinstance", ControlRefused)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, self._prefix + path, text, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status >= 400:
            raise ControlRefused(str(content.get("error", content)))
        return content
