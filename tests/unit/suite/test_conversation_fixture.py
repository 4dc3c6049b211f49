"""Fixtures and negative calls on a service that keeps its requirements, and on some that do not."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

import httpx
import pytest
from tests.unit.suite.conftest import judging, verdicts
from tests.unit.world.fake_service import FakeService
from tests.unit.world.fake_session import CAN_IMPORT, fake_session

from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.conversation_fixture import ConversationFixture, conversation_fixture, fresh_conversation
from roamspec.suite.negative_calls import NegativeCall, NegativeCallRunner
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import MessageDraft, ids_of
from roamspec.world.variety import Variety

NAMES = ("missing.first", "missing.second")
FOUR = ("deleteChatMessages", "deleteGroupMessages", "clearChatBefore", "clearGroupBefore")


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def fake(service: FakeService, contract: Contract) -> Iterator[Session]:
    with fake_session(service, contract, capabilities=CAN_IMPORT) as opened:
        yield opened


@pytest.fixture
def case(fake: Session, contract: Contract) -> Iterator[CheckContext]:
    made = judging(fake, contract.operation("deleteChatMessages"), *NAMES)
    yield made
    made.close()


def test_a_fixture_is_a_conversation_among_new_users(case: CheckContext) -> None:
    fixture = fresh_conversation(case.world(), case.subject, 5)

    assert {message.sender for message in fixture.messages} == {fixture.owner, fixture.peer}
    assert fixture.view().ids == ids_of(fixture.messages)
    times = [message.time_ms for message in fixture.messages]
    assert all(late - early > 1000 for early, late in pairwise(times)), "a second apart, and oldest first"


class EveryTime(Variety):
    """Whatever happens now and then happens."""

    def one_in(self, number: int) -> bool:  # noqa: ARG002
        return True


@pytest.mark.parametrize("sees", [True, False])
def test_whoever_joins_late_and_sees_nothing_belongs_to_a_group_from_the_start(
    case: CheckContext, fake: Session, contract: Contract, service: FakeService, sees: bool
) -> None:
    fake.variety = EveryTime(0)
    world = case.world()
    (owner,), (host, other) = world.users(1), world.shared_users(2)
    service.forgets_for = "" if sees else owner
    subject = judging(fake, contract.operation("deleteGroupMessages")).subject

    fixtures = [conversation_fixture(world, subject, owner, [host, other], 2) for _ in range(2)]

    joined = [host, other, owner] if sees else [host, owner, other]
    assert service.groups == {each.conversation.group_id: ("group", joined) for each in fixtures}
    assert {message.receiver for message in service.messages} >= set(service.groups)


def test_what_others_have_put_into_a_conversation_is_told_apart(case: CheckContext) -> None:
    fixture = fresh_conversation(case.world(), case.subject, 2)
    assert fixture.is_only_ours(fixture.view())

    fixture.world.seed(fixture.conversation, [MessageDraft(fixture.owner)])

    assert not fixture.is_only_ours(fixture.view())


def test_everybody_speaks_in_a_group_also_where_the_owner_is_a_plain_member(
    case: CheckContext, fake: Session, contract: Contract, service: FakeService
) -> None:
    world = case.world()
    (owner,), others = world.users(1), world.shared_users(2)
    subject = judging(fake, contract.operation("deleteGroupMessages")).subject

    fixture = conversation_fixture(world, subject, owner, others, 3, hosted=True)

    assert [message.sender for message in fixture.messages] == [owner, *others]
    _, (creator, *_) = service.groups[fixture.conversation.group_id]
    assert (creator, fixture.owner, fixture.peer) == (others[0], owner, others[0])
    assert fixture.view().ids == ids_of(fixture.messages)


def test_a_call_is_written_in_many_ways_and_names_messages_in_each(case: CheckContext) -> None:
    fixture = fresh_conversation(case.world(), case.subject, 5)
    queries = [
        dict(other.query(other.messages)) for other in map(fixture.written_otherwise, map(Random, range(80)))
    ]

    lists = [query["msgIdList"].split(",") for query in queries]
    assert {len(each) for each in lists} == {1, 2, 3, 4, 5}
    assert {each for every in lists for each in every} == ids_of(fixture.messages)
    assert {query.get("isNotify") for query in queries} == {None, "true", "false"}
    assert {each == sorted(each) for each in lists if len(each) > 1} == {True, False}


def test_negative_calls_are_written_in_many_ways_each_always_in_the_same(
    case: CheckContext, fake: Session
) -> None:
    fake.variety = Variety(3)
    sent: list[tuple[tuple[str, str], ...]] = []

    def send(fixture: ConversationFixture) -> Response:
        sent.append(tuple(fixture.query(fixture.messages)))
        return case.subject.call(fake.main, fixture.owner, fixture.query(fixture.messages), anonymous=True)

    runner = NegativeCallRunner(case)
    calls = [runner._written_otherwise(NegativeCall(send, lambda _: None, "missing.first")) for _ in range(9)]
    for call in (*calls, *calls):
        call.send(runner.fixture)

    assert len(set(sent)) > 4
    assert sent[:9] == sent[9:]


@pytest.mark.parametrize("name", FOUR)
def test_deleting_takes_what_is_named_and_no_more(fake: Session, contract: Contract, name: str) -> None:
    case = judging(fake, contract.operation(name))
    fixture = fresh_conversation(case.world(), case.subject, 5)
    named, kept = fixture.messages[:2], fixture.messages[2:]

    assert fixture.delete(named).ok

    assert fixture.view_without(named).ids == ids_of(kept)
    peers = fake.main, fixture.peer
    assert ids_of(fixture.messages) <= fixture.world.view(peers[1], fixture.conversation).ids
    case.close()


# Negative calls


def call(*, missing: str = "", first: bool = False) -> Callable[[ConversationFixture], Response]:
    """Deletes what the fixture names (or its first message), perhaps without one of the parameters."""

    def send(fixture: ConversationFixture) -> Response:
        messages = fixture.messages[:1] if first else fixture.messages
        query = fixture.subject.query(fixture.owner, fixture.conversation, messages)
        return fixture.subject.call(fixture.world.app, fixture.owner, [p for p in query if p[0] != missing])

    return send


def negative_call(name: str, send: Callable[[ConversationFixture], Response]) -> NegativeCall:
    return NegativeCall(send=send, check=lambda _: True, deletes_nothing=name)


WITHOUT_IDS = negative_call(NAMES[0], call(missing="msgIdList"))
WITHOUT_PEER = negative_call(NAMES[1], call(missing="userId"))


def takes_everything_when(parameter: str) -> Callable[..., httpx.Response | None]:
    """A service that rejects a call without `parameter`, and deletes all the same."""

    def delete(service: FakeService, _path: str, owner: str, query: dict[str, str]) -> httpx.Response | None:
        if parameter in query:
            return None
        service.hide(owner, [message.id for message in service.messages])
        return httpx.Response(400, json={"error": "Bad Request"})

    return delete


def refuses(_service: FakeService, _path: str, _owner: str, query: dict[str, str]) -> httpx.Response | None:
    whole = {"userId", "msgIdList"} <= query.keys()
    return None if whole else httpx.Response(400, json={"error": "Bad Request"})


def test_rejected_calls_that_change_nothing_pass(case: CheckContext, service: FakeService) -> None:
    service.delete = refuses
    NegativeCallRunner(case).run([WITHOUT_IDS, WITHOUT_PEER])
    assert set(verdicts(case).values()) == {"pass"}


@pytest.mark.parametrize(
    ("parameter", "guilty"), [("msgIdList", NAMES[0]), ("userId", NAMES[1])], ids=["first", "second"]
)
def test_the_guilty_call_is_found_among_several(
    case: CheckContext, service: FakeService, parameter: str, guilty: str
) -> None:
    service.delete = takes_everything_when(parameter)

    NegativeCallRunner(case).run([WITHOUT_IDS, WITHOUT_PEER])

    assert [name for name, verdict in verdicts(case).items() if verdict == "fail"] == [guilty]


def test_a_failed_check_shows_its_own_call(case: CheckContext, service: FakeService) -> None:
    service.delete = takes_everything_when("msgIdList")

    NegativeCallRunner(case).run([WITHOUT_PEER, WITHOUT_IDS])

    [failure] = [j.failure for j in case.verdicts.judgements() if j.failure]
    assert failure.exchanges[0]["status"] == 400
    assert "msgIdList" not in failure.exchanges[0]["url"]


def test_the_bystanders_conversation_counts_too(case: CheckContext, service: FakeService) -> None:
    """Only what the call does not name at all is taken."""

    def delete(service: FakeService, _path: str, owner: str, query: dict[str, str]) -> httpx.Response | None:
        if "msgIdList" in query:
            return None
        service.hide(owner, [m.id for m in service.messages if query["userId"] not in (m.sender, m.receiver)])
        return httpx.Response(400, json={"error": "Bad Request"})

    service.delete = delete

    NegativeCallRunner(case).run([WITHOUT_IDS])

    assert verdicts(case)[NAMES[0]] == "fail"


def test_a_success_may_take_what_it_was_given_to_name(case: CheckContext) -> None:
    obliging = NegativeCall(
        send=call(first=True), check=lambda _: True, deletes_nothing=NAMES[0], may_be_deleted="message"
    )
    NegativeCallRunner(case).run([obliging])
    assert verdicts(case)[NAMES[0]] == "pass"


def test_a_success_may_not_take_more(case: CheckContext, service: FakeService) -> None:
    def everything(service: FakeService, _path: str, owner: str, _query: dict[str, str]) -> httpx.Response:
        service.hide(owner, [message.id for message in service.messages])
        return httpx.Response(200, json={"requestStatusCode": "ok", "timestamp": 1})

    service.delete = everything
    deletes_all = NegativeCall(
        send=call(first=True), check=lambda _: True, deletes_nothing=NAMES[0], may_be_deleted="message"
    )

    NegativeCallRunner(case).run([deletes_all])

    assert verdicts(case)[NAMES[0]] == "fail"


def test_every_answer_is_judged(case: CheckContext, service: FakeService) -> None:
    service.delete = refuses
    seen: list[int | None] = []
    calls = [
        NegativeCall(
            send=call(missing=name), check=lambda answer: seen.append(answer.status), deletes_nothing=NAMES[0]
        )
        for name in ("msgIdList", "userId")
    ]

    NegativeCallRunner(case).run(calls)

    assert seen == [400, 400]


def test_one_fixture_serves_every_check_of_an_operation(case: CheckContext, service: FakeService) -> None:
    service.delete = refuses
    NegativeCallRunner(case).run([WITHOUT_IDS])
    users = set(service.users)

    NegativeCallRunner(case).run([WITHOUT_PEER])

    assert service.users == users
