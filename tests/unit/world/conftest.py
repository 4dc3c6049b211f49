"""Sessions on the fake service, with a clock that only moves when somebody sleeps."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from tests.unit.client.conftest import Clock
from tests.unit.world.fake_service import FakeService

from roamspec.appkey import AppKey
from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.target.capabilities import Capabilities
from roamspec.target.config import AppConfig, TargetConfig
from roamspec.target.credentials import Credentials
from roamspec.target.names import Names
from roamspec.target.session import Session, open_session
from roamspec.world.world import World

MARK = "rs0123456789"
CREDENTIALS = Credentials("the-client-id", "the-client-secret")

OpenSession = Callable[..., Session]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def open_fake(contract: Contract) -> Iterator[OpenSession]:
    """`open_fake(service)` opens a session on it; further apps only when asked for."""
    opened: list[Session] = []

    def open_one(service: FakeService, *, further_apps: bool = False, observer_url: str | None = None) -> Session:
        def app(name: str) -> AppConfig:
            return AppConfig(AppKey("acme", name), CREDENTIALS)

        config = TargetConfig(
            base_url="http://127.0.0.1:9",
            main=app("parlor"),
            neighbour=app("neighbour") if further_apps else None,
            closed=app("closed") if further_apps else None,
            observer_url=observer_url,
        )
        session = open_session(
            config, contract, rate=0, transport=httpx.MockTransport(service), names=Names(MARK)
        )
        clock = Clock()
        session.clock, session.sleep = clock, clock.sleep
        opened.append(session)
        return session

    yield open_one
    for session in opened:
        session.close()


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def session(open_fake: OpenSession, service: FakeService) -> Session:
    """A session that knows that it may import with any time."""
    opened = open_fake(service)
    opened.capabilities = Capabilities(ways={"chat": "import", "group": "import"}, list_form="users-plain")
    return opened


@pytest.fixture
def world(session: Session) -> World:
    return World(session)
