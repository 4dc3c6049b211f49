"""Secrets leave no trace in what the emulator shows about requests: `<redacted:kind>` stands there."""

from roamspec.security.redaction import redacted, redacted_header


def header_text(name: bytes, value: bytes) -> str:
    """A header's value as text without secrets."""
    return redacted_header(name.decode("latin-1"), value.decode("utf-8", "replace"))


def body_text(body: bytes) -> str:
    """Text of a body, a request target or a response, without secrets."""
    return redacted(body.decode("utf-8", "replace"))
