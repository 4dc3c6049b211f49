"""Whose lists are read after a check, and how often."""

from collections.abc import Iterable

import pytest
from tests.unit.suite.conftest import KEY, judging

from roamspec.contract.operations import Contract
from roamspec.session.capabilities import Capabilities
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.call_records import record
from roamspec.suite.list_readings import MOST_READINGS, read_lists
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, Message
from roamspec.world.facts import facts_of
from roamspec.world.variety import Variety
from roamspec.world.world import World

CHAT = Conversation("chat", ("owner", "peer"))
MESSAGES = (Message("101", "owner", 1_710_309_184_000), Message("102", "peer", 1_710_309_185_000))


class Always(Variety):
    """Whatever happens now and then happens."""

    def one_in(self, number: int) -> bool:  # noqa: ARG002
        return True


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose list was read: each takes a request."""
    found: list[str] = []

    def lists_now(world: World, user: str, _: Iterable[Conversation]) -> dict[Conversation, bool]:
        found.append(user)
        world.session.client.requests += 1
        return {}

    monkeypatch.setattr(World, "lists_now", lists_now)
    return found


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    session.variety, session.capabilities = Always(0), Capabilities(list_form="sdk-list")
    made = judging(session, contract.operation("deleteChatMessages"))
    made.limits = type(made.limits)(profile="quick")
    made.world()
    for message in MESSAGES:
        facts_of(session).say(KEY, "deleteChatMessages", CHAT, message, "hello", dated=True)
    return made


def after(case: CheckContext, ids: str, *, status: int = 200) -> None:
    answer = Response(status, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
    query, facts = (("userId", "peer"), ("msgIdList", ids)), facts_of(case.session)
    record(facts, case.operation, KEY, "owner", query, answer, usual=True)
    read_lists(case, facts, facts.calls)


def test_the_other_member_is_read_and_the_owner_who_has_nothing_left(
    case: CheckContext, read: list[str]
) -> None:
    after(case, "101")
    assert read == ["peer"]
    case.session.clock = lambda: 1e9
    after(case, "102")
    assert read == ["peer", "peer", "owner"]


def test_no_user_is_read_twice_in_a_minute_but_on_this_machine(case: CheckContext, read: list[str]) -> None:
    after(case, "101")
    after(case, "101")
    assert read == ["peer"]
    case.session.client.base_url = "http://127.0.0.1:9"
    after(case, "101")
    assert read == ["peer", "peer"]


def test_nothing_is_read_after_a_call_that_was_rejected(case: CheckContext, read: list[str]) -> None:
    after(case, "101", status=400)
    assert read == []


@pytest.mark.parametrize("capabilities", [Capabilities(), Capabilities(list_form="sdk-list", list_lag_s=1.0)])
def test_nothing_is_read_where_a_list_does_not_show_at_once(
    case: CheckContext, read: list[str], capabilities: Capabilities
) -> None:
    case.session.capabilities = capabilities
    after(case, "101")
    assert read == []


def test_nothing_is_read_where_a_service_has_minded_it(case: CheckContext, read: list[str]) -> None:
    case.session.client.throttled["lists"] = 1
    after(case, "101")
    assert read == []


def test_a_run_that_must_send_the_same_each_time_reads_nothing(case: CheckContext, read: list[str]) -> None:
    case.session.variety = None
    after(case, "101")
    assert read == []


def test_a_run_reads_so_much_and_no_more(case: CheckContext, read: list[str]) -> None:
    case.session.client.base_url = "http://127.0.0.1:9"
    for _ in range(2 * MOST_READINGS["quick"]):
        after(case, "101")
    assert len(read) == MOST_READINGS["quick"]
