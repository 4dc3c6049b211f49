"""One run's session: what its parts share, and what it knows of time."""

import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from tests.unit.world.fake_service import FakeService
from tests.unit.world.fake_session import MARK, fake_session

from roamspec.api import messages_api
from roamspec.appkey import AppKey
from roamspec.config.credentials import Credentials
from roamspec.config.target_config import AppConfig, TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.errors import GuardError
from roamspec.session.capabilities import Capabilities
from roamspec.session.names import NameSource
from roamspec.session.opening import RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import Session, open_session
from roamspec.suite import OperationUnderTest
from roamspec.transport.exchange import Exchange
from roamspec.transport.ledger import Ledger, LedgerEntry
from roamspec.world.world import World


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def opened(contract: Contract, base_url: str = "http://127.0.0.1:9", file: Path | None = None) -> Session:
    credentials = Credentials("the-client-id", "the-client-secret")
    config = TargetConfig(base_url=base_url, main=AppConfig(AppKey("acme", "parlor"), credentials))
    return open_session(config, contract, identity=RunIdentity(ledger=Ledger(file)))


def test_opening_sends_nothing(contract: Contract) -> None:
    service = FakeService()
    with fake_session(service, contract):
        assert service.calls == []


def test_apps_that_were_not_given_are_none(contract: Contract) -> None:
    with fake_session(FakeService(), contract) as session:
        assert (session.neighbour, session.closed) == (None, None)
    with fake_session(FakeService(), contract, further_apps=True) as session:
        assert str(session.app("neighbour").key) == "acme#neighbour"
        assert session.app("main") is session.main


def test_all_apps_share_one_client_one_ledger_and_one_prefix(contract: Contract) -> None:
    with fake_session(FakeService(), contract, further_apps=True) as session:
        assert session.main.client is session.app("closed").client is session.client
        session.ledger.made(LedgerEntry(session.main.key, "user", "ours"))
        clear = OperationUnderTest(contract.operation("clearUser"))
        assert clear.call(session.main, "ours").ok
        with pytest.raises(GuardError):
            clear.call(session.app("neighbour"), "ours")


def test_the_password_of_the_run_is_a_secret(contract: Contract) -> None:
    with fake_session(FakeService(), contract) as session, fake_session(FakeService(), contract) as other:
        assert len(session.password) > 10
        assert session.password != other.password
        seen: list[Exchange] = []
        session.client.recorder = seen.append
        session.main.user_token("u", session.password)
        assert session.password not in repr(seen)
        assert "the-client-secret" not in repr(seen)


