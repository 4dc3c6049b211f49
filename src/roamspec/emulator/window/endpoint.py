"""The paths below `/_emulator/ui`: the page and its parts, and what it asks."""

import ipaddress
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from roamspec.emulator.control.endpoint import ControlResource, UnknownControlPath, refuse
from roamspec.emulator.service import Service
from roamspec.emulator.window.state import show_choices, show_journal, show_state
from roamspec.emulator.window.stream import ChangeStream

_ASSETS: Final = Path(__file__).parent / "assets"
_TYPES: Final = {
    ".html": b"text/html; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript",
}
# The page runs its own files alone, and talks to this emulator alone.
_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)
_ELSEWHERE: Final = (
    "the window is shown on the emulator's own machine only; start the emulator with --ui-everywhere to show "
    "it on others."
)


class Window:
    """Everything below the window's prefix, for callers on this machine unless it is told otherwise."""

    def __init__(self, service: Service, prefix: str) -> None:
        self._service = service
        routes = [
            Route(prefix, _Asset("window.html"), name="page"),
            Route(prefix + "/events", _GetOnly(ChangeStream(service)), name="events"),
            Route(prefix + "/state", ControlResource(service, {"GET": show_state}), name="state"),
            Route(prefix + "/journal", ControlResource(service, {"GET": show_journal}), name="journal"),
            Route(prefix + "/choices", ControlResource(service, {"GET": show_choices}), name="choices"),
            *(
                Route(f"{prefix}/{path.name}", _Asset(path.name), name=path.name)
                for path in sorted(_ASSETS.iterdir())
                if path.suffix in (".css", ".js")
            ),
        ]
        self._router = Router(routes, redirect_slashes=False, default=UnknownControlPath())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of the window; 403 for another machine's, unless it was allowed."""
        if not (self._service.window_everywhere or _is_here(scope.get("client"))):
            await refuse(scope, receive, send, 403, _ELSEWHERE)
            return
        scope["path_params"] = {}
        await self._router(scope, receive, send)


def _is_here(client: tuple[str, int] | None) -> bool:
    if client is None:
        return True
    address = ipaddress.ip_address(client[0].partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback


class _GetOnly:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, HTTPStatus.METHOD_NOT_ALLOWED, "this path takes GET.")


class _Asset:
    """One file of the page."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await refuse(scope, receive, send, HTTPStatus.METHOD_NOT_ALLOWED, "this path takes GET.")
            return
        body = _read(self._name)
        headers = [
            (b"content-type", _TYPES[Path(self._name).suffix]),
            (b"content-length", b"%d" % len(body)),
            *_HEADERS,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] == "GET" else b""})


@cache
def _read(name: str) -> bytes:
    return (_ASSETS / name).read_bytes()
