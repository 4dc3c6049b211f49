"""The five deletions as pure steps: chosen, removed, told."""

from dataclasses import replace

import pytest

from roamspec.emulator.domain import deletion as steps
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.conversations import conversation_list
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.domain.delivery import OutgoingMessage, send_to_user
from roamspec.emulator.domain.records import ConversationKey

from .conftest import NOW, ToldDevices, imported


def run(deletion: Deletion) -> None:
    for step in (steps.limits, steps.resolve, steps.select, steps.apply, steps.notify):
        step(deletion)


def ids_of(context: Context, owner: str, peer: str) -> list[str]:
    view = context.store.view(owner, ConversationKey("chat", peer))
    return [] if view is None else [message.id for message in view]


def test_named_messages_leave_one_view_and_devices_are_notified(
    context: Context, devices: ToldDevices
) -> None:
    ids = [imported(context, "alice", "bob", NOW + step) for step in range(3)]
    run(Deletion(context, KINDS["deleteChatMessages"], "alice", "bob", ids=[ids[1], "77"]))
    assert ids_of(context, "alice", "bob") == [ids[0], ids[2]]
    assert ids_of(context, "bob", "alice") == ids
    (told,) = devices.told
    assert told[0] == "alice"
    assert told[1]["message_ids"] == [ids[1], "77"]


def test_the_time_is_inclusive(context: Context) -> None:
    ids = [imported(context, "bob", "alice", NOW + step) for step in (-1, 0, 0, 1)]
    run(Deletion(context, KINDS["clearChatBefore"], "alice", "bob", time_ms=NOW))
    assert ids_of(context, "alice", "bob") == ids[3:]


def test_clearing_a_user_leaves_what_lies_ahead(context: Context) -> None:
    imported(context, "bob", "alice", NOW)
    later = imported(context, "bob", "alice", NOW + 1)
    run(Deletion(context, KINDS["clearUser"], "alice", time_ms=NOW))
    assert ids_of(context, "alice", "bob") == [later]


def test_an_emptied_view_leaves_list_and_store(context: Context) -> None:
    message = send_to_user(context, OutgoingMessage("alice", "txt", "x", None), "bob")
    assert len(conversation_list(context, "alice")) == 1
    run(Deletion(context, KINDS["deleteChatMessages"], "alice", "bob", ids=[message]))
    assert conversation_list(context, "alice") == []
    assert context.store.view("alice", ConversationKey("chat", "bob")) is None
    assert len(conversation_list(context, "bob")) == 1


def test_without_notification_nobody_is_notified(context: Context, devices: ToldDevices) -> None:
    run(Deletion(context, KINDS["clearChatBefore"], "alice", "bob", time_ms=NOW, notify=False))
    assert devices.told == []


@pytest.mark.parametrize(("count", "refused"), [(50, False), (51, True)])
def test_fifty_is_the_limit(context: Context, count: int, refused: bool) -> None:
    deletion = Deletion(
        context, KINDS["deleteChatMessages"], "alice", "bob", ids=[str(n) for n in range(count)]
    )
    if refused:
        with pytest.raises(ApiError, match="too-many-ids"):
            steps.limits(deletion)
    else:
        steps.limits(deletion)


def test_an_unknown_owner_is_rejected_unless_set(context: Context) -> None:
    deletion = Deletion(context, KINDS["clearUser"], "nobody", time_ms=NOW)
    with pytest.raises(ApiError, match="unknown-owner"):
        steps.resolve(deletion)
    context.settings = replace(context.settings, unknown_owner=200)
    run(deletion)
    assert deletion.chosen == []
