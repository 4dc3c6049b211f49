"""Requests and responses on the wire: one small ASGI application, and the freedoms of transport."""

import asyncio
import gzip
import json
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.second_service.traits import Web

_OF_A_PROXY = [
    (b"Via", b"1.1 edge-7 (proxy)"),
    (b"X-Cache", b"MISS"),
    (b"Strict-Transport-Security", b"max-age=31536000"),
    (b"Set-Cookie", b"route=a7; Path=/; HttpOnly"),
    (b"Set-Cookie", b"seen=1; Max-Age=60"),
    (b"Vary", b"Accept-Encoding, Origin"),
]

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def segments(self) -> list[str]:
        return [unquote(part) for part in self.raw_path.strip("/").split("/")]

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.raw_query, keep_blank_values=True)

    def first(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def json(self) -> Any:
        """The body as a value; None when it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is a JSON value, or bytes to be sent as they are."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None

    def having(self, **fields: Any) -> "Answer":
        """The same response with other members; None removes one."""
        body = {k: v for k, v in {**self.body, **fields}.items() if v is not None}
        return replace(self, body=body)


def refuse(web: Web, status: int, error: str, description: str | None, now_ms: int) -> Answer:
    """An error in the service's envelope, or in a framework's when the variant has it so."""
    if web.html_errors:
        page = f"<!DOCTYPE html><title>{status}</title><h1>{error}</h1>"
        return Answer(status, page.encode(), media_type="text/html;charset=utf-8")
    if web.bare_errors:
        return Answer(status, {"timestamp": now_ms, "status": status, "error": error, "path": "/"})
    body = {"error": error, **web.error_extra, "timestamp": now_ms, "duration": 0}
    return Answer(status, body if description is None else {**body, "error_description": description})


def refuse_as_documented(web: Web, status: int, error: str, description: str, now_ms: int) -> Answer:
    """A row of the deletion tables, whose type and text every variant must show."""
    return refuse(replace(web, bare_errors=False, html_errors=False), status, error, description, now_ms)


def envelope(request: Request, org: str, app: str, app_uuid: str, now_ms: int) -> dict[str, Any]:
    """The common response fields."""
    host = request.headers.get("host", "localhost")
    return {
        "action": request.method.lower(),
        "application": app_uuid,
        "applicationName": app,
        "organization": org,
        "path": "/" + "/".join(request.segments[2:]),
        "uri": f"http://{host}{request.raw_path}",
        "entities": [],
        "timestamp": now_ms,
        "duration": 3,
    }


def header_fault(web: Web, request: Request, now_ms: int) -> Answer | None:
    """The error response of a request that lacks a header the documentation calls required."""
    if web.content_type_required and "json" not in request.headers.get("content-type", ""):
        return refuse(web, web.content_type_required, "web_application", "Unsupported Media Type", now_ms)
    if web.accept_required and "application/json" not in request.headers.get("accept", ""):
        return refuse(web, web.accept_required, "Not Acceptable", "Not Acceptable", now_ms)
    return None


def too_often(
    calls: dict[str, list[float]], name: str, most: int, period_s: float = 1.0, *, fixed: bool = False
) -> bool:
    """Count a call against a sliding window, or a `fixed` one; a rejected call does not count."""
    now = time.monotonic()
    since = now // period_s * period_s if fixed else now - period_s
    window = [t for t in calls.get(name, []) if t > since]
    calls[name] = window
    if len(window) >= most:
        return True
    window.append(now)
    return False


async def read_request(scope: dict[str, Any], receive: Receive) -> Request:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    return Request(
        method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        raw_query=scope["query_string"].decode("latin-1"),
        headers={k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
        body=body,
    )


async def write_answer(web: Web, request: Request, answer: Answer, send: Send) -> None:
    if web.slow_s or web.jitter_s:
        await asyncio.sleep(web.slow_s + web.jitter_s * secrets.randbelow(1000) / 1000)
    body = answer.body if isinstance(answer.body, bytes) else _rendered(web, answer.body)
    headers = {"content-type": answer.media_type or web.media_type, **answer.headers}
    headers = {k: v for k, v in headers.items() if v}
    headers["x-request-id"] = uuid.uuid4().hex
    if web.gzip_unasked or (web.gzip and "gzip" in request.headers.get("accept-encoding", "")):
        body = gzip.compress(body)
        headers["content-encoding"] = "gzip"
    if web.close:
        headers["connection"] = "close"
    if not web.chunked:
        headers["content-length"] = str(len(body))
    raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
    if web.behind_a_proxy:
        raw += _OF_A_PROXY
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    if web.chunked:
        for start in range(0, len(body), 11):
            await send({"type": "http.response.body", "body": body[start : start + 11], "more_body": True})
        body = b""
    await send({"type": "http.response.body", "body": body if request.method != "HEAD" else b""})


def _rendered(web: Web, value: Any) -> bytes:
    return json.dumps(value, indent=web.indent, ensure_ascii=web.indent is not None).encode()
