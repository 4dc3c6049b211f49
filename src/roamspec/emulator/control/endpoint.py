"""The ASGI endpoint of one control path, and the call its handlers see."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from roamspec.emulator.apps import App
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.body import has_body, read_body
from roamspec.emulator.http.errors import ROWS
from roamspec.emulator.http.parsing import decoded, parse_json, parse_query
from roamspec.emulator.service import Service
from roamspec.emulator.shared.problems import AppExistsError, StoreGone
from roamspec.errors import ConfigurationError

BODY_MAX = 64 << 20


class ControlError(Exception):
    """What is wrong with a control call, in one sentence for its caller."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class ControlCall:
    """`names` are the path's parameters, decoded; `base_url` is where the emulator listens."""

    service: Service
    names: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    base_url: str

    @property
    def app(self) -> App:
        """The app that the path names; ControlError 404 when there is none."""
        org, name = self.names["org"], self.names["app"]
        app = self.service.find(org, name)
        if app is None:
            raise ControlError(404, f"there is no app {org}/{name}; POST /_emulator/apps makes one.")
        return app

    def json_object(self, *, optional: bool = False) -> dict[str, Any]:
        """The body; an absent one is an empty object where it is optional."""
        if not self.body and optional:
            return {}
        value = parse_json(self.body) if self.body else None
        if not isinstance(value, dict):
            raise ControlError(400, "the body must be one JSON object.")
        return value

    def number(self, key: str, default: int) -> int:
        """The whole number that a query parameter holds, or the default; ControlError 400 for anything
        else."""
        text = self.query.get(key)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise ControlError(400, f"{key} must be a whole number, not {text!r}.")
        return int(text)


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """A response of the control API: HTTP status, body and media type."""

    status: int
    body: bytes
    media_type: bytes = b"application/json"


ControlHandler = Callable[[ControlCall], ControlAnswer]


def answered(value: object, status: int = 200) -> ControlAnswer:
    """A response with this value as JSON."""
    return ControlAnswer(status, json.dumps(value).encode())


class ControlResource:
    """One path of the control API, dispatching by method."""

    __slots__ = ("_allow", "_handlers", "_service")

    def __init__(self, service: Service, handlers: Mapping[str, ControlHandler]) -> None:
        self._service = service
        self._handlers = handlers
        self._allow = ", ".join(handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every error becomes a JSON object with one sentence, `error`."""
        headers = dict(scope["headers"])
        try:
            body = await read_body(headers, receive, BODY_MAX) if has_body(headers) else b""
            if body is None:
                return
            answer = await self._answer_now(scope, headers, body)
        except StoreGone:
            answer = answered({"error": "the store does not answer now; try again."}, 503)
        except AppExistsError as error:
            answer = answered({"error": f"the app {error} already exists."}, 409)
        except ControlError as error:
            answer = answered({"error": str(error)}, error.status)
        except ConfigurationError as error:
            answer = answered({"error": str(error)}, 400)
        except ApiError as refusal:
            answer = _refused(refusal)
        await respond(
            send, answer, allow=self._allow if answer.status == HTTPStatus.METHOD_NOT_ALLOWED else ""
        )

    async def _answer_now(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> ControlAnswer:
        shared = self._service.shared
        if shared is None:
            return self._answer(scope, headers, body)
        names = {key: decoded(value) for key, value in scope["path_params"].items()}
        return await shared.control(names, partial(self._answer, scope, headers, body))

    def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> ControlAnswer:
        handler = self._handlers.get(scope["method"])
        if handler is None:
            raise ControlError(405, f"this path accepts {self._allow}.")
        names = {key: decoded(value) for key, value in scope["path_params"].items()}
        # One that does not listen is reached by any name, in its own process.
        host = headers.get(b"host", b"").decode("latin-1")
        base_url = self._service.base_url or f"{scope['scheme']}://{host}"
        call = ControlCall(self._service, names, parse_query(scope["query_string"]), body, base_url)
        answer = handler(call)
        if scope["method"] != "GET":
            self._service.changes.note()
        return answer


class UnknownControlPath:
    """Whatever stands below the control prefix and is not a route."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with 404 and where the paths are listed."""
        sentence = f"there is no {scope['path']}; GET /_emulator/openapi.yaml lists the paths."
        await refuse(scope, receive, send, 404, sentence)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """Answer with one sentence, once the whole request is there."""
    answer = answered({"error": sentence}, status)
    headers = dict(scope["headers"])
    try:
        if has_body(headers) and await read_body(headers, receive, BODY_MAX) is None:
            return
    except ApiError as refusal:
        answer = _refused(refusal)
    await respond(send, answer)


def _refused(refusal: ApiError) -> ControlAnswer:
    row = ROWS[refusal.reason]
    details = {name: str(value) for name, value in refusal.details.items()}
    return answered({"error": f"{row.error}: {row.description.format_map(details)}"}, row.status)


async def respond(send: Send, answer: ControlAnswer, *, allow: str = "") -> None:
    """Send a response as ASGI messages; `allow` lists the methods of a 405."""
    headers = [(b"content-type", answer.media_type), (b"content-length", b"%d" % len(answer.body))]
    if allow:
        headers.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
