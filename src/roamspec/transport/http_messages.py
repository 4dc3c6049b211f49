"""Requests as they are about to be sent, and responses as they came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from roamspec.shortening import shortened
from roamspec.transport.exchange import Exchange

JSON_HEADERS: Mapping[str, str] = {"Content-Type": "application/json", "Accept": "application/json"}


def segment(value: str) -> str:
    """A path segment or query value with everything escaped that is not unreserved."""
    return quote(value, safe="")


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `target` is path and query exactly as they shall stand on the wire.

    `bucket` names what the request counts against (an operation name, or a group of calls that share
    one documented limit). `token` is the bearer token, or None for none; other credentials can be put
    into `headers` by hand.
    """

    method: str
    target: str
    bucket: str
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: JSON_HEADERS)
    json: Any = None
    body: bytes | None = None
    retried: bool = True
    """Whether a 429, or a 503 with Retry-After, is answered with a pause and a repetition; a call of a burst
    is not patient, and where bursts are allowed it is not paced either."""

    def all_headers(self) -> dict[str, str]:
        """The headers with the bearer token."""
        headers = dict(self.headers)
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def content(self) -> bytes | None:
        """The body as it is sent; None for none."""
        if self.json is not None:
            return json.dumps(self.json, ensure_ascii=False, separators=(",", ":")).encode()
        return self.body


@dataclass(frozen=True)
class Response:
    """What came back: `status` is None when no whole response came, and `error` says why.

    `elapsed_s` in seconds. `exchange` is the redacted record of this exchange.
    """

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    elapsed_s: float
    exchange: Exchange
    error: str | None = None
    repeated: bool = False
    """Whether the request was sent twice, because the connection broke: it may have counted twice."""

    @cached_property
    def text(self) -> str:
        """The body as text; what is no UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The body read as JSON; None when it is not JSON (see `is_json`)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def object(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        return self.json if isinstance(self.json, dict) else {}

    @property
    def ok(self) -> bool:
        """Whether the status is 200."""
        return self.status == 200

    @property
    def rejected(self) -> bool:
        """An error response on the client's account: any 4xx."""
        return self.status is not None and 400 <= self.status < 500

    @property
    def throttled(self) -> bool:
        """Rejected for the rate: 429, or in older documents 403, which then says so."""
        return self.status == 429 or (self.status == 403 and b"reach" in self.body and b"limit" in self.body)

    @property
    def postponed(self) -> bool:
        """Asked to come back: 503 with a Retry-After header; without one it is a server error like others."""
        return self.status == 503 and "retry-after" in self.headers

    @property
    def incomplete(self) -> bool:
        """A server error, or no whole response at all."""
        return self.status is None or self.status >= 500

    def summary(self, limit: int = 200) -> str:
        """Status and the beginning of the (redacted) body, on one line."""
        if self.status is None:
            return f"no complete response ({self.error})"
        text = " ".join(self.exchange.response_body.split())
        return f"{self.status} {shortened(text, limit)}".rstrip()
