"""What a notification says of a deletion: which messages, or which time."""

from collections.abc import Iterable, Sequence

from roamspec.api.devices import DeletionNotification, Device
from roamspec.suite.context import CheckContext
from roamspec.suite.notification_waits import await_notification
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Message, ids_of

NOTIFIED_CONTENT = "notify.names-what-went"


def all_notified(
    case: CheckContext, device: Device, conversation_id: str, named: Sequence[Message], before: int
) -> Sequence[DeletionNotification]:
    """What the device is notified of the conversation after the first `before` notifications, waiting for
    more as long as they name some of the messages and not all: a service may tell of each message by
    itself."""
    wanted = ids_of(named)
    # No more often than there are messages: a service may also repeat itself for ever.
    for _ in named:
        events = device.about(conversation_id)[before:]
        said = _ids_of(events)
        if not said or wanted <= said:
            break
        if not await_notification(case, device, conversation_id, count=before + len(events) + 1):
            break
    return device.about(conversation_id)[before:]


def _ids_of(events: Iterable[DeletionNotification]) -> frozenset[str]:
    return frozenset().union(*(event.message_ids or () for event in events))


def check_notified_ids(
    case: CheckContext, answer: Response, events: Iterable[DeletionNotification], named: Sequence[Message]
) -> None:
    """Notices that name messages name those of the call, and all of them; a bridge to a client may know
    none."""
    naming_messages = [event for event in events if event.message_ids is not None]
    if not naming_messages:
        return
    wanted, said = ids_of(named), _ids_of(naming_messages)
    case.verdicts.check(
        NOTIFIED_CONTENT,
        said == wanted,
        answer,
        expected=f"the IDs of the call: {_listed(wanted)}",
        actual=f"the IDs {_listed(said)}; {len(wanted - said)} are missing, {len(said - wanted)} are others",
    )


def check_notified_time(
    case: CheckContext, answer: Response, events: Iterable[DeletionNotification], time_ms: int
) -> None:
    """Notices that name a time name that of the call."""
    times = [event.del_time for event in events if event.del_time is not None]
    if not times:
        return
    other = [time for time in times if time != time_ms]
    case.verdicts.check(
        NOTIFIED_CONTENT,
        not other,
        answer,
        expected=f"the time of the call: {time_ms}",
        actual=f"the time {(other or times)[0]}",
    )


def _listed(ids: frozenset[str]) -> str:
    return ", ".join(sorted(ids)) or "(none)"