def test_the_ledger_goes_where_the_settings_say(contract: Contract, tmp_path: Path) -> None:
    session = opened(contract, file=tmp_path / "ledger.jsonl")
    session.ledger.intend(LedgerEntry(session.main.key, "user", "u"))
    session.close()
    assert (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(
    ("base_url", "alone"), [("http://127.0.0.1:9", True), ("https://service.test", False)]
)
def test_on_this_machine_nobody_else_calls(contract: Contract, base_url: str, alone: bool) -> None:
    session = opened(contract, base_url)
    assert session.exclusive == alone
    session.close()


def test_dots_are_kept_from_other_machines(contract: Contract) -> None:
    session = opened(contract, "https://service.test")
    session.ledger.made(LedgerEntry(session.main.key, "user", "."))
    with pytest.raises(GuardError, match="is never sent"):
        session.client._guard.check("DELETE", "/acme/parlor/rest/message/roaming/chat/user/.?userId=.")
    session.close()


def test_the_services_clock(contract: Contract) -> None:
    with fake_session(
        FakeService(), contract, capabilities=Capabilities(clock_offset_ms=-3_600_000)
    ) as session:
        assert session.service_now_ms() == pytest.approx(time.time() * 1000 - 3_600_000, abs=5000)


def test_an_expired_token_has_expired(contract: Contract) -> None:
    with fake_session(FakeService(), contract) as session:
        began = session.clock()
        grant = session.prepare_short_token()
        assert grant.expires_in is not None

        assert session.expired_token() == grant.token
        assert session.clock() - began >= grant.expires_in + 1

        waited = session.clock()
        session.expired_token()
        assert session.clock() == waited, "it is waited for once"


@pytest.mark.parametrize(("step_ms", "waits_long"), [(1, False), (10, False), (1000, True)])
def test_coarse_times_make_a_run_wait(contract: Contract, step_ms: int, *, waits_long: bool) -> None:
    with fake_session(FakeService(), contract, capabilities=Capabilities(time_step_ms=step_ms)) as session:
        assert session.is_slow == waits_long


def test_a_thread_waits_for_what_it_said_and_for_what_was_said_before_it_began(
    contract: Contract,
) -> None:
    with fake_session(FakeService(), contract) as session:
        client = session.client
        client.messages_lag_s, client._clock, client._sleep = 2.0, session.clock, session.sleep
        session.sleep(100.0)
        one, two = World(session).users(2)

        def waited() -> float:
            began = session.clock()
            client.await_messages()
            return session.clock() - began

        assert waited() == 0
        with ThreadPoolExecutor(1) as other:
            other.submit(client.start_thread).result()
            messages_api.send(session.main, "chat", one, two, "hello")
            assert other.submit(waited).result() == 0, "somebody else said it"
            other.submit(client.start_thread).result()
            assert other.submit(waited).result() == 2.0
        assert waited() == 0, "that long ago it is there"


# Names


def test_names_begin_with_the_mark_and_never_come_again() -> None:
    names = NameSource(MARK)
    made = [names.fresh() for _ in range(200)] + [names.fresh("g") for _ in range(200)]
    assert len(set(made)) == 400
    assert all(name.startswith(f"{MARK}-") for name in made)


def test_no_name_is_the_beginning_of_another() -> None:
    names = NameSource(MARK)
    made = sorted(names.fresh() for _ in range(120))
    assert not [one for one, other in pairwise(made) if other.startswith(one)]


def test_each_run_has_its_own_mark() -> None:
    assert len({NameSource().run_prefix for _ in range(50)}) == 50


def test_a_mark_can_stand_in_a_url_and_as_an_app() -> None:
    mark = NameSource().run_prefix
    assert AppKey.parse(f"acme/{mark}-1app", where="here").app == f"{mark}-1app"
    assert mark.isalnum()


def test_what_others_changed_is_waited_for_unless_only_ones_own_matters(contract: Contract) -> None:
    with fake_session(FakeService(), contract) as session:
        session.sleep(100.0)
        began = session.client.changed_at = session.clock()

        session.wait_for_lag(2.0, here=True)
        assert session.clock() == began
        session.wait_for_lag(2.0)
        assert session.clock() == began + 2.0


def test_while_one_waits_for_a_lag_others_go_on(contract: Contract) -> None:
    with fake_session(FakeService(), contract) as session:
        begun: list[float] = []
        session.client.changed_at = session.clock()
        session.turns.take()
        session.turns.when_idle = lambda: begun.append(session.clock())

        session.wait_for_lag(2.0)
        assert begun == [session.clock() - 2.0]
        session.wait_for_lag(2.0)
        assert len(begun) == 1, "what is there already is not waited for"
        session.turns.give()


def test_another_session_works_as_the_one_whose_preflight_it_gets(contract: Contract) -> None:
    """Also in another process."""
    with fake_session(FakeService(), contract, further_apps=True) as first:
        first.hasten(60.0)
        first.capabilities = Capabilities(messages_lag_s=0.7, sends_ask_for_ids=True, time_step_ms=1000)
        first.ledger.removes_owned = True
        for seen in (first.patience, first.arrival_patience, first.list_patience, first.notice_patience):
            seen.note_arrival(0.4, late=True)
            seen.note_timeout()
        found = pickle.loads(pickle.dumps(PreflightResult.of(first)))  # noqa: S301 - our own

        second = reopened(contract, found)

    assert second.capabilities == first.capabilities
    assert second.client.messages_lag_s == 0.7
    assert second.main.asks_for_ids
    assert second.app("neighbour").asks_for_ids
    assert second.ledger.removes_owned
    assert second.is_slow
    for name in ("patience", "arrival_patience", "list_patience", "notice_patience"):
        waits, as_before = getattr(second, name), getattr(first, name)
        assert waits.seconds == as_before.seconds
        assert waits.lag_s == 0.4
        assert waits is not as_before


def test_what_one_session_learns_later_is_its_own(contract: Contract) -> None:
    with fake_session(FakeService(), contract, further_apps=True) as first:
        found = PreflightResult.of(first)
        reopened(contract, found).patience.note_arrival(5.0, late=True)

        assert reopened(contract, found).patience.lag_s == first.patience.lag_s == 0.0


def test_haste_shortens_waits_of_every_kind(contract: Contract) -> None:
    with fake_session(FakeService(), contract) as session:
        before = [session.patience.seconds, session.list_patience.seconds, session.notice_patience.seconds]
        session.hasten(60.0)
        after = [session.patience.seconds, session.list_patience.seconds, session.notice_patience.seconds]

    assert [round(b / a) for b, a in zip(before, after, strict=True)] == [60, 60, 4]


def reopened(contract: Contract, found: PreflightResult) -> Session:
    credentials = Credentials("the-client-id", "the-client-secret")
    keys = [AppKey("acme", name) for name in ("parlor", "neighbour")]
    main, neighbour = (AppConfig(key, credentials) for key in keys)
    config = TargetConfig(base_url="http://127.0.0.1:9", main=main, neighbour=neighbour)
    return open_session(config, contract, found=found)
