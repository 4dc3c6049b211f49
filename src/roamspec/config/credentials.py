"""Credentials of one app: read from the environment alone, and never shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from roamspec.errors import ConfigurationError


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A client ID with its secret, an app token, or both; at least one of the two is whole."""

    client_id: str | None = None
    client_secret: str | None = None
    app_token: str | None = None
    variables: tuple[str, str, str] = field(
        default=("ROAMSPEC_CLIENT_ID", "ROAMSPEC_CLIENT_SECRET", "ROAMSPEC_APP_TOKEN"), compare=False
    )
    """Where ID, secret and token come from."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not appear in anything roamspec writes."""
        return tuple(value for value in (self.client_secret, self.app_token) if value)

    def for_another_app(self) -> "Credentials | None":
        """What may also open another app: ID and secret; a token belongs to the app that issued it."""
        if self.client_id is None:
            return None
        return replace(self, app_token=None)

    def __repr__(self) -> str:
        parts = [
            f"{name}={None if value is None else '<redacted:' + name.replace('_', '-') + '>'}"
            for name, value in (
                ("client_id", self.client_id),
                ("client_secret", self.client_secret),
                ("app_token", self.app_token),
            )
        ]
        return f"Credentials({', '.join(parts)})"


@dataclass(frozen=True, slots=True)
class CredentialVariables:
    """The names of the environment variables that hold one app's credentials."""

    client_id: str
    client_secret: str
    app_token: str

    @classmethod
    def of(cls, app: str = "") -> "CredentialVariables":
        """The names for the main app (empty), or for the app `neighbour` or `closed`."""
        prefix = f"ROAMSPEC_{app.upper()}_" if app else "ROAMSPEC_"
        return cls(f"{prefix}CLIENT_ID", f"{prefix}CLIENT_SECRET", f"{prefix}APP_TOKEN")

    def __str__(self) -> str:
        return f"{self.client_id} and {self.client_secret} (or {self.app_token})"

    def read(self, environ: Mapping[str, str]) -> Credentials | None:
        """The credentials found, None when there are none; ConfigurationError for half of a pair."""
        client_id = _value(environ, self.client_id)
        client_secret = _value(environ, self.client_secret)
        app_token = _value(environ, self.app_token)
        names = self.client_id, self.client_secret, self.app_token
        if client_id and client_secret:
            return Credentials(client_id, client_secret, app_token, names)
        if app_token:
            return Credentials(app_token=app_token, variables=names)
        if client_id or client_secret:
            there, missing = (
                (self.client_id, self.client_secret) if client_id else (self.client_secret, self.client_id)
            )
            raise ConfigurationError(f"{missing} is missing; {there} is set and needs it.")
        return None


def _value(environ: Mapping[str, str], variable: str) -> str | None:
    value = environ.get(variable, "")
    if not value:
        return None
    if variable.endswith("APP_TOKEN") and value.lower().startswith("bearer "):
        raise ConfigurationError(f"{variable} begins with 'Bearer '; set it to the token alone.")
    # A stray line break is what a secret read from a file usually carries; as part of a header it
    # would make an error message that shows the secret.
    if any(not "!" <= character <= "~" for character in value):
        raise ConfigurationError(
            f"{variable} holds white space or a character that is not plain ASCII; set it to the bare value."
        )
    return value
