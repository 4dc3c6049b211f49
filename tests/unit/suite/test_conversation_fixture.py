"""Scenes and trials on a service that keeps its requirements, and on some that do not."""

from collections.abc import Callable, Iterator
from itertools import pairwise

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


def test_a_scene_is_a_talk_among_fresh_users(case: CheckContext) -> None:
    scene = fresh_conversation(case.world(), case.subject, 5)

    assert {message.sender for message in scene.messages} == {scene.owner, scene.peer}
    assert scene.view().ids == ids_of(scene.messages)
    times = [message.time_ms for message in scene.messages]
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

    scenes = [conversation_fixture(world, subject, owner, [host, other], 2) for _ in range(2)]

    joined = [host, other, owner] if sees else [host, owner, other]
    assert service.groups == {scene.conversation.group_id: ("group", joined) for scene in scenes}
    assert {message.receiver for message in service.messages} >= set(service.groups)


def test_what_others_have_put_into_a_scene_is_told_apart(case: CheckContext) -> None:
    scene = fresh_conversation(case.world(), case.subject, 2)
    assert scene.of_the_service(scene.view()) == []

    notice = scene.world.seed(scene.conversation, [MessageDraft(scene.owner)])

    assert scene.of_the_service(scene.view()) == notice


def test_everybody_speaks_in_a_group_also_where_the_owner_is_a_plain_member(
    case: CheckContext, fake: Session, contract: Contract, service: FakeService
) -> None:
    world = case.world()
    (owner,), others = world.users(1), world.shared_users(2)
    subject = judging(fake, contract.operation("deleteGroupMessages")).subject

    scene = conversation_fixture(world, subject, owner, others, 3, hosted=True)

    assert [message.sender for message in scene.messages] == [owner, *others]
    _, (creator, *_) = service.groups[scene.conversation.group_id]
    assert (creator, scene.owner, scene.peer) == (others[0], owner, others[0])
    assert scene.view().ids == ids_of(scene.messages)


@pytest.mark.parametrize("name", FOUR)
def test_deleting_takes_what_is_named_and_no_more(fake: Session, contract: Contract, name: str) -> None:
    case = judging(fake, contract.operation(name))
    scene = fresh_conversation(case.world(), case.subject, 5)
    named, kept = scene.messages[:2], scene.messages[2:]

    assert scene.delete(named).ok

    assert scene.view_without(named).ids == ids_of(kept)
    peers = fake.main, scene.peer
    assert ids_of(scene.messages) <= scene.world.view(peers[1], scene.conversation).ids
    case.close()


# Trials


def call(*, missing: str = "", first: bool = False) -> Callable[[ConversationFixture], Response]:
    """Deletes what the scene names (or its first message), perhaps without one of the parameters."""

    def send(scene: ConversationFixture) -> Response:
        messages = scene.messages[:1] if first else scene.messages
        query = scene.subject.query(scene.owner, scene.conversation, messages)
        return scene.subject.call(scene.world.app, scene.owner, [p for p in query if p[0] != missing])

    return send


def trial(name: str, send: Callable[[ConversationFixture], Response]) -> NegativeCall:
    return NegativeCall(send=send, check=lambda _: True, deletes_nothing=name)


WITHOUT_IDS = trial(NAMES[0], call(missing="msgIdList"))
WITHOUT_PEER = trial(NAMES[1], call(missing="userId"))


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


def test_refusals_that_change_nothing_pass(case: CheckContext, service: FakeService) -> None:
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


def test_a_failed_trial_shows_its_own_call(case: CheckContext, service: FakeService) -> None:
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
    greedy = NegativeCall(
        send=call(first=True), check=lambda _: True, deletes_nothing=NAMES[0], may_be_deleted="message"
    )

    NegativeCallRunner(case).run([greedy])

    assert verdicts(case)[NAMES[0]] == "fail"


def test_every_answer_is_judged(case: CheckContext, service: FakeService) -> None:
    service.delete = refuses
    seen: list[int | None] = []
    trials = [
        NegativeCall(
            send=call(missing=name), check=lambda answer: seen.append(answer.status), deletes_nothing=NAMES[0]
        )
        for name in ("msgIdList", "userId")
    ]

    NegativeCallRunner(case).run(trials)

    assert seen == [400, 400]


def test_a_bench_serves_every_check_of_its_operation(case: CheckContext, service: FakeService) -> None:
    service.delete = refuses
    NegativeCallRunner(case).run([WITHOUT_IDS])
    users = set(service.users)

    NegativeCallRunner(case).run([WITHOUT_PEER])

    assert service.users == users
