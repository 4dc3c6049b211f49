"""What an error response of the emulator says."""

from typing import Any


def error(answer: Any) -> tuple[int, str, str]:
    """Status, error type and error text; the body has all fields of an error."""
    body = answer.json()
    assert set(body) >= {"error", "exception", "timestamp", "duration", "error_description"}
    return answer.status_code, body["error"], body["error_description"]
