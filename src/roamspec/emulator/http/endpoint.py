"""The ASGI endpoint of one path: dispatches by method, answers, and writes the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import unquote

from starlette.types import Receive, Scope, Send

from roamspec.emulator.clock import AppClock
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.answers import EVIDENCE_HEADER, Evidence, HttpResponse
from roamspec.emulator.http.body import has_body, read_body
from roamspec.emulator.http.error_responses import error_response
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.http.shared_calls import answer_of, found_app
from roamspec.emulator.service import Service

Handler = Callable[[IncomingRequest], HttpResponse]

ENDLESS: Final = "roamspec.endless"
"""In the scope of a stream that only its reader ends: whoever leaves has seen all there was."""
# The rest of a body that never came would be taken for the next request.
_CLOSING: Final = frozenset((408, 503))
# Nuisances that leave the connection as it is: a caller that does not wait for the response left on its own.
_PATIENT: Final = frozenset(("", "latency", "slow-body"))
_SYSTEM_CLOCK: Final = AppClock()
_CORS: Final = (b"access-control-allow-origin", b"*")
_PREFLIGHT: Final = (
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, accept, x-requested-with, x-roamspec-test, x-roamspec-expect",
    ),
    (b"access-control-max-age", b"600"),
)


@dataclass(frozen=True, slots=True)
class OperationHandler:
    """A named operation; `takes_body` says that a JSON body is expected, `client_path` that it is below
    `/sdk/`, and `deletion` which of the five it is, if any."""

    name: str
    handle: Handler
    takes_body: bool = False
    client_path: bool = False
    deletion: str = ""


class Resource:
    """One path. A single route stands for all its methods, so that `Allow` names each of them."""

    __slots__ = ("_allow", "_operations", "_service")

    def __init__(self, service: Service, operations: Mapping[str, OperationHandler]) -> None:
        self._service = service
        self._operations = operations
        self._allow = ", ".join((*operations, "OPTIONS"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of this path and write it into the journal; a broken request or body gets its
        error response."""
        raw = scope["path_params"]
        app = self._service.find(raw["org"], raw["app"])
        if app is None and "%" in raw["org"] + raw["app"]:
            app = self._service.find(unquote(raw["org"]), unquote(raw["app"]))
        clock = _SYSTEM_CLOCK if app is None else app.clock
        request = IncomingRequest(self._service, scope, app, clock.now())
        shared = self._service.shared
        try:
            if shared is not None and app is None:
                app = await found_app(shared, request)
                clock = clock if app is None else app.clock
            method = scope["method"]
            operation = self._operations.get(method)
            if operation is not None:
                request.operation = operation.name
                request.client_path = operation.client_path
            if has_body(request.headers):
                if not await _take_body(request, receive):
                    return
                # Reading took a while; what happens next happens now.
                request.now = clock.now()
            if method == "OPTIONS":
                await respond(request, send, self._preflight())
                return
            if app is None or operation is None:
                refusal = unknown_app(request) if app is None else ApiError("wrong-method", allow=self._allow)
                await respond(request, send, self._unrouted(request, refusal))
                return
            if shared is not None:
                answered = await answer_of(shared, request, partial(_checked, operation))
                if answered is None:
                    await self._apply_disturbance(request, operation, receive, send)
                    return
                answer = answered
            else:
                if operation.takes_body or request.settings.require_headers:
                    _check_media_types(request, operation)
                if app.nuisances is not None:
                    await self._apply_disturbance(request, operation, receive, send)
                    return
                answer = operation.handle(request)
        except ApiError as refusal:
            answer = error_response(request, refusal)
        await respond(request, send, answer)

    async def _apply_disturbance(
        self, request: IncomingRequest, operation: OperationHandler, receive: Receive, send: Send
    ) -> None:
        """Serve the call as the app's disturbances let it be served."""

        async def serve(answer_to: Send, refusal: ApiError | None) -> None:
            request.now = request.app.clock.now()
            try:
                if refusal is not None:
                    raise refusal
                shared = self._service.shared
                if shared is None:
                    answer = operation.handle(request)
                else:
                    answered = await answer_of(shared, request, operation.handle, disturbed=True)
                    assert answered is not None
                    answer = answered
            except ApiError as why:
                answer = error_response(request, why)
            await respond(request, answer_to, answer)

        schedule = request.app.nuisances
        assert schedule is not None
        injection = schedule.next(operation.name)
        request.nuisance = injection.kind
        if injection.kind not in _PATIENT:
            request.scope["nuisance"] = injection.kind
        if injection.kind == "reset":
            # Nobody will answer it, and the caller may well try again.
            self._service.journal.add(request, 0, "inferred", b"")
        await schedule.apply(injection, serve, receive, send)

    def _unrouted(self, request: IncomingRequest, refusal: ApiError) -> HttpResponse:
        """One of the five has a step for it: that of its app or, where there is none, of one of its org or
        else of its name."""
        name = next((each.deletion for each in self._operations.values() if each.deletion), "")
        org, app = request.raw["org"], request.raw["app"]
        near = [a for a in self._service.apps() if a.key.org == org or a.key.app == app]
        home = self._service.find(org, app) or next(iter(near), None)
        if not name or home is None:
            raise refusal
        request.deletion = name
        answer: HttpResponse = home.steps[name].unrouted(request, refusal)
        return answer

    def _preflight(self) -> HttpResponse:
        return HttpResponse(204, b"", "observed", ((b"allow", self._allow.encode()), *_PREFLIGHT))


