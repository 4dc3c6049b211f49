"""Server-sent events: one online device of one user, for as long as the connection is open."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.types import Receive, Scope, Send

from roamspec.emulator.apps import App
from roamspec.emulator.devices.hub import DeviceConnection, End
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.http.endpoint import ENDLESS, respond, unknown_app
from roamspec.emulator.http.error_responses import error_response
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.http.shared_calls import found_app
from roamspec.emulator.service import Service
from roamspec.emulator.shared.problems import AppGone, StoreGone
from roamspec.emulator.shared.protocol import Sharing

HEARTBEAT_S: Final = 10.0
_HEADERS: Final = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"access-control-allow-origin", b"*"),
]


class DeviceStream:
    """`GET …/{org}/{app}/users/{user}/devices/{device}/events`."""

    __slots__ = ("_service",)

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream the events of one device until either side ends; an unknown app or user gets an error
        response."""
        raw = scope["path_params"]
        app = self._service.find(raw["org"], raw["app"])
        request = IncomingRequest(self._service, scope, app, 0 if app is None else app.clock.now())
        shared = self._service.shared
        try:
            if app is None and shared is not None:
                app = await found_app(shared, request)
            if app is None:
                raise unknown_app(request)
            if scope["method"] != "GET":
                raise ApiError("wrong-method", allow="GET")
            user, device = request.user("user"), request.name("device")
            connect = partial(_connect, app, user, device)
            connection = connect() if shared is None else await _connect_shared(shared, app, connect, request)
        except ApiError as refusal:
            await respond(request, send, error_response(request, refusal))
            return
        scope[ENDLESS] = True
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _write(send, _event("ready", {}))
            if self._service.stopping:
                connection.close()
            await _play(connection, receive, send)
        finally:
            app.devices.disconnect(connection)


def _connect(app: App, user: str, device: str) -> DeviceConnection:
    if app.store.user(user) is None:
        raise ApiError("unknown-user")
    return app.devices.connect(user, device)


async def _connect_shared(
    shared: Sharing, app: App, connect: Callable[[], DeviceConnection], request: IncomingRequest
) -> DeviceConnection:
    try:
        return await shared.come_online(app, connect)
    except AppGone:
        raise unknown_app(request) from None
    except StoreGone as error:
        raise ApiError("stopping") from error


async def _play(connection: DeviceConnection, receive: Receive, send: Send) -> None:
    disconnected = asyncio.ensure_future(_until_disconnected(receive))
    waiting = asyncio.ensure_future(connection.next_event())
    try:
        while True:
            done, _ = await asyncio.wait(
                (disconnected, waiting), timeout=HEARTBEAT_S, return_when=asyncio.FIRST_COMPLETED
            )
            if disconnected in done:
                return
            if waiting not in done:
                await _write(send, b": still here\n\n")
                continue
            event = waiting.result()
            if isinstance(event, End):
                await send({"type": "http.response.body", "body": b""})
                return
            if isinstance(event, DeviceNotice):
                await _write(send, _event("sync", event.body))
            waiting = asyncio.ensure_future(connection.next_event())
    finally:
        disconnected.cancel()
        waiting.cancel()


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


def _event(name: str, data: dict[str, object]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()
