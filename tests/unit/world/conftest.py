"""A world on the fake service."""

from collections.abc import Iterator

import pytest
from tests.unit.world.fake_service import FakeService
from tests.unit.world.fake_session import CAN_IMPORT, fake_session

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.world.world import World


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def session(service: FakeService, contract: Contract) -> Iterator[Session]:
    with fake_session(service, contract, capabilities=CAN_IMPORT) as opened:
        yield opened


@pytest.fixture
def world(session: Session) -> World:
    return World(session)
