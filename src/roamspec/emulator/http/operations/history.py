"""`GET /chatmessages/{yyyyMMddHH}`: a link to what the app sent in an hour, and the file behind it."""

import gzip
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from starlette.types import Receive, Scope, Send

from roamspec.emulator.apps import App
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.history import messages_of_hour
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.http.answers import HttpResponse, answer, envelope
from roamspec.emulator.http.authentication import admin
from roamspec.emulator.http.operations.common import admit
from roamspec.emulator.http.operations.payload import CHAT_TYPES, payload_of
from roamspec.emulator.http.parsing import parse_query
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.service import Service
from roamspec.emulator.shared.problems import AppGone, StoreGone

FILE_PATH: Final = "/{org}/{app}/chatmessages/{time}/file.gz"
"""The real service stores the file elsewhere; here it is beside the operation."""
_GOOD_FOR_S: Final = 1800
_AHEAD: Final = {"utc": timedelta(), "beijing": timedelta(hours=8)}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS: Final = 10


def export_history(request: IncomingRequest) -> HttpResponse:
    """The link is good for half an hour by the app's clock; it needs no token."""
    admin(request)
    admit(request)
    hour, app = request.name("time"), request.app
    _messages(app, hour, request.now)
    expires = request.now // 1000 + _GOOD_FOR_S
    link = f"{request.uri}/file.gz?Expires={expires}&Signature={_signature(app, hour, expires)}"
    return answer(request, envelope(request, data=[{"url": link}]), "documented")


class HistoryFile:
    """What the link leads to: one line of JSON for each message, compressed. The journal does not list it."""

    __slots__ = ("_service",)

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer with the compressed file of one hour; 403 or 404 where the link is not good."""
        status, media_type, body = await self._answer_now(scope)
        headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer_now(self, scope: Scope) -> tuple[int, bytes, bytes]:
        shared, path = self._service.shared, scope["path_params"]
        if shared is None:
            return self._answer(scope)
        try:
            app = await shared.find(path["org"], path["app"])
            if app is None:
                return self._answer(scope)
            return await shared.run(app, partial(self._answer, scope))
        except AppGone:
            return self._answer(scope)
        except StoreGone:
            return 503, b"application/json", b'{"error":"the file cannot be read now; try again"}'

    def _answer(self, scope: Scope) -> tuple[int, bytes, bytes]:
        path = scope["path_params"]
        app = self._service.find(path["org"], path["app"])
        try:
            if app is None or not _is_signed(app, path["time"], parse_query(scope["query_string"])):
                return 403, b"application/json", b'{"error":"the link is wrong or has expired"}'
            messages = _messages(app, path["time"], app.clock.now())
        except ApiError:
            return 404, b"application/json", b'{"error":"there is no such file any more"}'
        return 200, b"application/gzip", gzip.compress("".join(_lines(messages)).encode(), mtime=0)


def _messages(app: App, text: str, now: int) -> Sequence[StoredMessage]:
    """Those of the hour `yyyyMMddHH` in the app's zone."""
    named = {"key": str(app.key), "hour": text}
    try:
        if not (text.isascii() and text.isdigit() and len(text) == _DIGITS):
            raise ValueError(text)
        begins = datetime.strptime(text + "+0000", "%Y%m%d%H%z")
    except ValueError as error:
        raise ApiError("bad-hour", **named) from error
    hour = (begins - _EPOCH - _AHEAD[app.settings.history_export_zone]) // timedelta(hours=1)
    return messages_of_hour(app.context(now), hour, **named)


def _lines(messages: Sequence[StoredMessage]) -> Iterator[str]:
    for message in messages:
        line = {
            "msg_id": message.id,
            "timestamp": message.time_ms,
            "direction": "outgoing",
            "to": message.target,
            "from": message.sender,
            "chat_type": CHAT_TYPES[message.conversation_kind],
            "payload": payload_of(message),
        }
        yield json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n"


def _signature(app: App, hour: str, expires: int) -> str:
    return hmac.digest(app.client_secret.encode(), f"{hour}\n{expires}".encode(), "sha256").hex()[:32]


def _is_signed(app: App, hour: str, query: dict[str, str]) -> bool:
    text = query.get("Expires", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16) or int(text) * 1000 < app.clock.now():
        return False
    return hmac.compare_digest(query.get("Signature", "").encode(), _signature(app, hour, int(text)).encode())
