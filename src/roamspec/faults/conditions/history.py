"""The deletions that an app has answered, as far as conditions ask for them."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

_KEPT: Final = 500
"""Calls that are remembered."""


@dataclass(slots=True)
class PastCall:
    """One earlier call: `wording` is its path and query as sent; `accepted` says whether it was answered with
    success, `at_ms` when (Unix milliseconds)."""

    operation: str
    owner: str
    target: str
    ids: frozenset[str]
    wording: str
    at_ms: int
    accepted: bool = False


@dataclass(slots=True)
class History:
    """The calls of one app, the oldest first."""

    calls: deque[PastCall] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def of(self, owner: str) -> list[PastCall]:
        """The earlier calls that concern one owner."""
        return [call for call in self.calls if call.owner == owner]
