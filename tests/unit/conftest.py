"""HTTP clients whose target plays a script, with a clock that only moves when a test moves it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import httpx
import pytest

from roamspec.api.app_client import AppClient
from roamspec.appkey import AppKey
from roamspec.config.credentials import Credentials
from roamspec.security.redactor import Redactor
from roamspec.transport.client_settings import SendingLimits, StandIns
from roamspec.transport.guard import Guard, base_path
from roamspec.transport.http_client import TargetClient
from roamspec.transport.ledger import Ledger, LedgerEntry
from roamspec.transport.rate_limiter import RateLimiter

BASE_URL = "http://service.test"
KEY = AppKey("acme", "parlor")
MARK = "rs0123456789"
SECRET = "the-client-secret"
TOKEN = "YWMtTheAppToken"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """What commands say is compared in English, whatever the language of the developer's machine is."""
    monkeypatch.setenv("ROAMSPEC_LANG", "en")


Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class Clock:
    """Seconds; sleeping moves it."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Script:
    """Answers requests with its replies in turn, the last one for ever; keeps the requests."""

    replies: list[Reply]
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    @property
    def targets(self) -> list[str]:
        """Method and request target of each request, as it stood on the wire."""
        return [f"{r.method} {r.url.raw_path.decode('ascii')}" for r in self.requests]


class CountingPacer(RateLimiter):
    """Lets everything pass at once and remembers what asked."""

    def __init__(self) -> None:
        super().__init__(0)
        self.asked: list[str] = []

    def wait(self, bucket: str) -> None:
        self.asked.append(bucket)


@dataclass
class Site:
    """One scripted target and everything in front of it."""

    script: Script
    clock: Clock
    ledger: Ledger
    pacer: CountingPacer
    client: TargetClient
    app: AppClient

    def knows(self, *names: str, kind: str = "user") -> None:
        for name in names:
            self.ledger.made(LedgerEntry(KEY, kind, name))  # type: ignore[arg-type]


MakeSite = Callable[..., Site]


@pytest.fixture
def site() -> Iterable[MakeSite]:
    """`site(*replies)` makes a target that gives these replies; the app token is at hand."""
    clients: list[TargetClient] = []

    def make(
        *replies: Reply,
        loopback: bool = True,
        token: str | None = TOKEN,
        deadline_s: float = 15,
        allow_burst: bool = False,
        base_url: str = BASE_URL,
        ledger: Ledger | None = None,
    ) -> Site:
        script, clock, pacer = Script(list(replies)), Clock(), CountingPacer()
        ledger = ledger or Ledger()
        client = TargetClient(
            base_url,
            guard=Guard(ledger, MARK, loopback=loopback, base_path=base_path(base_url)),
            limits=SendingLimits(pacer, allow_burst=allow_burst, deadline_s=deadline_s),
            redactor=Redactor(),
            stand_ins=StandIns(httpx.MockTransport(script), clock=clock, sleep=clock.sleep),
        )
        clients.append(client)
        credentials = Credentials("the-client-id", SECRET, token)
        return Site(script, clock, ledger, pacer, client, AppClient(client, KEY, credentials))

    yield make
    for client in clients:
        client.close()


def ok(**fields: object) -> httpx.Response:
    """Status 200 with a JSON object."""
    return httpx.Response(200, json=fields)
