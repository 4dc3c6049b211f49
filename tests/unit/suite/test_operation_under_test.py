"""The five operations spoken to in the same words."""

import pytest

from roamspec.contract.operations import Contract
from roamspec.suite import OperationUnderTest
from roamspec.world.conversations import Conversation, Message

CHAT = Conversation("chat", ("owner", "peer"))
GROUP = Conversation("group", ("owner", "peer"), "77")
MESSAGES = [Message("11", "peer", 1000), Message("12", "owner", 3000), Message("13", "peer", 2000)]

# name: by ID, by time, notifies, kind, conversation parameter, selection parameter
TRAITS = {
    "deleteChatMessages": (True, False, True, "chat", "userId", "msgIdList"),
    "deleteGroupMessages": (True, False, True, "group", "groupId", "msgIdList"),
    "clearUser": (False, False, False, "chat", "", ""),
    "clearChatBefore": (False, True, True, "chat", "userId", "delTime"),
    "clearGroupBefore": (False, True, True, "group", "groupId", "delTime"),
}


@pytest.mark.parametrize("name", TRAITS)
def test_traits(contract: Contract, name: str) -> None:
    of = OperationUnderTest(contract.operation(name))
    found = (
        of.by_id, of.by_time, of.notifies, of.kind, of.conversation_parameter, of.selection_parameter,
    )  # fmt: skip
    assert found == TRAITS[name]


@pytest.mark.parametrize(
    ("name", "conversation", "notify", "query"),
    [
        ("deleteChatMessages", CHAT, None, [("userId", "peer"), ("msgIdList", "11,12,13")]),
        (
            "deleteChatMessages",
            CHAT,
            "false",
            [("userId", "peer"), ("msgIdList", "11,12,13"), ("isNotify", "false")],
        ),
        ("deleteGroupMessages", GROUP, None, [("groupId", "77"), ("msgIdList", "11,12,13")]),
        ("clearUser", CHAT, None, []),
        ("clearUser", CHAT, "true", []),
        ("clearChatBefore", CHAT, None, [("userId", "peer"), ("delTime", "3000")]),
        (
            "clearGroupBefore",
            GROUP,
            "true",
            [("groupId", "77"), ("delTime", "3000"), ("isNotify", "true")],
        ),
    ],
)
def test_queries(
    contract: Contract,
    name: str,
    conversation: Conversation,
    notify: str | None,
    query: list[tuple[str, str]],
) -> None:
    of = OperationUnderTest(contract.operation(name))
    assert list(of.query("owner", conversation, MESSAGES, notify=notify)) == query


def test_the_conversation_is_named_as_its_owner_names_it(contract: Contract) -> None:
    of = OperationUnderTest(contract.operation("deleteChatMessages"))
    assert dict(of.query("peer", CHAT, MESSAGES))["userId"] == "owner"


def test_queries_name_only_parameters_of_the_contract(contract: Contract) -> None:
    for operation in contract.operations.values():
        of = OperationUnderTest(operation)
        known = {p.name for p in operation.parameters if p.location == "query"}
        conversation = CHAT if of.kind == "chat" else GROUP
        assert {name for name, _ in of.query("owner", conversation, MESSAGES, notify="true")} == known
