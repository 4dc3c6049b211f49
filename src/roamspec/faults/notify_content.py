"""Faults of what a notification says."""

from collections.abc import Callable
from typing import Any

from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.deletion import Deletion, notice_body
from roamspec.faults.registry import BY_IDS, BY_TIME, ONE_CONVERSATION, Step, fault
from roamspec.faults.side_effects import notify
from roamspec.faults.step_mutators import afterwards


def _notice_with(change: Callable[[Deletion, dict[str, Any]], None]) -> Callable[[Step], Step]:
    def wrap(_step: Step) -> Step:
        def notify(deletion: Deletion) -> None:
            if deletion.notify:
                body = notice_body(deletion)
                change(deletion, body)
                deletion.context.devices.notify(deletion.owner, DeviceNotice(body, deletion.acting_device))

        return notify

    return wrap


def _owner_as_conversation(deletion: Deletion, body: dict[str, Any]) -> None:
    body["conversation"] = {"type": "chat", "id": deletion.owner}


def _without_conversation(_deletion: Deletion, body: dict[str, Any]) -> None:
    body["conversation"] = {}


def _another_user(deletion: Deletion, body: dict[str, Any]) -> None:
    body["user"] = deletion.target


def _one_more(deletion: Deletion) -> None:
    if deletion.notify:
        notify(deletion, deletion.owner, conversation={"type": "chat", "id": deletion.owner})


fault(
    "notify.names-the-owner-as-conversation",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="Devices are notified of a deletion in the chat with the owner.",
)(_notice_with(_owner_as_conversation))
fault(
    "notify.names-no-conversation",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="The notification does not say in which conversation the deletion was.",
)(_notice_with(_without_conversation))
fault(
    "notify.names-another-user",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="The notification names the other participant as the user.",
)(_notice_with(_another_user))
fault(
    "notify.names-a-conversation-too-many",
    at="notify",
    operations=ONE_CONVERSATION,
    refutes=("notify.names-the-conversation",),
    sentence="Devices are notified of the conversation, and of another one that nobody named.",
)(afterwards(_one_more))


def _ids(change: Callable[[list[str]], list[str]]) -> Callable[[Step], Step]:
    def changed(deletion: Deletion, body: dict[str, Any]) -> None:
        body["message_ids"] = change(list(deletion.ids))

    return _notice_with(changed)


def _time(change: Callable[[Deletion], int]) -> Callable[[Step], Step]:
    def changed(deletion: Deletion, body: dict[str, Any]) -> None:
        body["del_time"] = change(deletion)

    return _notice_with(changed)


for name, ids, what in (
    ("first-id", lambda ids: ids[:1], "the first ID"),
    ("last-id", lambda ids: ids[-1:], "the last ID"),
    ("no-id", lambda _: [], "an empty list of IDs"),
    ("twenty-ids", lambda ids: ids[:20], "the first twenty IDs"),
    (
        "rounded-ids",
        lambda ids: [str(int(float(item))) if item.isdecimal() else item for item in ids],
        "IDs rounded to floating point",
    ),
):
    fault(
        f"notify.names-{name}",
        at="notify",
        operations=BY_IDS,
        refutes=("notify.names-what-went",),
        sentence=f"The notification has only {what}.",
    )(_ids(ids))
for name, when, what in (
    ("the-moment", lambda deletion: deletion.context.now, "the moment of the call"),
    ("seconds", lambda deletion: deletion.time_ms // 1000, "seconds"),
    ("zero", lambda _: 0, "zero"),
    ("whole-seconds", lambda deletion: deletion.time_ms // 1000 * 1000 + 1000, "the next whole second"),
):
    fault(
        f"notify.names-{name}",
        at="notify",
        operations=BY_TIME,
        refutes=("notify.names-what-went",),
        sentence=f"The notification has {what} instead of delTime.",
    )(_time(when))


def _with_earlier_ids(step: Step) -> Step:
    told: dict[tuple[str, str], list[str]] = {}

    def changed(deletion: Deletion, body: dict[str, Any]) -> None:
        ids = told.setdefault((deletion.owner, deletion.target), [])
        ids += deletion.ids
        body["message_ids"] = list(ids)

    return _notice_with(changed)(step)


fault(
    "notify.names-earlier-ids",
    at="notify",
    operations=BY_IDS,
    refutes=("notify.names-what-went",),
    sentence="The notification also lists the IDs of earlier calls for the conversation.",
)(_with_earlier_ids)
