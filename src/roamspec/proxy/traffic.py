"""Everything that passed while a proxy stood between client and service; bounded in number and in size."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from roamspec.proxy.observed import observed
from roamspec.proxy.passed import PassedExchange
from roamspec.sdk.calls import ObservedCall
from roamspec.security.redactor import Redactor

EXCHANGES_MAX: Final = 50_000
BYTES_MAX: Final = 256 << 20
"""Bytes of the exchanges that are kept."""
_OVERHEAD: Final = 2_000
"""What an exchange takes beside its bodies."""


@dataclass(slots=True)
class PassedCall:
    """A call, when it was answered (Unix milliseconds), and whether its answer is known as a whole."""

    call: ObservedCall
    answered_ms: int
    reason: str
    whole: bool


@dataclass(slots=True)
class Traffic:
    """`problems` counts exchanges that are not whole by what happened to them; `left_out` those beyond the
    number, or the bytes, that are kept."""

    redactor: Redactor = field(default_factory=Redactor)
    calls: list[PassedCall] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    unreachable: str = ""
    left_out: int = 0
    seen: int = 0
    _bytes: int = 0

    def add(self, exchange: PassedExchange) -> None:
        """Count one exchange, and keep it as far as there is room."""
        self.seen += 1
        if exchange.problem:
            self.problems[exchange.problem] += 1
        if exchange.problem == "no-connection":
            self.unreachable = bytes(exchange.answer.data).decode("utf-8", "replace")
            return
        size = _OVERHEAD + len(exchange.target) + len(exchange.body.data) + len(exchange.answer.data)
        if len(self.calls) >= EXCHANGES_MAX or self._bytes + size > BYTES_MAX:
            self.left_out += 1
            return
        self._bytes += size
        encoding = exchange.answer_header(b"content-encoding")
        whole = not exchange.problem and exchange.answer.decoded(encoding) is not None
        call = observed(exchange, self.redactor)
        reason = exchange.reason.decode("latin-1")
        self.calls.append(PassedCall(call, exchange.ended_ms, reason, whole and not exchange.body.cut))
