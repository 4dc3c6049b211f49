"""Who logs in, with a token or with a password, and the words of an error response."""

import json
from dataclasses import dataclass
from uuid import uuid4

from roamspec.emulator.apps import App
from roamspec.emulator.service import Service
from roamspec.emulator.tokens import Token
from roamspec.wire.msync_pb2 import MSync, Provision

NO_APP = "Sorry, app not found"
NO_USER = "Sorry, user not found"
WRONG = "Sorry, token or password does not match login info"
EXPIRED = "Sorry, token expired"

_TOKEN_MARK = "$t$"  # noqa: S105 - what stands before a token
_PLATFORMS = {Provision.IOS: "ios", Provision.ANDROID: "android", Provision.OTHER: "webim"}
_LONGEST_NAME = 256


class LoginRefused(Exception):  # noqa: N818 - no fault, an answer
    """Why nobody is logged in, in the words that clients know."""


@dataclass(frozen=True, slots=True)
class Login:
    """A user of an app on a device; `expires_ms` is 0 where the login never expires."""

    app: App
    user: str
    resource: str
    device_uuid: str
    device_name: str
    platform: str
    expires_ms: int

    @property
    def auth_token(self) -> str:
        """JSON with the time at which the token expires, for the client; empty when it never does."""
        return json.dumps({"expires_in": self.expires_ms}, separators=(",", ":")) if self.expires_ms else ""


def log_in(service: Service, frame: MSync, asked: Provision) -> Login:
    """The login that a frame asks for, or LoginRefused."""
    org, _, name = frame.guid.appKey.partition("#")
    app = service.find(org, name)
    if app is None:
        raise LoginRefused(NO_APP)
    user = frame.guid.name.lower()
    account = app.store.user(user)
    if account is None:
        raise LoginRefused(NO_USER)
    expires_ms = 0
    secret = _secret(frame, asked)
    if secret.startswith(_TOKEN_MARK):
        expires_ms = _checked(app, user, app.tokens.find(secret.removeprefix(_TOKEN_MARK))).expires_ms
    # Users made along with their token have no password, and none opens them.
    elif not account.password or secret != account.password:
        raise LoginRefused(WRONG)
    platform = _PLATFORMS.get(asked.osType, "other")
    resource = (asked.resource or frame.guid.clientResource)[:_LONGEST_NAME] or f"{platform}_{uuid4().hex}"
    return Login(
        app,
        account.name,
        resource,
        asked.deviceUuid[:_LONGEST_NAME] or resource,
        asked.deviceName[:_LONGEST_NAME] or resource,
        platform,
        expires_ms,
    )


def _checked(app: App, user: str, token: Token | None) -> Token:
    if token is None or token.user != user:
        raise LoginRefused(WRONG)
    if token.expired(app.clock.now()):
        raise LoginRefused(EXPIRED)
    return token


def _secret(frame: MSync, asked: Provision) -> str:
    """A token behind its mark, or a password, wherever a client puts it."""
    if asked.authToken:
        try:
            value = json.loads(asked.authToken)
        except ValueError:
            value = None
        if isinstance(value, dict) and isinstance(value.get("token"), str):
            return str(value["token"])
    return frame.auth or asked.auth or asked.password
