"""What another operation does between two calls is no difference of this one."""

from typing import Any

import pytest
from tests.unit.suite.conftest import KEY, judging

from roamspec.contract.operations import Contract
from roamspec.session.session import Session
from roamspec.suite.call_records import record
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.suite.earlier_view import EarlierView
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView
from roamspec.world.facts import facts_of
from roamspec.world.world import World

CHAT = Conversation("chat", ("owner", "peer"))


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The IDs of the messages that a look finds."""
    ids = ["1", "2", "3"]

    def view(_: World, user: str, conversation: Conversation, **__: Any) -> HistoryView:
        messages = [PulledMessage(each, user, "peer", "chat", 1, "hello") for each in ids]
        return HistoryView(user, conversation, tuple(messages))

    monkeypatch.setattr(World, "view", view)
    return ids


@pytest.mark.parametrize(
    ("operation", "seen"), [("deleteChatMessages", {"1", "2", "3"}), ("deleteGroupMessages", {"1", "2"})]
)
def test_what_was_there_before_is_looked_at_again_once_another_operation_was_called(
    session: Session, contract: Contract, there: list[str], operation: str, seen: set[str]
) -> None:
    case = judging(session, contract.operation("deleteChatMessages"))
    fixture = ConversationFixture(case.world(), case.subject, "owner", ("peer",), CHAT, ())
    earlier = EarlierView(case, fixture)
    there.remove("3")
    answer = Response(200, {}, b"{}", 0.0, Exchange("DELETE", "http://h/"))
    record(facts_of(session), contract.operation(operation), KEY, "u3", (), answer, usual=True)

    assert earlier.before(fixture).ids == seen
    assert earlier.after(fixture).ids == {"1", "2"}
    assert earlier.before(fixture).ids == {"1", "2"}
