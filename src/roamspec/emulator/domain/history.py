"""The history export: what an app sent in one hour, whoever deleted it for themselves since."""

from collections.abc import Sequence
from typing import Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.records import StoredMessage

HOUR_MS: Final = 3_600_000


def messages_of_hour(context: Context, number: int, /, **named: str) -> Sequence[StoredMessage]:
    """What was sent within an hour, by its number since 1970.

    Rejected, in words about what is `named`, when it is not stored yet or any more, and when it is empty.
    """
    settings, this_hour = context.settings, context.now // HOUR_MS
    oldest = this_hour - settings.history_export_days * 24
    if not oldest <= number <= this_hour - settings.history_export_lag_hours:
        raise ApiError("hour-not-stored", **named)
    messages = context.store.sent_in_hour(number)
    if not messages:
        raise ApiError("hour-without-messages", **named)
    return messages


def note_sent(context: Context, message: StoredMessage) -> None:
    """Keep the message for the export of the hour in which it is sent, or imported."""
    days = context.settings.history_export_days
    if days:
        hour = context.now // HOUR_MS
        context.store.note_sent(message, hour, forget_before=hour - days * 24)
