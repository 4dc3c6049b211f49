"""Registering, reading and deleting users, and their online devices."""

from typing import Any, Final

from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.answers import HttpResponse, answer, envelope
from roamspec.emulator.http.authentication import admin, owner_or_admin
from roamspec.emulator.http.operations.common import account_json, admit, admit_users, text_field
from roamspec.emulator.http.parsing import parse_json
from roamspec.emulator.http.request import IncomingRequest

USERS_PER_CALL: Final = 60
_PASSWORD_MAX: Final = 64
_NICKNAME_MAX: Final = 100


def create_users(request: IncomingRequest) -> HttpResponse:
    """One object or a list; nobody is registered when one of them cannot be."""
    admin(request)
    admit(request)
    body = parse_json(request.body)
    wanted = body if isinstance(body, list) else [body]
    if not wanted or not all(isinstance(item, dict) for item in wanted):
        raise ApiError("bad-json")
    if len(wanted) > USERS_PER_CALL:
        raise ApiError("too-many-users")
    drafts = [_draft(item) for item in wanted]
    context = request.context()
    names = [accounts.legal_name(name) for name, _, _ in drafts]
    for index, name in enumerate(names):
        if context.store.user(name) is not None or name in names[:index]:
            raise ApiError("user-exists", name=name, uuid=request.app.uuid)
    admit_users(request, len(drafts))
    registered = [accounts.register(context, *draft) for draft in drafts]
    fields = envelope(request, path="/users", entities=[account_json(a) for a in registered], data=[])
    return answer(request, fields, "documented")


def _draft(item: dict[str, Any]) -> tuple[str, str, str | None]:
    name = text_field(item, "username")
    if not name:
        raise ApiError("no-user-name")
    password = text_field(item, "password")
    if not password:
        raise ApiError("no-password")
    if len(password) > _PASSWORD_MAX:
        raise ApiError("password-too-long")
    nickname = text_field(item, "nickname") or None
    if nickname is not None and len(nickname) > _NICKNAME_MAX:
        raise ApiError("nickname-too-long")
    return name, password, nickname


def get_user(request: IncomingRequest) -> HttpResponse:
    """One user; ApiError `unknown-user` when there is none."""
    admin(request)
    admit(request)
    account = accounts.existing_user(request.context(), request.user())
    fields = envelope(request, path=f"/users/{account.name}", entities=[account_json(account)])
    return answer(request, fields, "documented")


def delete_user(request: IncomingRequest) -> HttpResponse:
    """Delete a user with tokens, views and memberships; devices are disconnected."""
    admin(request)
    admit(request)
    name = request.user()
    if request.app.store.user(name) is None and request.settings.unknown_user_deletion == 400:
        raise ApiError("unknown-user-deletion", app=request.app.key.app)
    account = accounts.delete_user(request.context(), name)
    request.app.tokens.revoke_user(name)
    request.app.devices.close(name, "removed")
    # The documented sample names the collection, also in its URI.
    uri = request.uri.rpartition("/")[0]
    fields = envelope(request, path="/users", uri=uri, entities=[account_json(account)])
    return answer(request, fields, "documented")


def get_resources(request: IncomingRequest) -> HttpResponse:
    """Online devices; empty for a user who is offline."""
    owner_or_admin(request, request.user())
    admit(request)
    accounts.existing_user(request.context(), request.user())
    devices = [
        {"res": c.device, "device_uuid": c.device_uuid, "device_name": c.device_name}
        for c in request.app.devices.of(request.user())
    ]
    path = f"/users/{request.user()}/resources"
    return answer(request, envelope(request, path=path, entities=[], data=devices), "documented")
