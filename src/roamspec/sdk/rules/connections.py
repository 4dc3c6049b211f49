"""Connections: what came was HTTP, came to its end, and waited for its response."""

from collections.abc import Iterable, Sequence
from typing import Final

from roamspec.report.text import visible
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import CONNECTION
from roamspec.sdk.finding import ClientFinding

_TLS: Final = ("\x16\x03", "\x80")
_SHOWN: Final = 60
_JUDGED: Final = {
    "not-http": ("client-http.speaks-http", "an HTTP request"),
    "half-request": ("client-http.sends-whole-requests", "a whole request"),
    "left-early": ("client-http.waits-for-the-answer", "a client that waits for the response"),
}


def connections(calls: Sequence[ObservedCall]) -> Iterable[ClientFinding]:
    """A pass for each when whole calls came and nothing else did."""
    for problem, (name, expected) in _JUDGED.items():
        bad = [call for call in calls if call.problem == problem]
        for call in bad:
            yield ClientFinding(CONNECTION, name, "fail", (call,), expected, _what(call), _hint(call))
        whole = next((call for call in calls if not call.problem), None)
        if not bad and whole is not None:
            yield ClientFinding(CONNECTION, name, "pass", (whole,))


def _what(call: ObservedCall) -> str:
    if call.problem == "left-early":
        return (
            f"the connection of {call.method} {call.path} closed first"
            if call.method
            else "the connection was closed first"
        )
    begun = visible(call.body[:_SHOWN]).replace("\n", "\\n")
    return f"the connection brought {begun!r}" + ("" if call.problem == "not-http" else " and closed")


def _hint(call: ObservedCall) -> str:
    if call.body.startswith(_TLS):
        return (
            "This is the start of a TLS handshake: the emulator's base address begins with http, not https."
        )
    if call.problem == "not-http" and " HTTP/1." in call.body:
        return "A request line must not contain a space or a non-ASCII byte: escape the URL."
    return ""
