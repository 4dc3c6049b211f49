"""The ASGI application: public routes, control routes, and JSON for everything else."""

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from roamspec.emulator.devices.stream import DeviceStream
from roamspec.emulator.http.endpoint import UnknownPath
from roamspec.emulator.http.routes import routes
from roamspec.emulator.service import Service

CONTROL_PREFIX = "/_emulator"
OBSERVER_PREFIX = f"{CONTROL_PREFIX}/observer"


def application(service: Service) -> ASGIApp:
    observer = Route(
        OBSERVER_PREFIX + "/{org}/{app}/users/{user}/devices/{device}/events",
        DeviceStream(service),
        name="events",
    )
    router = Router([*routes(service), observer], redirect_slashes=False, default=UnknownPath(service))

    async def entry(scope: Scope, receive: Receive, send: Send) -> None:
        # Routes match the path as it was sent: an escaped slash belongs to its segment.
        scope["path"] = scope["raw_path"].decode("ascii")
        await router(scope, receive, send)

    return entry
