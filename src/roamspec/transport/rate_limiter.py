"""Never faster than the documented limits, or than `--rate`.

Each bucket is one limit of the service: calls that share a limit share a bucket. Within a bucket the
sends are spread so that no window of one second holds more than the limit.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from roamspec.contract.limits import calls_per_second

# Buckets of what arranges and observes, each with the operation of the contract whose limit it has. The five
# deletions have buckets of their own names.
ARRANGING_BUCKETS: Final = {
    "token": "createToken",
    "users": "registerUsers",
    "groups": "createGroup",
    "rooms": "createChatroom",
    "send-users": "sendToUsers",
    "send-groups": "sendToGroups",
    "send-rooms": "sendToChatrooms",
    "import-users": "importToUser",
    "import-groups": "importToGroup",
    "pull": "pullMessages",
    "lists": "listConversations",
    "devices": "listDevices",
}
SHARE = 0.8


@dataclass
class _Window:
    sent: deque[float] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)


class RateLimiter:
    """Spreads sends; `rate` is calls per second to each bucket, None for 80% of the documented limit,
    and 0 for no limit at all (the embedded emulator). `share` is this process's part of it."""

    def __init__(
        self,
        rate: float | None,
        *,
        share: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = rate
        self._share = share
        self._clock = clock
        self._sleep = sleep
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def limit(self, bucket: str) -> float:
        """Calls per second allowed in `bucket`; 0 means unlimited."""
        if self._rate == 0:
            return 0
        allowed = calls_per_second(ARRANGING_BUCKETS.get(bucket, bucket)) * SHARE
        return self._share * (allowed if self._rate is None else min(self._rate, allowed))

    def wait(self, bucket: str) -> None:
        """Return when one more call may be sent to `bucket`, and count it."""
        limit = self.limit(bucket)
        if limit == 0:
            return
        with self._lock:
            window = self._windows.setdefault(bucket, _Window())
        # A window holds as many sends as whole calls fit into its length; below one call per second
        # the window grows until one fits.
        length = max(1.0, 1.0 / limit)
        most = max(1, int(limit * length))
        with window.lock:
            now = self._clock()
            while len(window.sent) >= most:
                free_at = window.sent[0] + length
                if free_at > now:
                    self._sleep(free_at - now)
                    now = self._clock()
                window.sent.popleft()
            window.sent.append(now)
