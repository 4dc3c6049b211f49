"""Shapes and checks that several operations share."""

from typing import Any

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.records import Account
from roamspec.emulator.http.authentication import owner_or_admin
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.limits import monotonic_ms


def admit(request: IncomingRequest, user: str = "") -> None:
    """Within the rate of the operation; `user` is the user of its path, where limits are per user."""
    if not request.app.limits.admits(request.operation, user, request.settings, monotonic_ms()):
        raise ApiError("over-rate")


def admit_messages(request: IncomingRequest, count: int) -> None:
    """Within the number of messages, rather than calls, that the operation may send."""
    if not request.app.limits.admits_messages(request.operation, count, request.settings, monotonic_ms()):
        raise ApiError("over-volume")


def admit_users(request: IncomingRequest, more: int) -> None:
    """Within the number of users that the app's plan allows."""
    most = request.settings.registered_users_max
    if most and request.app.store.count_users() + more > most:
        raise ApiError("users-full")


def existing_owner(request: IncomingRequest) -> str:
    """The user of the path, asked for by an administrator or by that user, within the rate.

    Rejected for a user who does not exist, unless the settings say otherwise.
    """
    owner = request.user()
    owner_or_admin(request, owner)
    admit(request, owner)
    if request.app.store.user(owner) is None and request.settings.unknown_owner == 404:
        raise ApiError("unknown-user")
    return owner


def account_json(account: Account) -> dict[str, Any]:
    """A user as the entities of responses show it."""
    fields: dict[str, Any] = {
        "uuid": account.uuid,
        "type": "user",
        "created": account.created_ms,
        "modified": account.created_ms,
        "username": account.name,
        "activated": True,
    }
    if account.nickname is not None:
        fields["nickname"] = account.nickname
    return fields


def text_field(body: dict[str, Any], key: str) -> str:
    """A text of a JSON body, empty when absent; another type is rejected."""
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ApiError("bad-json")
    return value


def text_list(value: object) -> list[str]:
    """A list of texts; anything else is rejected."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ApiError("bad-json")
    return value


def whole_number(request: IncomingRequest, parameter: str, default: int, most: int) -> int:
    """A positive whole number of the query, `default` if it is absent, and `most` if it is larger; ApiError
    for anything else."""
    text = request.query.get(parameter, "")
    if not text:
        return min(default, most)
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < 1:
        raise ApiError("query-value", text=f"{parameter} must be a positive number")
    return min(int(text), most)
