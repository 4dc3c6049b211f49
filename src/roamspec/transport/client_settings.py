"""What the HTTP client is given beside its target: limits, and what stands in for connections and time."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from roamspec.transport.rate_limiter import RateLimiter
from roamspec.transport.request_budget import RequestBudget

DEADLINE_S: Final = 15.0
"""For a whole response, from the first byte sent to the last byte received."""


def _unchanged(transport: httpx.BaseTransport) -> httpx.BaseTransport:
    return transport


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """How fast, how much and how long a client may send."""

    rate_limiter: RateLimiter
    budget: RequestBudget = field(default_factory=lambda: RequestBudget(0))
    allow_burst: bool = False
    """Whether requests that are not repeated may exceed the rate."""
    deadline_s: float = DEADLINE_S
    """Seconds for a whole response, where the service has not been slow so far."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """What replaces connections and time while calls are recorded, replayed or tested; nothing by default."""

    transport: httpx.BaseTransport | None = None
    """Sends in place of connections to the target."""
    around: Callable[[httpx.BaseTransport], httpx.BaseTransport] = _unchanged
    """May put a transport around the one that sends, to write down what passes."""
    clock: Callable[[], float] = time.monotonic
    """Seconds from any beginning."""
    sleep: Callable[[float], None] = time.sleep


NO_STAND_INS: Final = StandIns()
