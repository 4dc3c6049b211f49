"""One request as the operations see it."""

from time import perf_counter_ns
from typing import Any

from roamspec.emulator.apps import App
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.http.parsing import decoded, parse_json, parse_query
from roamspec.emulator.service import APP_ID, Service
from roamspec.emulator.settings import AppSettings

DEFAULT_SETTINGS = AppSettings()


class IncomingRequest:
    """Nothing is parsed before it is asked for; `now` is Unix milliseconds by the app's clock.

    `app_key` is the App Key as it was sent or, where the path has an App ID, that of the app.
    `client_path` says that the call came on a path that client SDKs use, below `/sdk/`; `operation` is
    its name in the contract, and `deletion` that of the one of the five it is a form of.
    """

    __slots__ = (
        "_query",
        "app",
        "app_key",
        "body",
        "client_path",
        "deletion",
        "headers",
        "now",
        "nuisance",
        "operation",
        "raw",
        "scope",
        "service",
        "settings",
        "started_ns",
    )

    app: App

    def __init__(self, service: Service, scope: Any, app: App | None, now: int) -> None:
        self.started_ns = perf_counter_ns()
        self.service = service
        self.scope = scope
        self.raw: dict[str, str] = scope["path_params"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.body = b""
        self.operation = ""
        self.nuisance = ""
        self.client_path = False
        self.deletion = ""
        self.now = now
        self._query: dict[str, str] | None = None
        self.app_key = (self.raw["org"], self.raw["app"])
        if app is None:
            self.settings = DEFAULT_SETTINGS
        else:
            self.app = app
            self.settings = app.settings
            if self.app_key[0] == APP_ID:
                self.app_key = (app.key.org, app.key.app)

    def take_up(self, app: App) -> None:
        """Begin anew, with the app as it is now."""
        self.app, self.settings, self.now = app, app.settings, app.clock.now()
        if self.app_key[0] == APP_ID:
            self.app_key = (app.key.org, app.key.app)

    @property
    def method(self) -> str:
        """The HTTP method."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """As it was sent, without the query."""
        return str(self.scope["path"])

    @property
    def uri(self) -> str:
        """The request's URL as the client wrote it, without the query."""
        host = self.headers.get(b"host", b"").decode("latin-1")
        return f"{self.scope['scheme']}://{host}{self.path}"

    @property
    def query(self) -> dict[str, str]:
        """The query by name, decoded; ApiError when it is malformed."""
        if self._query is None:
            self._query = parse_query(self.scope["query_string"])
        return self._query

    def name(self, parameter: str) -> str:
        """A path parameter, percent-decoded once."""
        return decoded(self.raw[parameter])

    def user(self, parameter: str = "userId") -> str:
        """A user ID of the path; IDs differ in more than case, so it is folded to lower case."""
        return decoded(self.raw[parameter]).lower()

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; ApiError `bad-json` for anything else."""
        value = parse_json(self.body)
        if not isinstance(value, dict):
            raise ApiError("bad-json")
        return value

    def context(self) -> Context:
        """What the domain works with in this call."""
        return self.app.context(self.now)

    def elapsed_ms(self) -> int:
        """Whole milliseconds since the request came."""
        return (perf_counter_ns() - self.started_ns) // 1_000_000