class UnknownPath:
    """Whatever no route matches."""

    __slots__ = ("_service",)

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose path or app nobody knows, and a preflight of a browser anywhere."""
        segments: list[str] = scope["path"].split("/")
        org, app_name = [*segments[1:3], "", ""][:2]
        scope["path_params"] = {"org": org, "app": app_name}
        app = self._service.find(org, app_name)
        clock = _SYSTEM_CLOCK if app is None else app.clock
        request = IncomingRequest(self._service, scope, app, clock.now())
        try:
            if self._service.shared is not None and app is None:
                app = await found_app(self._service.shared, request)
            # Also a body that nobody wants: who is still sending it would not get to see the response.
            if has_body(request.headers) and not await _take_body(request, receive):
                return
            if scope["method"] != "OPTIONS":
                raise ApiError("unknown-path") if app else unknown_app(request)
            answer = HttpResponse(204, b"", "observed", _PREFLIGHT)
        except ApiError as refusal:
            answer = error_response(request, refusal)
        await respond(request, send, answer)


async def _take_body(request: IncomingRequest, receive: Receive) -> bool:
    """Read the body; False when the caller went away, which only the journal then tells."""
    body = await read_body(request.headers, receive, request.settings.body_bytes_max)
    if body is None:
        request.service.journal.add(request, 0, "inferred", b"")
        return False
    request.body = body
    return True


def _checked(operation: OperationHandler, request: IncomingRequest) -> HttpResponse:
    """Serve the call as its app is now."""
    if operation.takes_body or request.settings.require_headers:
        _check_media_types(request, operation)
    return operation.handle(request)


def unknown_app(request: IncomingRequest) -> ApiError:
    """The error of an App Key that does not exist."""
    org, app = request.raw["org"], request.raw["app"]
    return ApiError("unknown-app", org=org, app=app, uri=request.path.removeprefix("/"))


def _check_media_types(request: IncomingRequest, operation: OperationHandler) -> None:
    sent = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    accepted = request.headers.get(b"accept", b"").lower()
    if operation.takes_body and sent not in (b"", b"application/json"):
        # An old example of the vendor sends JSON with the type that curl gives it.
        as_form = operation.name == "createToken" and sent == b"application/x-www-form-urlencoded"
        if not (as_form and request.settings.form_type_at_token):
            raise ApiError("wrong-media-type")
    if request.settings.require_headers:
        if b"application/json" not in sent:
            raise ApiError("wrong-media-type")
        if not any(kind in accepted for kind in (b"application/json", b"application/*", b"*/*")):
            raise ApiError("not-acceptable")


async def respond(request: IncomingRequest, send: Send, answer: HttpResponse) -> None:
    """Write the response in the shape the settings choose, then the journal."""
    settings, body, status = request.settings, answer.body, answer.status
    # Answers of one kind and one length share their headers.
    key = (answer.evidence, settings.json_media_type, len(body))
    headers = _header_cache.get(key) or _headers(key)
    if answer.headers or settings.chunked_answers or settings.close_connections or status in _CLOSING:
        # The length stands last and the media type first; a response without a body has neither.
        kept = headers[1:-1] if status == 204 else headers[:-1] if settings.chunked_answers else headers
        named = {name for name, _ in answer.headers}
        headers = [*(header for header in kept if header[0] not in named), *answer.headers]
        if settings.close_connections or status in _CLOSING:
            headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    request.service.journal.add(request, status, answer.evidence, body)
    if settings.chunked_answers and len(body) > 1:
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        body = body[half:]
    await send({"type": "http.response.body", "body": body})


_Headers = list[tuple[bytes, bytes]]
_Kind = tuple[Evidence, str, int]
_header_cache: dict[_Kind, _Headers] = {}
_CACHED_MAX: Final = 512


def _headers(kind: _Kind) -> _Headers:
    """Content-Type stands first, Content-Length last; nobody changes the list."""
    evidence, media_type, length = kind
    if len(_header_cache) >= _CACHED_MAX:
        _header_cache.clear()
    headers = _header_cache[kind] = [
        (b"content-type", media_type.encode()),
        (EVIDENCE_HEADER, evidence.encode()),
        _CORS,
        (b"content-length", b"%d" % length),
    ]
    return headers
