"""Answers: a status, a JSON body, and how sure we are that the service answers so."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from roamspec.emulator.http.request import IncomingRequest

Evidence = Literal["documented", "observed", "inferred"]

EVIDENCE_HEADER: Final = b"x-roamspec-evidence"


@dataclass(slots=True)
class HttpResponse:
    """`body` is JSON text, never empty except where `status` forbids one."""

    status: int
    body: bytes
    evidence: Evidence
    headers: tuple[tuple[bytes, bytes], ...] = ()


def as_json(value: object) -> bytes:
    """A JSON body without spaces."""
    return json.dumps(value, separators=(",", ":")).encode()


def envelope(request: "IncomingRequest", *, path: str | None = None, **fields: Any) -> dict[str, Any]:
    """The common response fields around `fields`; without a path, as groups and chatrooms answer."""
    app = request.app
    body: dict[str, Any] = {
        "action": request.method.lower(),
        "application": app.uuid,
        "applicationName": app.key.app,
        "organization": app.key.org,
        "uri": request.uri,
        "timestamp": request.now,
        "duration": request.elapsed_ms(),
    }
    if path is not None:
        body["path"] = path
    return body | fields


def answer(request: "IncomingRequest", body: dict[str, Any], evidence: Evidence) -> HttpResponse:
    """A response with status 200; where the settings say so, with a field that no documentation knows."""
    if request.app.settings.extra_fields:
        body["x_extra"] = {"since": "a newer release"}
    return HttpResponse(200, as_json(body), evidence)
