"""Faults of lists that repeat an ID, or name one that is not there."""

from collections.abc import Iterable, Sequence

from roamspec.emulator.domain.deletion import Deletion
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.store.protocol import StoredView
from roamspec.faults.registry import BY_IDS, fault
from roamspec.faults.side_effects import in_the_conversation
from roamspec.faults.step_mutators import afterwards, choosing, crash, first


def _crash_on_repeated(deletion: Deletion) -> None:
    if len(set(deletion.ids)) < len(deletion.ids):
        raise crash()


def _crash_on_unknown(deletion: Deletion) -> None:
    for view in deletion.views:
        if any(item.isdecimal() and view.get(item) is None for item in deletion.ids):
            raise crash()


def _clear_on_repeated(deletion: Deletion) -> None:
    if len(set(deletion.ids)) < len(deletion.ids):
        in_the_conversation(deletion)


def _clear_on_unknown(deletion: Deletion) -> None:
    if deletion.ids and not any(found for _, found in deletion.chosen) and "" not in deletion.ids:
        in_the_conversation(deletion)


fault(
    "effect.repeated-id-crashes",
    at="select",
    operations=BY_IDS,
    refutes=("effect.repeated-id-no-server-error",),
    sentence="The same ID twice crashes the call.",
)(first(_crash_on_repeated))
fault(
    "effect.repeated-id-clears",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.repeated-id-harmless",),
    sentence="The same ID twice clears the conversation.",
)(afterwards(_clear_on_repeated))
fault(
    "effect.unknown-id-crashes",
    at="select",
    operations=BY_IDS,
    refutes=(
        "effect.unknown-id-no-server-error",
        "effect.ids-of-another-conversation-no-server-error",
        "effect.ids-of-another-user-no-server-error",
    ),
    sentence="An ID that is not in the conversation crashes the call.",
)(first(_crash_on_unknown))
fault(
    "effect.unknown-id-clears",
    at="apply",
    operations=BY_IDS,
    refutes=("effect.unknown-id-harmless",),
    sentence="Where no ID is found the whole conversation is cleared.",
)(afterwards(_clear_on_unknown))


def _all_or_nothing(
    deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return found if all(view.get(item) is not None for item in deletion.ids) else ()


def _until_unknown(
    deletion: Deletion, view: StoredView, _found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    for item in deletion.ids:
        message = view.get(item)
        if message is None:
            return
        yield message


fault(
    "effect.unknown-id-spoils-the-list",
    at="select",
    operations=BY_IDS,
    refutes=("effect.known-beside-unknown",),
    sentence="With one unknown ID in the list, nothing is deleted, and the response is a success.",
)(choosing(_all_or_nothing))
fault(
    "effect.list-ends-at-unknown-id",
    at="select",
    operations=BY_IDS,
    refutes=("effect.known-beside-unknown",),
    sentence="IDs after an unknown one are not deleted.",
)(choosing(_until_unknown))


def _until_repeated(
    deletion: Deletion, view: StoredView, _found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    seen: set[str] = set()
    for item in deletion.ids:
        if item in seen:
            return
        seen.add(item)
        if message := view.get(item):
            yield message


def _none_if_last_is_unknown(
    deletion: Deletion, view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return found if deletion.ids and view.get(deletion.ids[-1]) is not None else ()


fault(
    "effect.list-ends-at-repeated-id",
    at="select",
    operations=BY_IDS,
    refutes=("effect.known-beside-repeated",),
    sentence="IDs after a repeated one are not deleted.",
)(choosing(_until_repeated))
fault(
    "effect.last-unknown-id-spoils-the-list",
    at="select",
    operations=BY_IDS,
    refutes=("effect.known-beside-unknown",),
    sentence="With an unknown ID at the end of the list, nothing is deleted, and the response is a success.",
)(choosing(_none_if_last_is_unknown))


def _none_if_descending(
    deletion: Deletion, _view: StoredView, found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    ids = [int(item) for item in deletion.ids if item.isdecimal()]
    return () if len(ids) > 2 and ids == sorted(ids, reverse=True) else found


def _extended(
    deletion: Deletion, view: StoredView, _found: Sequence[StoredMessage]
) -> Iterable[StoredMessage]:
    return [message for message in view if any(item.startswith(message.id) for item in deletion.ids)]


fault(
    "limit.descending-list-not-deleted",
    at="select",
    operations=BY_IDS,
    refutes=("limit.fifty-all-gone",),
    sentence="With a list in descending order, nothing is deleted, and the response is a success.",
)(choosing(_none_if_descending))
fault(
    "value.longer-ids-match",
    at="select",
    operations=BY_IDS,
    refutes=("value.message-id-huge-harmless",),
    sentence="A message is deleted whose ID is the beginning of a listed one.",
)(choosing(_extended))
