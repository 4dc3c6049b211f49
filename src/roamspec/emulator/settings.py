"""What an app's console, plan and cluster decide, and each reading of what the documentation leaves open.

Every field is one choice: its default, the accepted values, and one sentence. The table with the
evidence behind each is docs/choices.md.
"""

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Self

from roamspec.emulator.operation_names import OPERATIONS
from roamspec.errors import ConfigurationError

LIST_FORMS = ("user", "users", "users-page", "sdk-list", "sdk-mark")
"""The five conversation-list requests, by their paths: docs/emulator.md lists them."""


def _flag(default: bool, sentence: str) -> Any:
    return field(default=default, metadata={"sentence": sentence, "accepted": (True, False)})


def _one_of(default: Any, *others: Any, sentence: str) -> Any:
    return field(default=default, metadata={"sentence": sentence, "accepted": (default, *others)})


def _number(default: int, low: int, high: int, sentence: str) -> Any:
    return field(default=default, metadata={"sentence": sentence, "range": (low, high)})


_YEAR_MS = 366 * 86_400_000


@dataclass(frozen=True, slots=True)
class AppSettings:
    """One app's settings; immutable, so that a request sees one consistent set."""

    # Services that are open or closed
    message_roaming: bool = _flag(
        True, "Message roaming is enabled; when it is disabled, the five deletions are rejected."
    )
    chatroom_roaming: bool = _flag(True, "Messages of chatrooms are stored, and history queries return them.")
    rooms_by_message_id: bool = _flag(
        True,
        "The deletion of group messages by ID also accepts a chatroom ID; otherwise it finds nothing there.",
    )
    retention_days: int = _number(0, 0, 36_500, "Days after which a message is removed; 0: never.")

    # Conversation lists
    rest_messages_create_conversations: bool = _flag(True, "A message sent over REST creates list entries.")
    imported_messages_create_conversations: bool = _flag(False, "An imported message creates list entries.")
    rooms_in_lists: bool = _flag(False, "Conversation lists contain chatrooms.")
    conversation_capacity: int = _number(
        500,
        1,
        1_000_000,
        "Conversations in a user's list at most; the longest inactive one is dropped first.",
    )
    list_forms: tuple[str, ...] = field(
        default=LIST_FORMS,
        metadata={"sentence": "Which conversation-list requests exist.", "members": LIST_FORMS},
    )
    list_lag_ms: int = _number(0, 0, 600_000, "Delay of conversation lists, in milliseconds.")
    list_page_max: int = _number(50, 1, 1000, "Conversations on one page at most.")
    list_reads_per_minute: int = _number(0, 0, 100_000, "List reads per user and minute; 0: no limit.")

    # Importing and sending
    imports: str = _one_of("accepted", "refused", sentence="Whether messages can be imported.")
    import_timestamps: str = _one_of(
        "any",
        "increasing",
        sentence="`increasing`: after the conversation's last import and the group's creation, before now.",
    )
    message_ids: str = _one_of(
        "growing", "random", sentence="Message IDs grow with time, or follow no order."
    )
    message_bytes_max: int = _number(5120, 16, 1 << 20, "Bytes of a message's `body` and `ext` together.")

    # Pulling
    pull_page_max: int = _number(50, 1, 1000, "`pull_number` at most; a larger one is rejected.")
    pull_page_cap: int = _number(
        0, 0, 1000, "Messages on a page at most, whatever was requested; 0: as requested."
    )
    last_page_cursor: str = _one_of(
        "undefined", "null", "empty", sentence="`next_key` of the last page: that text, null, or empty."
    )
    pull_not_open_status: int = _one_of(
        400, 403, sentence="Status of a history query when message roaming is disabled."
    )

    # The history export
    history_export_days: int = _number(
        3, 0, 3650, "Days for which the history export keeps the file of an hour."
    )
    history_export_lag_hours: int = _number(
        0, 0, 720, "Hours until the history export has the file of an hour."
    )
    history_export_zone: str = _one_of(
        "beijing", "utc", sentence="Time zone of the hour that the history export takes."
    )

    # The five deletions
    unknown_owner: int = _one_of(404, 200, sentence="Response when the user in the path does not exist.")
    owner_before_token: bool = _flag(
        False, "An unknown owner is answered with 404 before the token is checked."
    )
    impossible_values: str = _one_of(
        "refused",
        "ignored",
        sentence="Response to an impossible `delTime` or `isNotify`: 400, or 200 without effect.",
    )
    impossible_ids: str = _one_of(
        "ignored",
        "refused",
        sentence="Response to a message ID that is not a decimal number: it matches nothing, or 400.",
    )
    duplicate_ids_count: bool = _flag(True, "The same message ID twice counts twice towards the 50.")
    missing_parameter_body: str = _one_of(
        "envelope", "framework", sentence="Body of a missing parameter: like other errors, or a framework's."
    )
    clear_user_notifies: bool = _flag(False, "Clearing all of a user's messages notifies the user's devices.")
    notify_without_effect: bool = _flag(True, "A deletion that finds nothing still notifies.")
    device_delivery: str = _one_of(
        "pushed",
        "announced",
        sentence="Devices get messages and notifications by push, or by an announcement that they then "
        "fetch.",
    )
    conversation_deletion_notifies: bool = _flag(
        False, "Devices are also notified of a conversation that is deleted, or that a deletion empties."
    )
    devices_per_platform: int = _number(
        0,
        0,
        1000,
        "Devices of a user online on one platform at most; one more replaces the oldest. 0: no limit.",
    )
    owner_calls_on_rest: str = _one_of(
        "refused", "served", sentence="The owner's own token on the five REST paths: 401, or accepted."
    )

    # Shape of responses
    deletion_envelope: bool = _flag(
        False, "The responses of the five deletions also have the common response fields."
    )
    group_application_name: bool = _flag(True, "Responses about groups and chatrooms have `applicationName`.")
    extra_fields: bool = _flag(False, "Every JSON object in a response has one more, unknown field.")
    error_fields: str = _one_of(
        "full", "short", sentence="Error bodies have all five fields, or only type and text."
    )
    json_media_type: str = _one_of(
        "application/json", "application/json;charset=UTF-8", sentence="Content-Type of responses."
    )
    chunked_answers: bool = _flag(False, "Responses are chunked, without a Content-Length.")
    close_connections: bool = _flag(False, "The connection closes after each response.")
    require_headers: bool = _flag(
        False, "Content-Type and Accept are required, as in the tables of the documentation."
    )
    clock_offset_ms: int = _number(
        0, -50 * _YEAR_MS, 50 * _YEAR_MS, "Milliseconds by which the clock of the app is ahead."
    )

    # Errors with more than one documented form
    wrong_method: int = _one_of(405, 404, 500, sentence="Status of a method that the path does not have.")
    unknown_path: int = _one_of(404, 500, sentence="Status of a path that does not exist.")
    unauthorized_texts: str = _one_of(
        "by-cause", "oauth", "expired", sentence="Texts of 401: one per cause, or the same for all."
    )
    unknown_user_deletion: int = _one_of(404, 400, sentence="Status of deleting a user that does not exist.")
    non_member_removal: int = _one_of(
        403, 400, sentence="Status of removing a user who is no member of the group or chatroom."
    )
    registration_text_comma: bool = _flag(
        True, "The text of a registration without a token ends with a comma."
    )
    exception_names: str = _one_of(
        "short", "qualified", sentence="`exception` names a class, or a class with its package."
    )

    # Limits and tokens
    rate_limits: str = _one_of(
        "deletions",
        "documented",
        "off",
        sentence="Which documented rates are enforced: those of the five deletions, all, or none.",
    )
    operation_rates: tuple[tuple[str, int], ...] = field(
        default=(),
        metadata={
            "sentence": "Calls per second to single operations, instead of the documented limits.",
            "keys": OPERATIONS,
            "range": (1, 100_000),
        },
    )
    registered_users_max: int = _number(0, 0, 1_000_000, "Users that may be registered; 0: no limit.")
    rate_status: int = _one_of(429, 403, sentence="Status above the rate.")
    form_type_at_token: bool = _flag(True, "JSON sent to `/token` with the media type of a form is accepted.")
    token_ttl_s: int = _number(
        5_184_000, 1, 10**10, "Lifetime of a token in seconds, when its request does not give one."
    )
    body_bytes_max: int = _number(1 << 20, 1024, 1 << 28, "Bytes of a request body; above: 413.")

    def with_changes(self, changes: Mapping[str, object], *, where: str) -> Self:
        """A copy with these values; ConfigurationError for an unknown name or a value not accepted."""
        accepted: dict[str, Any] = {
            _known(name, where): _accept(name, value, where) for name, value in changes.items()
        }
        return replace(self, **accepted)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as JSON shows them."""
        return {entry.name: _plain(entry, getattr(self, entry.name)) for entry in fields(self)}


def _plain(entry: Any, value: Any) -> Any:
    if "keys" in entry.metadata:
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


_FIELDS = {entry.name: entry for entry in fields(AppSettings)}


def describe() -> list[dict[str, Any]]:
    """Each setting's name, default, accepted values or range, and sentence."""
    rows = []
    for entry in _FIELDS.values():
        default = None if entry.default is MISSING else entry.default
        rows.append(
            {"name": entry.name, "default": _plain(entry, default)}
            | {key: list(v) if isinstance(v, tuple) else v for key, v in entry.metadata.items()}
        )
    return rows


