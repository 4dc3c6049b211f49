"""After the last check nothing that the run made stays behind, and what does is told."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.unit.world.fake_service import FakeService
from tests.unit.world.fake_session import CAN_IMPORT, fake_session

from roamspec.contract.load import load_contract
from roamspec.runner.cleaning import clean_up
from roamspec.target.session import Session
from roamspec.world.world import World


class Stubborn(FakeService):
    """Does not let go of users."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE" and "/users/" in request.url.path:
            return httpx.Response(503)
        return super().__call__(request)


@pytest.fixture(params=[FakeService, Stubborn], ids=["obliging", "stubborn"])
def service(request: Any) -> FakeService:
    made = request.param()
    assert isinstance(made, FakeService)
    made.users = {"somebody-else"}
    return made


@pytest.fixture
def session(service: FakeService) -> Iterator[Session]:
    with fake_session(service, load_contract(), capabilities=CAN_IMPORT, further_apps=True) as opened:
        yield opened


def test_everything_in_every_app_goes_but_nothing_else(session: Session, service: FakeService) -> None:
    world = World(session)
    users = world.users(3)
    world.group(*users)
    world.room(*users)
    World(session, session.neighbour).users(1)

    left = clean_up(session)

    assert service.groups == {}, "groups and rooms go in any case"
    assert "somebody-else" in service.users
    if isinstance(service, Stubborn):
        assert {entry.name for entry in left} == service.users - {"somebody-else"}
        assert {entry.kind for entry in left} == {"user"}
        assert set(session.ledger.present()) == set(left)
    else:
        assert left == []
        assert service.users == {"somebody-else"}


def test_what_goes_with_its_owner_is_called_for_only_where_the_owner_stays(
    session: Session, service: FakeService
) -> None:
    session.ledger.owned_go_along = True
    owner, member = World(session).users(2)
    World(session).group(owner, member)

    left = clean_up(session)

    stays = isinstance(service, Stubborn)
    assert service.groups == {}
    assert bool(left) == stays
    assert any("/chatgroups/" in call for call in service.calls if call.startswith("DELETE")) == stays


def test_what_is_gone_already_is_gone(session: Session, service: FakeService) -> None:
    world = World(session)
    users = world.users(2)
    world.group(*users)
    service.groups.clear()

    assert not [entry for entry in clean_up(session) if entry.kind != "user"]


def test_nothing_made_nothing_sent(session: Session, service: FakeService) -> None:
    assert clean_up(session) == []
    assert service.calls == []
