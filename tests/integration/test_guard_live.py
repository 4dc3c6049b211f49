"""The guard on a target that holds other people's data: no deletion of it ever arrives there."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.integration.commands import Emulator, OtherPeople

from roamspec.api.app_client import AppClient
from roamspec.appkey import AppKey
from roamspec.config.credentials import Credentials
from roamspec.config.target_config import AppConfig, TargetConfig
from roamspec.contract.load import load_contract
from roamspec.errors import GuardError
from roamspec.session.opening import RequestLimits
from roamspec.session.session import Session, open_session
from roamspec.suite import OperationUnderTest
from roamspec.transport.http_messages import Request
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.conversations import Conversation, Message
from roamspec.world.world import World

MESSAGES = [Message("1623022678929637383", "alice", 1_710_309_184_114)]


@pytest.fixture
def session(emulator: Emulator) -> Iterator[Session]:
    ready = emulator.ready
    credentials = Credentials(ready["client_id"], ready["client_secret"])
    main = AppConfig(AppKey(ready["org"], ready["app"]), credentials)
    opened = open_session(
        TargetConfig(base_url=ready["base_url"], main=main), load_contract(), limits=RequestLimits.at_rate(0)
    )
    yield opened
    opened.close()


def removals(emulator: Emulator) -> list[str]:
    """Every request that the emulator has seen and that could have deleted something."""
    entries = emulator.control("/journal").json()["entries"]
    return [str(entry) for entry in entries if "DELETE" in str(entry) or "delete/all" in str(entry)]


OPERATIONS = list(load_contract().operations.values())


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.slug)
def test_a_deletion_for_somebody_else_never_arrives(
    emulator: Emulator, others: OtherPeople, session: Session, operation: Any
) -> None:
    subject, held, arrived = OperationUnderTest(operation), others.everything(), removals(emulator)
    conversation = Conversation("chat", ("alice", "bob"))
    if subject.kind == "group":
        conversation = Conversation("group", ("alice", "bob"), others.group_id)
    query = subject.query("alice", conversation, MESSAGES, until_ms=MESSAGES[0].time_ms)

    with pytest.raises(GuardError):
        subject.call(session.main, "alice", query)

    assert removals(emulator) == arrived
    assert others.everything() == held


def test_our_own_user_is_no_way_to_anothers_conversation(
    emulator: Emulator, others: OtherPeople, session: Session
) -> None:
    world = World(session)
    [ours] = world.users(1)
    arrived = removals(emulator)
    by_chat = OperationUnderTest(load_contract().operation("deleteChatMessages"))
    by_group = OperationUnderTest(load_contract().operation("deleteGroupMessages"))

    for subject, pair in ((by_chat, ("userId", "bob")), (by_group, ("groupId", others.group_id))):
        with pytest.raises(GuardError):
            subject.call(session.main, ours, [pair, ("msgIdList", "1")])
    assert removals(emulator) == arrived

    world.close()
    assert len(removals(emulator)) > len(arrived), "what is ours is removed"


@pytest.mark.parametrize("path", ["/users/alice", "/users", "/users?limit=100", "/chatgroups/1"])
def test_only_own_things_are_removed(
    emulator: Emulator, others: OtherPeople, session: Session, path: str
) -> None:
    held, arrived = others.everything(), removals(emulator)
    with pytest.raises(GuardError):
        session.main.call("DELETE", path, bucket="users")
    assert (others.everything(), removals(emulator)) == (held, arrived)


def test_another_app_with_the_same_names_is_another(emulator: Emulator, session: Session) -> None:
    ready = emulator.ready
    neighbour = AppKey.parse(ready["neighbour_app"], where="the ready object")
    session.ledger.made(LedgerEntry(session.main.key, "user", "alice"))
    there = AppClient(session.client, neighbour, Credentials(ready["client_id"], ready["client_secret"]))

    with pytest.raises(GuardError, match="'alice'"):
        OperationUnderTest(load_contract().operation("clearUser")).call(there, "alice")


def test_the_run_stops_a_request_before_its_token_is_sent(emulator: Emulator, session: Session) -> None:
    before = len(removals(emulator))
    request = Request("DELETE", "/acme/parlor/rest/message/roaming/chat/user/..?userId=bob", "x", token="t")
    with pytest.raises(GuardError):
        session.client.send(request)
    assert (session.client.requests, len(removals(emulator))) == (0, before)