def parse_assignment(text: str, *, where: str) -> tuple[str, object]:
    """Read `NAME=VALUE` of a command line; the value is taken for a flag, a number, a list or a word."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ConfigurationError(f"{where}: {text!r} has no value; write NAME=VALUE.")
    name = _known(name.strip(), where)
    entry, value = _FIELDS[name], value.strip()
    if "members" in entry.metadata:
        return name, [item.strip() for item in value.split(",") if item.strip()]
    if "keys" in entry.metadata:
        pairs = (item.partition(":") for item in value.split(",") if item.strip())
        return name, {key.strip(): _whole(number) for key, _, number in pairs}
    if isinstance(entry.default, bool):
        return name, {"true": True, "false": False}.get(value.lower(), value)
    return name, _whole(value) if isinstance(entry.default, int) else value


def _whole(text: str) -> int | str:
    """The number that a text says, else the text, for `with_changes` to reject."""
    text = text.strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(text) < 20 else text


def _known(name: str, where: str) -> str:
    plain = name.replace("-", "_")
    if plain in _FIELDS:
        return plain
    near = difflib.get_close_matches(plain, _FIELDS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "docs/choices.md lists them."
    raise ConfigurationError(f"{where}: there is no setting {name!r}; {hint}")


def _accept(name: str, value: object, where: str) -> object:
    entry = _FIELDS[_known(name, where)]
    if "members" in entry.metadata:
        members = entry.metadata["members"]
        if isinstance(value, (list, tuple)) and all(item in members for item in value):
            return tuple(value)
        wanted = "a list of " + ", ".join(members)
    elif "keys" in entry.metadata:
        return _accept_rates(entry, value, where)
    elif "range" in entry.metadata:
        low, high = entry.metadata["range"]
        if type(value) is int and low <= value <= high:
            return value
        wanted = f"a whole number from {low} to {high}"
    else:
        accepted = entry.metadata["accepted"]
        # 1 == True in Python, hence the comparison of types.
        if any(type(value) is type(item) and value == item for item in accepted):
            return value
        wanted = " or ".join(str(item).lower() if isinstance(item, bool) else str(item) for item in accepted)
    raise ConfigurationError(f"{where}: setting {name!r} cannot be {value!r}; it must be {wanted}.")


def _accept_rates(entry: Any, value: object, where: str) -> tuple[tuple[str, int], ...]:
    low, high = entry.metadata["range"]
    place = f"{where}: setting {entry.name!r}"
    if not isinstance(value, Mapping):
        raise ConfigurationError(
            f"{place} cannot be {value!r}; it must be a mapping of operations to numbers."
        )
    for key, number in value.items():
        if key not in entry.metadata["keys"]:
            near = difflib.get_close_matches(str(key), entry.metadata["keys"], n=1)
            hint = f"did you mean {near[0]!r}?" if near else "the contracts name them."
            raise ConfigurationError(f"{place}: there is no operation {key!r}; {hint}")
        if type(number) is not int or not low <= number <= high:
            raise ConfigurationError(f"{place}: {key} must be a whole number from {low} to {high}.")
    return tuple(value.items())
