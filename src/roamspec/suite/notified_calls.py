"""Which calls a device was notified of: a notification may tell of one call, or of several calls at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from roamspec.api.devices import DeletionNotification


@dataclass(frozen=True, slots=True)
class NotifiedCall:
    """What a call named that must be notified, and when it was sent (on the session's clock; 0 where nobody
    knows)."""

    ids: frozenset[str]
    time_ms: int | None
    sent_at: float = 0.0


def are_notified(calls: Sequence[NotifiedCall], events: Sequence[DeletionNotification]) -> bool:
    """Whether a device was notified of all calls about one conversation: as often as there were calls, or by
    notifications each of which may tell of several of them."""
    return len(events) >= len(calls) or all(any(_tells_of(each, call) for each in events) for call in calls)


def _tells_of(event: DeletionNotification, call: NotifiedCall) -> bool:
    if event.received_at < call.sent_at:
        return False
    if call.time_ms is not None and event.del_time is not None:
        return event.del_time >= call.time_ms
    if call.ids and event.message_ids is not None:
        return bool(event.message_ids & call.ids)
    return event.message_ids is None and event.del_time is None
