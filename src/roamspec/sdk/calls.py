"""One call of a client, read from a line of the emulator's journal."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Self
from urllib.parse import unquote_to_bytes

from roamspec.transport.exchange import Exchange

TEST_HEADER: Final = "x-roamspec-test"
EXPECT_HEADER: Final = "x-roamspec-expect"
CLIENT_FORM: Final = "AsClient"
UNKNOWN_APP: Final = "organization_application_not_found"


@dataclass(frozen=True, slots=True)
class QueryPair:
    """One key and value of a query, decoded and raw as they were sent."""

    key: str
    value: str
    raw_key: str
    raw_value: str


def decoded(raw: str, *, plus: bool) -> str:
    """Percent-decoded once; bytes that are no UTF-8 become U+FFFD."""
    if "%" not in raw and "+" not in raw:
        return raw
    return unquote_to_bytes(raw.replace("+", " ") if plus else raw).decode("utf-8", "replace")


@dataclass(frozen=True)
class ObservedCall:
    """What came over the wire and what was answered; secrets read `<redacted:kind>`.

    `operation` is its name in the contracts, empty where nothing fits. Times are milliseconds on one clock
    that only ever goes on; `status` is 0 where no response left. `problem` is set for a connection that
    brought no whole request; then `body` holds what came, and most else is empty.
    """

    org: str
    app: str
    operation: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    status: int = 200
    answer: str = ""
    started_ms: float = 0.0
    duration_ms: float = 0.0
    nuisance: str = ""
    problem: str = ""
    answer_headers: tuple[tuple[str, str], ...] = ()
    """Of the answer, with lower-case names; empty where nobody kept them."""
    announced: bool = field(default=False)
    """An error response was announced for it, and it was rejected."""

    @classmethod
    def from_journal(cls, entry: Mapping[str, Any]) -> Self:
        """The call of one entry of the emulator's journal."""
        request, response = entry["request"], entry["response"]
        return cls(
            org=entry["org"],
            app=entry["app"],
            operation=entry["operation"],
            method=request["method"],
            target=request["target"],
            headers=tuple((name.lower(), value) for name, value in request["headers"]),
            body=request["body"],
            status=response["status"],
            answer=response["body"],
            answer_headers=tuple((name.lower(), value) for name, value in response.get("headers", ())),
            started_ms=entry["started_ms"],
            duration_ms=entry["duration_ms"],
            nuisance=entry["nuisance"],
            problem=entry["problem"],
        )

    @cached_property
    def path(self) -> str:
        """Raw, without the query."""
        return self.target.partition("?")[0]

    @cached_property
    def below_app(self) -> str:
        """The raw path below `/{org}/{app}`."""
        parts = self.path.split("/", 3)
        return "/" + parts[3] if len(parts) > 3 else ""

    @cached_property
    def query(self) -> tuple[QueryPair, ...]:
        """Without empty pairs, which `&&` and `?&` make."""
        text = self.target.partition("?")[2]
        pairs = (pair.partition("=") for pair in text.split("&") if pair)
        return tuple(
            QueryPair(decoded(key, plus=True), decoded(value, plus=True), key, value)
            for key, _, value in pairs
        )

    @cached_property
    def deletion(self) -> str:
        """Which of the five it is, in the server's form or the clients'; else empty."""
        known = "/message/roaming/" in self.path and self.operation
        return self.operation.removesuffix(CLIENT_FORM) if known else ""

    @property
    def client_form(self) -> bool:
        """Whether the path is the one that the vendor's client SDKs use."""
        return self.operation.endswith(CLIENT_FORM)

    @cached_property
    def _first_values(self) -> dict[str, str]:
        return dict(reversed(self.headers))

    def header(self, name: str) -> str | None:
        """The first value of a header, None when it was not sent."""
        return self._first_values.get(name)

    @cached_property
    def test(self) -> str:
        """What the test called itself, empty when it did not."""
        return (self.header(TEST_HEADER) or "").strip()

    @property
    def ended_ms(self) -> float:
        """When it was answered, on the clock of `started_ms`."""
        return self.started_ms + self.duration_ms

    @property
    def served(self) -> bool:
        """Whether it had its effect and the caller could know of it."""
        return self.status == 200 and self.nuisance in ("", "latency", "slow-body")

    @cached_property
    def error(self) -> tuple[str, str]:
        """`error` and `error_description` of an error response; empty texts where there is none."""
        if self.status < 400:
            return "", ""
        try:
            body = json.loads(self.answer)
        except ValueError:
            return "", ""
        if not isinstance(body, dict):
            return "", ""
        return str(body.get("error", "")), str(body.get("error_description", ""))

    @property
    def of_unknown_app(self) -> bool:
        """Whether it was rejected because its App Key does not exist."""
        return self.error[0] == UNKNOWN_APP

    def values(self, key: str) -> tuple[QueryPair, ...]:
        """The parameters of this name, in the order of the query."""
        return tuple(pair for pair in self.query if pair.key == key)

    def exchange(self, base_url: str, since_ms: float) -> dict[str, Any]:
        """The form that stands in `report.json`."""
        return Exchange(
            method=self.method or "?",
            url=base_url + self.target if self.target else base_url,
            request_headers=self.headers,
            request_body=self.body,
            status=self.status or None,
            response_body=self.answer,
            sent_at=max(0.0, (self.started_ms - since_ms) / 1000),
            elapsed_s=self.duration_ms / 1000,
            error=self.problem or None,
            note=f"struck by {self.nuisance}" if self.nuisance else "",
        ).as_dict()


def read_calls(lines: Iterable[str]) -> list[ObservedCall]:
    """The calls of a journal file, in the order in which they came; a last, cut line is left out."""
    calls = [ObservedCall.from_journal(json.loads(line)) for line in lines if line.endswith("\n")]
    return sorted(calls, key=lambda call: call.started_ms)
