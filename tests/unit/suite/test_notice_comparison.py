"""What devices are notified, compared with the calls of a check."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from tests.unit.suite.conftest import KEY, judging, verdicts

from roamspec.api.deletions import Query
from roamspec.api.devices import DeletionNotification, Device
from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite import CheckContext
from roamspec.suite.call_records import record
from roamspec.suite.history_comparison import Window
from roamspec.suite.notice_comparison import COMPARED, compare_notices
from roamspec.suite.notification_content import NOTIFIED_CONTENT
from roamspec.suite.notification_waits import NOTIFIED_WHEN_ABSENT, NOTIFIED_WHEN_TRUE
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.facts import facts_of

CHAT = Conversation("chat", ("owner", "peer"))
MESSAGES = (Message("101", "owner", 1_710_309_184_000), Message("102", "peer", 1_710_309_185_000))


def told(
    conversation: str, ids: Iterable[str] | None = None, user: str = "owner", time_ms: int | None = None
) -> DeletionNotification:
    named = None if ids is None else frozenset(ids)
    return DeletionNotification("delete_messages", user, "chat", conversation, named, time_ms, 0.0)


BOTH = (("userId", "peer"), ("msgIdList", "101,102"))
ONE_BY_ONE = [(("userId", "peer"), ("msgIdList", message.id)) for message in MESSAGES]
IN_TIME = [(("userId", "peer"), ("delTime", str(message.time_ms))) for message in MESSAGES]


@dataclass
class Told:
    """A device that was notified of these deletions, and is notified of no more."""

    user: str
    events: Sequence[DeletionNotification]
    name: str = "d1"

    def about(self, conversation_id: str) -> list[DeletionNotification]:
        return [event for event in self.events if event.conversation_id == conversation_id]

    def wait_for(self, conversation_id: str, _timeout_s: float, *, count: int = 1) -> bool:
        return len(self.about(conversation_id)) >= count

    def wait_until(
        self,
        conversation_id: str,
        holds: Callable[[Sequence[DeletionNotification]], bool],
        _timeout_s: float,
    ) -> bool:
        return holds(self.about(conversation_id))


@dataclass
class Devices:
    """As far as a comparison needs a world."""

    online: list[tuple[int, Device]]
    app: Any = field(default=None)
    devices: Sequence[Device] = ()


NAMES = (*COMPARED, NOTIFIED_CONTENT, NOTIFIED_WHEN_ABSENT, NOTIFIED_WHEN_TRUE)


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    return judging(session, contract.operation("deleteChatMessages"), *NAMES)


@pytest.fixture
def clearing(session: Session, contract: Contract) -> CheckContext:
    """The same of an operation by time; what was said is seen as it was sent."""
    facts = facts_of(session)
    there = tuple(PulledMessage(m.id, m.sender, "peer", "chat", m.time_ms, "hello") for m in MESSAGES)
    case = judging(session, contract.operation("clearChatBefore"), *NAMES)
    facts.look(KEY, "clearChatBefore", HistoryView("peer", CHAT, there), newer=False, pages=1)
    return case


def compared(
    case: CheckContext,
    events: Sequence[DeletionNotification],
    *,
    notify: str | None = None,
    user: str = "owner",
    status: int = 200,
    queries: Sequence[Query] = (BOTH,),
    others: Sequence[Device] = (),
) -> list[str]:
    """What fails when `owner` deletes both messages of the chat, if not by other `queries`, and a device of
    `user` is notified `events`; `others` are online beside it."""
    facts = facts_of(case.session)
    for message in MESSAGES:
        facts.say(KEY, case.operation.name, CHAT, message, "hello", dated=True)
    device = cast(Device, Told(user, events))
    online = [(facts.number(), each) for each in (device, *others)]
    case._worlds.append(cast(Any, Devices(online, case.session.main)))
    for query in queries:
        sent = Exchange("DELETE", f"http://h/?{urlencode(query)}")
        answer = Response(status, {}, b"{}", 0.0, sent)
        whole = [*query, *([("isNotify", notify)] if notify else [])]
        record(facts, case.operation, KEY, "owner", whole, answer, usual=True)
    compare_notices(case, facts, Window(case.began, facts.calls))
    return sorted(name for name, verdict in verdicts(case).items() if verdict == "fail")


@pytest.mark.parametrize(
    "events",
    [
        [told("peer")],
        [told("peer", ["101", "102"])],
        [told("peer", ["101"]), told("peer", ["102"])],
        [told("peer", ["101", "102"])] * 2,
    ],
)
def test_a_correct_notification_passes(case: CheckContext, events: Sequence[DeletionNotification]) -> None:
    assert compared(case, events) == []


@pytest.mark.parametrize(("notify", "name"), [(None, NOTIFIED_WHEN_ABSENT), ("true", NOTIFIED_WHEN_TRUE)])
def test_a_missing_notification_fails(case: CheckContext, notify: str | None, name: str) -> None:
    assert compared(case, [], notify=notify) == [name]


def test_a_notice_that_lacks_a_message(case: CheckContext) -> None:
    assert compared(case, [told("peer", ["101"])]) == [NOTIFIED_CONTENT]


def test_a_notice_that_names_a_message_too_many(case: CheckContext) -> None:
    assert compared(case, [told("peer", ["101", "102", "103"])]) == [NOTIFIED_CONTENT]


def test_one_of_two_calls_is_not_told(case: CheckContext) -> None:
    assert compared(case, [told("peer", ["101"])], queries=ONE_BY_ONE) == [NOTIFIED_WHEN_ABSENT]


@pytest.mark.parametrize("ids", [["101", "102"], None])
def test_one_notification_may_tell_of_several_calls(case: CheckContext, ids: list[str] | None) -> None:
    assert compared(case, [told("peer", ids)], queries=ONE_BY_ONE) == []


def test_one_of_two_times_is_not_told(clearing: CheckContext) -> None:
    events = [told("peer", time_ms=MESSAGES[0].time_ms)]
    assert compared(clearing, events, queries=IN_TIME) == [NOTIFIED_WHEN_ABSENT]


def test_one_of_two_times_is_told_twice(clearing: CheckContext) -> None:
    events = [told("peer", time_ms=MESSAGES[0].time_ms)] * 2
    assert compared(clearing, events, queries=IN_TIME) == [NOTIFIED_CONTENT]


@pytest.mark.parametrize(
    "events",
    [
        [told("peer", time_ms=message.time_ms) for message in MESSAGES],
        [told("peer", time_ms=message.time_ms) for message in MESSAGES * 2],
        [told("peer")] * 2,
    ],
)
def test_two_times_are_told(clearing: CheckContext, events: Sequence[DeletionNotification]) -> None:
    assert compared(clearing, events, queries=IN_TIME) == []


def test_a_notice_of_a_message_that_no_call_named_beside_something_undocumented(case: CheckContext) -> None:
    queries = [(*BOTH, ("resource", "web_1"))]
    assert compared(case, [told("peer", ["103"])], queries=queries) == [NOTIFIED_CONTENT]


def test_a_time_that_is_none_may_be_told_as_anything(clearing: CheckContext) -> None:
    queries = [(("userId", "peer"), ("delTime", "yesterday"))]
    assert compared(clearing, [told("peer", time_ms=0)], queries=queries) == []


def test_a_notice_of_a_silent_call(case: CheckContext) -> None:
    assert compared(case, [told("peer")], notify="false") == ["notify.false-tells-nobody"]


def test_a_notice_of_a_conversation_that_no_call_named(case: CheckContext) -> None:
    assert compared(case, [told("peer"), told("77")]) == ["notify.names-the-conversation"]


@pytest.mark.parametrize("notify", [None, "true", "false"])
def test_a_notice_to_another_user(case: CheckContext, notify: str | None) -> None:
    name = f"notify.{notify or 'absent'}-tells-nobody-else"
    assert compared(case, [told("owner")], notify=notify, user="peer") == [name]


def test_a_notice_to_another_user_of_something_else_is_nobodys_here(case: CheckContext) -> None:
    assert compared(case, [told("77")], user="peer") == []


def test_nobody_need_be_notified_of_a_rejected_call(case: CheckContext) -> None:
    assert compared(case, [], status=400) == []


def test_a_notice_that_names_another_user_than_the_one_who_called(case: CheckContext) -> None:
    events = [told("peer"), told("peer", user="peer")]
    assert compared(case, events) == ["notify.names-the-conversation"]


def test_a_notice_of_anothers_call_although_the_notified_one_called_as_well(case: CheckContext) -> None:
    facts = facts_of(case.session)
    answer = Response(200, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
    query = [("userId", "owner"), ("msgIdList", "101,102")]
    record(facts, case.operation, KEY, "peer", query, answer, usual=True)

    found = compared(case, [told("owner", user="peer"), told("owner")], user="peer")

    assert found == ["notify.absent-tells-nobody-else"]


BESIDE = [ONE_BY_ONE[0], (*ONE_BY_ONE[1], ("isNotify", "false"))]


@pytest.mark.parametrize("ids", [["102"], ["101", "102"]])
def test_a_notice_of_a_silent_call_beside_one_that_notifies(case: CheckContext, ids: list[str]) -> None:
    events = [told("peer", ["101"]), told("peer", ids)]
    assert compared(case, events, queries=BESIDE) == ["notify.false-tells-nobody"]


def test_a_notice_of_the_time_of_a_silent_call_beside_one_that_notifies(clearing: CheckContext) -> None:
    events = [told("peer", time_ms=message.time_ms) for message in MESSAGES]
    queries = [IN_TIME[0], (*IN_TIME[1], ("isNotify", "false"))]
    assert compared(clearing, events, queries=queries) == ["notify.false-tells-nobody"]


def test_what_a_silent_call_names_as_well_may_be_notified(case: CheckContext) -> None:
    queries = [BOTH, (*ONE_BY_ONE[1], ("isNotify", "false"))]
    assert compared(case, [told("peer", ["101", "102"])] * 2, queries=queries) == []


@pytest.mark.parametrize("notify", [None, "true"])
def test_one_of_two_devices_is_not_notified(case: CheckContext, notify: str | None) -> None:
    second = cast(Device, Told("owner", [told("peer")], "d2"))
    found = compared(case, [], notify=notify, others=[second])
    assert found == [f"notify.{notify or 'absent'}-tells-every-device"]


def test_neither_of_two_devices_is_notified(case: CheckContext) -> None:
    assert compared(case, [], others=[cast(Device, Told("owner", [], "d2"))]) == [NOTIFIED_WHEN_ABSENT]


REJECTED = [
    (400, (("userId", "peer"),), "missing.msg-id-list-notifies-nobody"),
    (
        400,
        (("userId", "peer"), ("msgIdList", ",".join(map(str, range(51))))),
        "limit.fifty-one-notifies-nobody",
    ),
    (401, BOTH, "auth.refusal-notifies-nobody"),
]
EMPTY = (("userId", "peer"), ("msgIdList", ""))


def test_an_empty_list_is_not_missing(case: CheckContext) -> None:
    assert compared(case, [told("peer")], status=400, queries=[EMPTY]) == []


@pytest.mark.parametrize(("status", "query", "name"), REJECTED)
@pytest.mark.parametrize(("user", "where"), [("owner", "peer"), ("peer", "owner")])
def test_a_notice_of_a_rejected_call(
    case: CheckContext, status: int, query: Query, name: str, user: str, where: str
) -> None:
    assert compared(case, [told(where)], user=user, status=status, queries=[query]) == [name]


def test_a_notice_of_a_rejected_call_is_none_of_the_call_that_was_served(case: CheckContext) -> None:
    facts = facts_of(case.session)
    rejected = Response(401, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
    query = [("userId", "third"), ("msgIdList", "201")]
    record(facts, case.operation, KEY, "owner", query, rejected, usual=False)

    assert compared(case, [told("peer"), told("third")]) == ["auth.refusal-notifies-nobody"]


def test_a_notice_to_another_user_tells_of_the_call_that_names_its_messages(case: CheckContext) -> None:
    assert compared(case, [told("owner", ["101"])], user="peer", queries=BESIDE) == [
        "notify.absent-tells-nobody-else"
    ]
