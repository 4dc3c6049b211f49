"""`POST /token`: an app token for credentials, a user token for a password or for an app token, either for
a token of the sister brand."""

from typing import Any

from roamspec.emulator import agora
from roamspec.emulator.domain.accounts import existing_user, register
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.records import Account
from roamspec.emulator.http.answers import HttpResponse, answer
from roamspec.emulator.http.authentication import admin
from roamspec.emulator.http.operations.common import account_json, admit, admit_users, text_field
from roamspec.emulator.http.request import IncomingRequest

_TTL_MAX_S = 10**12


def get_token(request: IncomingRequest) -> HttpResponse:
    """Issue a token for the grant that the body names; ApiError `bad-grant` for an unknown one."""
    admit(request)
    body = request.json_object()
    grant = body.get("grant_type")
    if grant == "client_credentials":
        return _issued(request, body, None)
    if grant == "password":
        return _issued(request, body, _by_password(request, body))
    if grant == "inherit":
        return _issued(request, body, _inherited(request, body))
    if grant == "agora":
        return _exchanged(request, body)
    raise ApiError("bad-grant")


def _issued(request: IncomingRequest, body: dict[str, Any], account: Account | None) -> HttpResponse:
    if account is None:
        _check_credentials(request, body)
    return answer(request, _token_fields(request, body, account), "documented")


def _token_fields(request: IncomingRequest, body: dict[str, Any], account: Account | None) -> dict[str, Any]:
    app = request.app
    ttl_s = _ttl(request, body.get("ttl"))
    token = app.tokens.issue(None if account is None else account.name, ttl_s, request.now)
    fields: dict[str, Any] = {"access_token": token, "expires_in": ttl_s, "application": app.uuid}
    if account is not None:
        fields["user"] = account_json(account)
    return fields


def _exchanged(request: IncomingRequest, body: dict[str, Any]) -> HttpResponse:
    """The token to exchange stands where other calls have the app's own."""
    scheme, _, text = request.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise ApiError("no-token")
    try:
        grant, signed = agora.read(text.strip(), request.app.app_certificate)
    except ValueError as error:
        raise ApiError("corrupt-token") from error
    if not signed or grant.app_id != request.app.app_id:
        raise ApiError("foreign-token")
    if grant.expires_s * 1000 <= request.now:
        raise ApiError("expired-token")
    account = None if grant.user is None else existing_user(request.context(), grant.user)
    fields = _token_fields(request, body, account)
    # The one field besides the token that clients of this grant read.
    fields["expires_timestamp"] = request.now + fields["expires_in"] * 1000
    return answer(request, fields, "observed")


def _check_credentials(request: IncomingRequest, body: dict[str, Any]) -> None:
    client_id, client_secret = body.get("client_id"), body.get("client_secret")
    if not client_id:
        raise ApiError("no-client-id")
    if not client_secret:
        raise ApiError("no-client-secret")
    if client_id != request.app.client_id:
        raise ApiError("wrong-client-id")
    if client_secret != request.app.client_secret:
        raise ApiError("wrong-client-secret")


def _by_password(request: IncomingRequest, body: dict[str, Any]) -> Account:
    account = request.app.store.user(text_field(body, "username").lower())
    # Users made along with their token have no password, and none opens them.
    if account is None or not account.password or account.password != body.get("password"):
        raise ApiError("wrong-password")
    return account


def _inherited(request: IncomingRequest, body: dict[str, Any]) -> Account:
    admin(request)
    name = text_field(body, "username").lower()
    if not name:
        raise ApiError("bad-grant")
    if body.get("autoCreateUser") is True and request.app.store.user(name) is None:
        admit_users(request, 1)
        return register(request.context(), name, "", None)
    return existing_user(request.context(), name)


def _ttl(request: IncomingRequest, ttl: object) -> int:
    """Seconds; clients send a number, a decimal string, or an empty string for the default."""
    if ttl is None or ttl == "":
        return request.settings.token_ttl_s
    if isinstance(ttl, str) and ttl.isascii() and ttl.isdigit() and len(ttl) < 14:
        ttl = int(ttl)
    if type(ttl) is not int or not 0 <= ttl <= _TTL_MAX_S:
        raise ApiError("bad-grant")
    return ttl
