"""One request and its response as recordings hold them, and what two requests are compared by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from roamspec.security.redactor import NOT_A_TOKEN

REDACTED = re.compile(r"<redacted:[a-z0-9-]+>")
_TOKEN = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9-]{0,15}) (?P<token>.*)", re.DOTALL)
LONGER_TOKEN = "<redacted:longer-token>"  # noqa: S105
_PLACEHOLDER_CUT = "<redact"
CUT_TOKEN = "<redacted:cut-token>"  # noqa: S105 - what stands in place of one
KEPT_ANSWER_HEADERS = ("content-type", "retry-after")
DEFAULT_HEADERS: Mapping[str, str] = {"content-type": "application/json", "accept": "application/json"}
"""What the documentation asks for; a recording names them only where something else was sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request; `headers` holds what matters, with lower-case names. The body is text, empty for none."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def line(self) -> str:
        """Method and URL, as sentences name a request."""
        return f"{self.method} {self.url}"


@dataclass(frozen=True, slots=True)
class Received:
    """A response; of its headers only those that checks read."""

    status: int
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """`together` when it was sent while others were, so that its place among them means nothing.

    `after_s` is how long the check slept before it, in seconds.
    """

    sent: Sent
    received: Received
    together: bool = False
    after_s: float = 0.0


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """What a recording keeps of a request's headers: the Authorization, and what is not the default."""
    lower = {name.lower(): value for name, value in headers.items()}
    kept = {
        name: lower.get(name, "") for name, usual in DEFAULT_HEADERS.items() if lower.get(name, "") != usual
    }
    if "authorization" in lower:
        kept["authorization"] = lower["authorization"]
    return kept


def shown_authorization(value: str, known: Mapping[str, str]) -> str:
    """An Authorization header without its secret; `known` maps tokens to what stands in their place."""
    match = _TOKEN.fullmatch(value)
    if not match:
        return "<redacted:token>" if value else ""
    token = match["token"]
    if token == NOT_A_TOKEN:
        return value
    shown = known.get(token, "")
    if not shown and not REDACTED.fullmatch(token):
        longer = REDACTED.match(token) or any(token.startswith(whole) for whole in known)
        cut = token.startswith(_PLACEHOLDER_CUT) or any(whole.startswith(token) for whole in known if token)
        shown = LONGER_TOKEN if longer else CUT_TOKEN if cut else "<redacted:token>"
    shown = shown or token
    return f"{match['scheme']} {shown}"


def differences(expected: Sent, asked: Sent) -> list[str]:
    """What differs between two requests, one phrase each, for a person."""
    found = []
    if expected.method != asked.method:
        found.append(f"the method ({expected.method} recorded, {asked.method} asked)")
    if expected.url != asked.url:
        found.append(f"the URL ({_around(expected.url, asked.url)})")
    for name in sorted({*expected.headers, *asked.headers}):
        one, other = expected.headers.get(name, "none"), asked.headers.get(name, "none")
        if one != other:
            found.append(f"the header {name} ({one} recorded, {other} asked)")
    if expected.body != asked.body:
        found.append(f"the body ({_around(expected.body, asked.body)})")
    return found


def _around(one: str, other: str, width: int = 40) -> str:
    """Where two texts begin to differ."""
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    at = min(len(one), len(other)) if start is None else start
    begin = max(0, at - 12)
    return f"…{one[begin : at + width]!r} recorded, …{other[begin : at + width]!r} asked"
