"""What a session is opened with, beside its target: its names and records, and what it may send."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

from roamspec.session.names import NameSource
from roamspec.transport.ledger import Ledger
from roamspec.transport.rate_limiter import RateLimiter
from roamspec.transport.request_budget import RequestBudget

RESERVE: Final = 5
"""Requests kept for the clean-up beside one for each thing that was made: some may have to be repeated."""


def _new_password() -> str:
    """Of every kind of character that a rule for passwords may ask for."""
    return f"Pw1-{uuid4().hex[:16]}"


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """How what a run makes is known as its own: by its names, and by the ledger that lists it."""

    names: NameSource = field(default_factory=NameSource)
    ledger: Ledger = field(default_factory=Ledger)
    password: str = field(default_factory=_new_password)
    """Of all users that the run registers."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How fast a session sends, and how many requests."""

    rate_limiter: RateLimiter = field(default_factory=lambda: RateLimiter(None))
    most_requests: int = 0
    """For all processes that count in the same file; 0 for any number."""
    counted_in: Path | None = None
    """The file; None where this process counts by itself."""

    @classmethod
    def at_rate(cls, rate: float | None) -> "RequestLimits":
        """Any number of requests, at a rate as of `RateLimiter`."""
        return cls(RateLimiter(rate))

    def budget(self, ledger: Ledger) -> RequestBudget:
        """The requests of a session, of which enough stay for removing what its ledger lists."""
        most, file = self.most_requests, self.counted_in
        return RequestBudget(most, reserve=lambda: ledger.standing + RESERVE, file=file)
