"""Who calls, by the Bearer token; each cause of a 401 has its own words."""

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.tokens import Token, well_formed


def caller(request: IncomingRequest) -> Token:
    """The valid token of the request; rejected with 401 otherwise."""
    value = request.headers.get(b"authorization", b"")
    token = request.app.tokens.by_header(value) or _spelled_otherwise(request, value)
    if token.expired(request.now):
        raise ApiError("expired-token")
    return token


def _spelled_otherwise(request: IncomingRequest, value: bytes) -> Token:
    scheme, _, text = value.decode("latin-1").partition(" ")
    text = text.strip(" ")
    if scheme.lower() != "bearer" or not text:
        raise ApiError("no-token")
    token = request.app.tokens.find(text)
    if token is None:
        raise ApiError("foreign-token" if well_formed(text) else "corrupt-token")
    return token


def admin(request: IncomingRequest) -> None:
    """An app token is needed."""
    if caller(request).user is not None:
        raise _no_permission(request)


def owner_or_admin(request: IncomingRequest, owner: str) -> None:
    """An app token, or the owner's own."""
    user = caller(request).user
    if user is not None and user != owner:
        raise _no_permission(request)


def _no_permission(request: IncomingRequest) -> ApiError:
    path = request.path.partition(f"/{request.raw['app']}")[2]
    return ApiError("no-permission", op=request.method.lower(), uuid=request.app.uuid, path=path)
