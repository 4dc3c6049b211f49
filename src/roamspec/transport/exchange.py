"""One request and its response, with every secret already removed."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, as reports and cassettes show it.

    `elapsed_s` is in seconds; `status` is None when no whole response came, and `error` then says why.
    Bodies are text, cut to a readable length; `sent_at` is seconds since the start of the run.
    """

    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: str = ""
    status: int | None = None
    response_headers: tuple[tuple[str, str], ...] = ()
    response_body: str = ""
    sent_at: float = 0.0
    elapsed_s: float = 0.0
    error: str | None = None
    note: str = field(default="")

    def as_dict(self) -> dict[str, Any]:
        """The form that stands in `report.json`."""
        return {
            "method": self.method,
            "url": self.url,
            "request_headers": [list(pair) for pair in self.request_headers],
            "request_body": self.request_body,
            "status": self.status,
            "response_headers": [list(pair) for pair in self.response_headers],
            "response_body": self.response_body,
            "sent_at": round(self.sent_at, 4),
            "elapsed_s": round(self.elapsed_s, 4),
            "error": self.error,
            "note": self.note,
        }
