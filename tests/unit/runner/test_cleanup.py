"""After the last check nothing that the run made stays behind, and what does is notified."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.unit.world.fake_service import FakeService
from tests.unit.world.fake_session import CAN_IMPORT, fake_session

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.contract.load import load_contract
from roamspec.runner.cleanup import begin_ledger, clean_up
from roamspec.session.names import NameSource
from roamspec.session.session import Session
from roamspec.transport.ledger import LedgerEntry, LedgerHeader
from roamspec.transport.ledger_file import read_ledger
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
    session.ledger.removes_owned = True
    owner, member = World(session).users(2)
    World(session).group(owner, member)

    left = clean_up(session)

    stays = isinstance(service, Stubborn)
    assert service.groups == {}
    assert bool(left) == stays
    assert any("/chatgroups/" in call for call in service.calls if call.startswith("DELETE")) == stays


def test_what_is_removed_already_stays_removed(session: Session, service: FakeService) -> None:
    world = World(session)
    users = world.users(2)
    world.group(*users)
    service.groups.clear()

    assert not [entry for entry in clean_up(session) if entry.kind != "user"]


def test_nothing_made_nothing_sent(session: Session, service: FakeService) -> None:
    assert clean_up(session) == []
    assert service.calls == []


def test_a_ledger_knows_how_to_reach_what_it_lists(tmp_path: Path) -> None:
    credentials = Credentials("an-id", "a-secret")
    main, closed = AppKey("acme", "parlor"), AppKey("acme", "cellar")
    config = TargetConfig(
        base_url="https://im.example.test",
        main=AppConfig(main, credentials),
        closed=AppConfig(closed, credentials),
        confirmed=frozenset({main, closed}),
    )
    ledger = begin_ledger(tmp_path, NameSource("rs01"), config, embedded=False)
    ledger.made(LedgerEntry(main, "user", "rs01-1u"))
    ledger.close()

    [file] = tmp_path.iterdir()
    text = file.read_text(encoding="utf-8")
    assert read_ledger(file).head == LedgerHeader(
        "rs01",
        "https://im.example.test",
        embedded=False,
        apps={"main": "acme#parlor", "closed": "acme#cellar"},
        confirmed=("acme#cellar", "acme#parlor"),
    )
    assert "a-secret" not in text
