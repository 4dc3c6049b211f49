"""One app of the target: its App Key, its credentials and its tokens."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import urljoin

from roamspec.appkey import AppKey
from roamspec.errors import CredentialsRefused, SetupFailed, TargetError, Unreachable
from roamspec.shortening import shortened
from roamspec.transport.http_client import TargetClient
from roamspec.transport.http_messages import JSON_HEADERS, Request, Response, segment

_RENEWED_AFTER = 0.8
"""The part of its lifetime after which a token is not used any more."""
_MOST_DOUBTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_LOCATION = 200


class HasCredentials(Protocol):
    """What an app's tokens are requested with; None for what was not given."""

    @property
    def client_id(self) -> str | None:
        """The client ID of the console."""

    @property
    def client_secret(self) -> str | None:
        """The client secret of the console."""

    @property
    def app_token(self) -> str | None:
        """An app token that somebody requested elsewhere."""

    @property
    def variables(self) -> tuple[str, str, str]:
        """Where they come from: the names of the variables of ID, secret and token."""


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What a token request gave: the token, and its lifetime in seconds if the response says one."""

    token: str
    expires_in: float | None


class AppClient:
    """Sends calls to `/{org}/{app}/…` with the app token, which is fetched once and reused."""

    def __init__(
        self, client: TargetClient, key: AppKey, credentials: HasCredentials, *, opens: str = ""
    ) -> None:
        """`opens` goes before `token` where the app token is redacted: `neighbour-` for that app."""
        self.client = client
        self._token_kind = f"{opens}token"
        self.key = key
        self._credentials = credentials
        self.asks_for_ids = False
        """Whether sends ask for message IDs: services of the older kind answer "success" otherwise."""
        self._lock = threading.Lock()
        self._token: str | None = credentials.app_token
        self._stale_at: float | None = None
        self._no_more_tokens = False
        self._accepted = False
        """Whether the token that was given was accepted at least once."""
        self._in_vain: set[tuple[str, bool]] = set()
        """The buckets that rejected a fresh token as well, of the app (True) or of a user (False)."""
        self._doubts = 0
        self._last = threading.local()
        self._user_tokens: dict[str, str] = {}
        self._passwords: dict[str, tuple[str, str]] = {}
        """User and password, by the user's token."""
        client.redactor.learn(credentials.client_secret, "client-secret")
        client.redactor.learn(credentials.app_token, self._token_kind)

    def token(self) -> str:
        """The app token; raises CredentialsRefused or Unreachable."""
        with self._lock:
            if self._token is None or (self._stale_at is not None and time.monotonic() > self._stale_at):
                self._fetch_token()
            assert self._token is not None
            return self._token

    def _fetch_token(self) -> None:
        asked_at, grant = time.monotonic(), self.new_token()
        self._token = grant.token
        lifetime = grant.expires_in
        self._stale_at = asked_at + _RENEWED_AFTER * lifetime if lifetime else None
        self.client.redactor.learn(grant.token, self._token_kind)

    def _renewed(self, refused: str) -> str | None:
        """Another token than the one rejected, if there is one: services do not promise to keep one valid."""
        with self._lock:
            if self._token == refused and self.can_request_tokens and not self._no_more_tokens:
                try:
                    self._fetch_token()
                except TargetError:
                    self._no_more_tokens = True
            return None if self._token == refused else self._token

    def _renewed_of_user(self, refused: str) -> str | None:
        """The same for a token that `user_token` gave."""
        if refused not in self._passwords:
            return None
        user, password = self._passwords[refused]
        if self._user_tokens.get(user) == refused:
            del self._user_tokens[user]
        try:
            return self.user_token(user, password)
        except TargetError:
            return None

    def call_operation(self, owner: str, build: Callable[[str], Request]) -> Response:
        """Send a call that a check judges, with the app token.

        A rejected token is attributed to the service only if another call is served with it: else it has
        ended early, and the call is made again with a new one.
        """
        answer = self._judged(owner, build)
        self._last.served = answer.ok
        return answer

    @property
    def call_accepted(self) -> bool:
        """Whether the last judged call of this thread was a success: of another one no effect is awaited."""
        return getattr(self._last, "served", True)

    def _judged(self, owner: str, build: Callable[[str], Request]) -> Response:
        bearer = self.token()
        answer = self.client.send(build(bearer))
        if answer.status != 401 or self._doubts >= _MOST_DOUBTS:
            return answer
        self.call("GET", f"/users/{segment(owner)}", bucket="users")
        if self.token() == bearer:
            self._doubts += 1
            return answer
        return self.client.send(build(self.token()))

    @property
    def can_request_tokens(self) -> bool:
        """Whether there are a client ID and secret to request further tokens with."""
        return bool(self._credentials.client_id and self._credentials.client_secret)

    def new_token(self, ttl_s: int | None = None) -> TokenGrant:
        """A further app token, valid for `ttl_s` seconds if the service obliges."""
        fields: dict[str, Any] = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        if ttl_s is not None:
            fields["ttl"] = ttl_s
        answer = self.call("POST", "/token", bucket="token", json=fields, anonymous=True)
        return self._grant(answer)

    def user_token(self, user: str, password: str) -> str:
        """A user's own token: by password, else inherited with the app token."""
        if user not in self._user_tokens:
            fields: dict[str, Any] = {"grant_type": "password", "username": user, "password": password}
            answer = self.call("POST", "/token", bucket="token", json=fields, anonymous=True)
            if not answer.ok:
                fields = {"grant_type": "inherit", "username": user, "autoCreateUser": False}
                answer = self.call("POST", "/token", bucket="token", json=fields)
            token = self._grant(answer).token
            self.client.redactor.learn(token, "user-token")
            self._passwords[token] = (user, password)
            self._user_tokens[user] = token
        return self._user_tokens[user]

    def _grant(self, answer: Response) -> TokenGrant:
        if answer.status is None:
            raise Unreachable(
                f"{self.client.base_url}: the token request for {self.key} failed: {answer.error}."
            )
        if answer.incomplete:
            raise Unreachable(
                f"{self.client.base_url} cannot issue a token for {self.key} now: {answer.summary()}. Try "
                "later."
            )
        if answer.status in _REDIRECTS:
            raise Unreachable(self._redirected(answer))
        token = answer.object.get("access_token")
        if not answer.ok or not isinstance(token, str) or not token:
            client_id, client_secret, _ = self._credentials.variables
            raise CredentialsRefused(
                f"{self.client.base_url} issues no token for {self.key}: {answer.summary()}. Check the App "
                f"Key and {client_id} and {client_secret}."
            )
        expires_in = answer.object.get("expires_in")
        return TokenGrant(token, float(expires_in) if isinstance(expires_in, int | float) else None)

    def _redirected(self, answer: Response) -> str:
        said = f"{self.client.base_url} answers the token request for {self.key} with {answer.status}"
        location = answer.headers.get("location", "")
        if not location:
            return f"{said} and no Location; check the base URL."
        asked = f"{self.client.base_url}/{segment(self.key.org)}/{segment(self.key.app)}/token"
        place = self.client.redactor.text(urljoin(asked, location).partition("?")[0])
        said = f"{said}, Location: {shortened(self.client.redactor.text(location), _LONGEST_LOCATION)}"
        base_url = place.removesuffix(asked.removeprefix(self.client.base_url))
        if base_url == place:
            return f"{said}; check the base URL: redirects are not followed."
        return f"{said}; give that address: --base-url {base_url} (ROAMSPEC_BASE_URL)."

    def _refused_at_once(self, answer: Response) -> CredentialsRefused:
        client_id, client_secret, app_token = self._credentials.variables
        return CredentialsRefused(
            f"{self.client.base_url} rejects the app token of {self.key} from {app_token}: "
            f"{answer.summary()}. Set it to a token of that app that has not expired, or leave it out and "
            f"set {client_id} and {client_secret}."
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        bucket: str,
        json: Any = None,
        token: str | None = None,
        anonymous: bool = False,
        patient: bool = True,
    ) -> Response:
        """One call below the App Key; `path` is already escaped. The app token goes along, unless
        another `token` is given or the call is `anonymous`."""
        bearer = None if anonymous else token or self.token()
        request = Request(
            method=method,
            target=f"/{segment(self.key.org)}/{segment(self.key.app)}{path}",
            bucket=bucket,
            token=bearer,
            headers=JSON_HEADERS,
            json=json,
            retried=patient,
        )
        answer = self.client.send(request)
        if bearer is None:
            return answer
        caller = (bucket, token is None)
        if answer.status == 401 and caller not in self._in_vain:
            renewed = self._renewed(bearer) if token is None else self._renewed_of_user(token)
            if renewed is not None:
                answer = self.client.send(replace(request, token=renewed))
        if token is None and bearer == self._credentials.app_token:
            if answer.status == 401 and not self._accepted and not self.can_request_tokens:
                raise self._refused_at_once(answer)
            self._accepted = self._accepted or answer.status != 401
        with self._lock:
            (self._in_vain.add if answer.status == 401 else self._in_vain.discard)(caller)
        return answer


def required(answer: Response, what: str) -> dict[str, Any]:
    """The JSON object of a successful arranging call; SetupFailed otherwise."""
    if not answer.ok or not isinstance(answer.json, dict):
        raise SetupFailed(f"{what} failed: {answer.summary()}.")
    return answer.object
