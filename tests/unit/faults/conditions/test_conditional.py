"""A fault behind a condition: what it does where the condition is met, and nothing elsewhere."""

import pytest
from tests.unit.faults.fault_harness import SAID, FaultHarness

from roamspec.emulator.domain.records import ConversationKey

CHAT = SAID["alice-bob"]


def harness(fault: str, operation: str = "deleteChatMessages") -> FaultHarness:
    return FaultHarness(fault, operation)


def left(harness: FaultHarness) -> set[str]:
    view = harness.main.store.view("alice", ConversationKey("chat", "bob"))
    assert view is not None
    return {message.id for message in view}


def test_it_goes_wrong_where_the_condition_is_met_and_nowhere_else() -> None:
    broken = harness("delete-chat-messages.effect.nothing-deleted@notify=false")
    broken.call(broken.query("bob", ids=CHAT[:1]))
    broken.call(broken.query("bob", ids=CHAT[1:2], notify="false"))
    assert CHAT[0] not in left(broken)
    assert CHAT[1] in left(broken)
    [conditional] = broken.main.conditionals
    assert (conditional.calls, conditional.met, conditional.shown) == (2, 1, 1)


def test_all_of_several_conditions_must_be_met() -> None:
    broken = harness("delete-chat-messages.effect.nothing-deleted@notify=false@ids=2")
    broken.call(broken.query("bob", ids=CHAT[:1], notify="false"))
    broken.call(broken.query("bob", ids=CHAT[1:3]))
    broken.call(broken.query("bob", ids=CHAT[3:5], notify="false"))
    assert left(broken) >= set(CHAT[3:5])
    assert not left(broken) & set(CHAT[:3])


def test_a_call_in_which_nobody_could_tell_does_not_count_as_shown() -> None:
    broken = harness("delete-chat-messages.effect.nothing-deleted@unknown-id")
    broken.call(broken.query("bob", ids=["999"]))
    [conditional] = broken.main.conditionals
    assert (conditional.met, conditional.shown) == (1, 0)


def test_a_rejection_where_the_documentation_leaves_the_answer_open_does_not_count_as_shown() -> None:
    broken = harness("delete-chat-messages.notify.true-refused@names-nothing")
    broken.call(broken.query("bob", ids=["999"], notify="true"))
    [conditional] = broken.main.conditionals
    assert (conditional.met, conditional.shown) == (1, 0)

    broken = harness("delete-chat-messages.notify.true-refused@ids=1")
    broken.call(broken.query("bob", ids=CHAT[:1], notify="true"))
    [conditional] = broken.main.conditionals
    assert (conditional.met, conditional.shown) == (1, 1)


def test_what_only_notifies_devices_counts_as_shown() -> None:
    broken = harness("delete-chat-messages.notify.true-tells-the-others@devices>1")
    broken.call(broken.query("bob", ids=CHAT[:1], notify="true"))
    [conditional] = broken.main.conditionals
    assert conditional.shown == 1


def test_a_rejected_call_is_remembered() -> None:
    broken = harness("delete-chat-messages.effect.nothing-deleted@after-refusal")
    broken.call(broken.query("bob", ids=CHAT[:1]))
    broken.call("userId=bob")
    broken.call(broken.query("bob", ids=CHAT[1:2]))
    assert CHAT[0] not in left(broken)
    assert CHAT[1] in left(broken)


def test_calls_of_other_operations_are_remembered() -> None:
    broken = harness("delete-chat-messages.effect.nothing-deleted@after=time")
    broken.operation = "clearChatBefore"
    broken.call("userId=carol&delTime=1")
    broken.operation = "deleteChatMessages"
    broken.call(broken.query("bob", ids=CHAT[:1]))
    assert CHAT[0] in left(broken)


@pytest.mark.parametrize(("app", "method"), [("main", "PATCH"), ("nowhere", "DELETE")])
def test_calls_that_fit_no_operation_meet_conditions_too(app: str, method: str) -> None:
    fault = "method.patch-served" if app == "main" else "tenancy.unknown-app-served"
    broken = harness(f"delete-chat-messages.{fault}@notify=false")
    broken.call(broken.query("bob", ids=CHAT[:1], notify="false"), app=app, method=method)
    broken.call(broken.query("bob", ids=CHAT[:1]), app=app, method=method)
    assert [status for status, _, _ in broken.log] == [200, 405 if app == "main" else 404]


def test_real_devices_are_notified_once() -> None:
    broken = harness("delete-chat-messages.notify.names-no-id@notify=true")
    broken.call(broken.query("bob", ids=CHAT[:1], notify="true"))
    broken.look()
    told = [each for each in broken.log if each[:2] == ("alice", "d1")]
    assert len(told) == 1
    assert "alice" in broken.main.devices.users()
