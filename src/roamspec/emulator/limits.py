"""How often an operation may be called: a sliding window per operation and key."""

from time import monotonic_ns
from typing import Final

from roamspec.contract.limits import (
    calls_per_second,
    documented_message_rate,
    documented_rate,
    documented_rate_per_user,
)
from roamspec.emulator.operation_names import shared_name
from roamspec.emulator.settings import AppSettings

SECOND_MS: Final = 1000
MINUTE_MS: Final = 60_000

# The account operations share one bucket.
_SHARED: Final = dict.fromkeys(("registerUsers", "getUser", "deleteUser", "listDevices"), "accounts")
_DELETIONS: Final = frozenset(
    ("deleteChatMessages", "deleteGroupMessages", "clearUser", "clearChatBefore", "clearGroupBefore")
)
# All forms of an operation share its limit per user.
_LIST: Final = "listConversations"
_DELETE_CONVERSATION: Final = "deleteConversation"
_SWEEP_AT: Final = 4096


def monotonic_ms() -> int:
    """The clock that limits go by: an app's own clock may stand still."""
    return monotonic_ns() // 1_000_000


class _Window:
    """The moments of the last `size` calls or messages, as a ring: the oldest is where the next one goes."""

    __slots__ = ("_moments", "_next")

    def __init__(self, size: int) -> None:
        self._moments = [-MINUTE_MS] * size
        self._next = 0

    def take(self, now_ms: int, span_ms: int, count: int = 1) -> bool:
        """Whether `count` more fit; all of them are taken, or none."""
        moments, size = self._moments, len(self._moments)
        if count > size or now_ms - moments[(self._next + count - 1) % size] < span_ms:
            return False
        for _ in range(count):
            moments[self._next] = now_ms
            self._next = (self._next + 1) % size
        return True

    def put(self, number: int, moment_ms: int) -> None:
        """Set one moment of the ring."""
        self._moments[number] = moment_ms

    def forget(self, number: int) -> None:
        self.put(number, -MINUTE_MS)

    def go_to(self, taken: int) -> None:
        """Go on behind so many moments that were ever taken."""
        self._next = taken % len(self._moments)

    def idle(self, now_ms: int) -> bool:
        return now_ms - self._moments[self._next - 1] >= MINUTE_MS


class RateLimits:
    """The windows of one app. Times are milliseconds of a clock that only goes forward."""

    __slots__ = ("_windows",)

    def __init__(self) -> None:
        self._windows: dict[tuple[str, int], _Window] = {}

    def admits(self, operation: str, user: str, settings: AppSettings, now_ms: int) -> bool:
        """Whether one more call may pass now; `user` is the user ID of its path, or empty."""
        operation, mode = shared_name(operation), settings.rate_limits
        own = dict(settings.operation_rates).get(operation)
        if own is not None:
            return self._take(operation, own, SECOND_MS, now_ms)
        if operation in _DELETIONS:
            return mode == "off" or self._take(operation, calls_per_second(operation), SECOND_MS, now_ms)
        if operation.startswith(_LIST) and not self._list_read(user, settings, now_ms):
            return False
        if mode != "documented":
            return True
        if operation.startswith(_DELETE_CONVERSATION):
            calls, seconds = documented_rate_per_user(_DELETE_CONVERSATION)
            if not self._take(f"{_DELETE_CONVERSATION} {user}", calls, seconds * SECOND_MS, now_ms):
                return False
        bucket = _SHARED.get(operation, operation)
        calls, seconds = documented_rate(operation)
        return self._take(bucket, calls, seconds * SECOND_MS, now_ms)

    def admits_messages(self, operation: str, count: int, settings: AppSettings, now_ms: int) -> bool:
        """Whether so many more messages may be sent now, however many calls they come in."""
        if settings.rate_limits != "documented":
            return True
        most, seconds = documented_message_rate(operation)
        return self._take(f"messages {operation}", most, seconds * SECOND_MS, now_ms, count)

    def clear(self) -> None:
        """Forget all calls: every key starts again."""
        self._windows.clear()

    def _list_read(self, user: str, settings: AppSettings, now_ms: int) -> bool:
        most, span_ms = settings.list_reads_per_minute, MINUTE_MS
        if not most and settings.rate_limits == "documented":
            most, seconds = documented_rate_per_user(_LIST)
            span_ms = seconds * SECOND_MS
        return not most or self._take(f"list {user}", most, span_ms, now_ms)

    def _take(self, key: str, most: int, span_ms: int, now_ms: int, count: int = 1) -> bool:
        if (key, most) not in self._windows and len(self._windows) >= _SWEEP_AT:
            self._windows = {k: w for k, w in self._windows.items() if not w.idle(now_ms)}
        return self._window(key, most).take(now_ms, span_ms, count)

    def _window(self, key: str, most: int) -> _Window:
        window = self._windows.get((key, most))
        if window is None:
            window = self._windows[(key, most)] = _Window(most)
        return window
