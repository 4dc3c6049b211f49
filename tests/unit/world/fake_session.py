"""Sessions on the fake service, with a clock that only moves when somebody sleeps."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from tests.unit.conftest import Clock
from tests.unit.world.fake_service import FakeService

from roamspec.appkey import AppKey
from roamspec.config.credentials import Credentials
from roamspec.config.target_config import AppConfig, TargetConfig
from roamspec.contract.operations import Contract
from roamspec.session.capabilities import Capabilities
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.session import Session, open_session
from roamspec.transport.client_settings import StandIns

MARK = "rs0123456789"
CREDENTIALS = Credentials("the-client-id", "the-client-secret")
CAN_IMPORT = Capabilities(message_sources={"chat": "import", "group": "import"}, list_form="users-plain")
"""What there is to know of the fake service in its default settings, as far as worlds need it."""


@contextmanager
def fake_session(
    service: FakeService,
    contract: Contract,
    *,
    capabilities: Capabilities | None = None,
    further_apps: bool = False,
    observer_url: str | None = None,
    credentials: Credentials = CREDENTIALS,
) -> Iterator[Session]:
    """A session on `service`; a neighbour and a app with message roaming disabled only when asked for."""

    def app(name: str) -> AppConfig:
        return AppConfig(AppKey("acme", name), credentials)

    config = TargetConfig(
        base_url="http://127.0.0.1:9",
        main=app("parlor"),
        neighbour=app("neighbour") if further_apps else None,
        closed=app("closed") if further_apps else None,
        observer_url=observer_url,
    )
    transport = httpx.MockTransport(service)
    clock = Clock()
    session = open_session(
        config,
        contract,
        identity=RunIdentity(NameSource(MARK)),
        limits=RequestLimits.at_rate(0),
        stand_ins=StandIns(transport, clock=clock, sleep=clock.sleep),
    )
    if capabilities:
        session.capabilities = capabilities
    try:
        yield session
    finally:
        session.close()
