"""The ASGI application: public routes, control routes, and JSON for everything else."""

from typing import Final

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from roamspec.emulator.devices.stream import DeviceStream
from roamspec.emulator.http import routes as public
from roamspec.emulator.http.endpoint import UnknownPath
from roamspec.emulator.http.operations.history import FILE_PATH, HistoryFile
from roamspec.emulator.service import Service

CONTROL_PREFIX: Final = "/_emulator"
OBSERVER_PREFIX: Final = f"{CONTROL_PREFIX}/observer"
WINDOW_PREFIX: Final = f"{CONTROL_PREFIX}/ui"
_EVENTS: Final = OBSERVER_PREFIX + "/{org}/{app}/users/{user}/devices/{device}/events"


def application(service: Service) -> ASGIApp:
    """All paths of an emulator: the public API, files of histories, device events, window and control API."""
    control = _OwnHostsOnly(service, _Control(service))
    window = _OwnHostsOnly(service, _Window(service))
    router = Router(
        [
            *public.routes(service),
            Route(FILE_PATH, HistoryFile(service), name="history file"),
            Route(_EVENTS, _OwnHostsOnly(service, DeviceStream(service)), name="events"),
            Route(WINDOW_PREFIX, window, name="window"),
            Route(WINDOW_PREFIX + "/{rest:path}", window, name="below window"),
            Route(CONTROL_PREFIX, control, name="control"),
            Route(CONTROL_PREFIX + "/{rest:path}", control, name="below control"),
        ],
        redirect_slashes=False,
        default=UnknownPath(service),
    )

    route = router.app

    devices = _Devices(service)

    async def entry(scope: Scope, receive: Receive, send: Send) -> None:
        # Routes match the path as it was sent: an escaped slash belongs to its segment.
        scope["path"] = scope["raw_path"].decode("ascii")
        await (route if scope["type"] == "http" else devices)(scope, receive, send)

    return entry


class _Devices:
    """The WebSocket side, loaded with the first device."""

    __slots__ = ("_service", "_socket")

    def __init__(self, service: Service) -> None:
        self._service = service
        self._socket: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._socket is None:
            from roamspec.emulator.websocket.endpoint import DeviceSocket

            self._socket = DeviceSocket(self._service)
        await self._socket(scope, receive, send)


class _OwnHostsOnly:
    """What stands below the control prefix, for whoever calls it by a name of this emulator's."""

    __slots__ = ("_app", "_service")

    def __init__(self, service: Service, app: ASGIApp) -> None:
        self._service = service
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = self._service.own_hosts
        sentence = hosts.refusal(dict(scope["headers"])) if hosts else ""
        if not sentence:
            await self._app(scope, receive, send)
            return
        from roamspec.emulator.control.endpoint import refuse

        await refuse(scope, receive, send, 403, sentence)


class _Window:
    """The window, loaded when somebody opens it."""

    __slots__ = ("_app", "_service")

    def __init__(self, service: Service) -> None:
        self._service = service
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            from roamspec.emulator.window.endpoint import Window

            self._app = Window(self._service, WINDOW_PREFIX)
        await self._app(scope, receive, send)


class _Control:
    """The control API, loaded when it is first asked: most processes never ask, and all must start fast."""

    __slots__ = ("_router", "_service")

    def __init__(self, service: Service) -> None:
        self._service = service
        self._router: Router | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._router is None:
            from roamspec.emulator.control.endpoint import UnknownControlPath
            from roamspec.emulator.control.routes import routes

            unknown = UnknownControlPath()
            self._router = Router(
                routes(CONTROL_PREFIX, self._service), redirect_slashes=False, default=unknown
            )
        # Its routes have parameters of their own.
        scope["path_params"] = {}
        await self._router(scope, receive, send)
