"""What a session has sent that changed something, in order: what a finding is arranged by once more."""

import threading
from collections.abc import Sequence

from roamspec.transport.exchange import Exchange

_LOOKS = ("/messageroaming", "/token")


class Trace:
    """Keeps the exchanges that arrange or delete, and none that only look. Threads may share it."""

    def __init__(self) -> None:
        self._kept: list[Exchange] = []
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        """Keep an exchange that may have changed something."""
        if exchange.method == "GET" or exchange.url.partition("?")[0].endswith(_LOOKS):
            return
        with self._lock:
            self._kept.append(exchange)

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """What was kept, oldest first."""
        with self._lock:
            return tuple(self._kept)
