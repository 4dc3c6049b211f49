"""Messages that devices send and receive over WebSocket."""

import pytest

from roamspec.wire.message_body_pb2 import JID, KeyValue, MessageBody, Meta
from roamspec.wire.msync_pb2 import Status

from .conftest import AppClient
from .wire_device import REST, logged_in, text_message, texts


def acknowledgement(content: str) -> Meta:
    body = MessageBody(type=MessageBody.READ_ACK, ackMessageId=1, ackContent=content)
    return Meta(id=77, to=JID(name="bob"), ns=Meta.CHAT, payload=body.SerializeToString())


# --- messages


def test_a_message_from_a_device_reaches_every_other_device(app: AppClient) -> None:
    with logged_in(app, "alice", "a1", "a2") as (sending, other), logged_in(app, "bob", "b1", "b2") as bobs:
        ext = [KeyValue(key="k", type=KeyValue.STRING, stringValue="v")]
        answer = sending.send(text_message("bob", "hello 你好", ext=ext))
        assert (answer.status.errorCode, answer.metaId) == (Status.OK, 77)
        for device in (other, *bobs):
            came = device.synced()
            (meta,) = came.metas
            body = MessageBody.FromString(meta.payload)
            assert (meta.id, meta.ns) == (answer.serverId, Meta.CHAT)
            assert (getattr(body, "from").name, body.to.name) == ("alice", "bob")
            assert (body.contents[0].text, body.ext[0].stringValue) == ("hello 你好", "v")
            assert came.queue.name == ("bob" if device is other else "alice")
        sending.receives_nothing()
    assert app.ids("bob", "alice") == app.ids("alice", "bob") == {str(answer.serverId)}
    app.set(rest_messages_create_conversations=False)
    assert app.listed("bob") == ["alice"], "a device's message enters the lists"


def test_messages_of_groups_and_chatrooms(app: AppClient) -> None:
    group, room = app.group("alice", "bob"), app.room("alice", "bob")
    with logged_in(app, "alice", "a1") as (alice,), logged_in(app, "bob", "b1") as (bob,):
        assert alice.send(text_message(group, "in the group", MessageBody.GROUPCHAT)).serverId
        assert texts(bob.synced()) == ["in the group"]
        assert alice.send(text_message(room, "in the room", MessageBody.CHATROOM)).serverId
        assert texts(bob.synced()) == ["in the room"]
        app.send("bob", group, "by REST", where="chatgroups")
        assert texts(alice.synced()) == texts(bob.synced()) == ["by REST"]
        app.send("bob", room, "by REST", where="chatrooms")
        assert texts(alice.synced()) == ["by REST"]
        bob.receives_nothing()


def test_a_message_over_rest_reaches_the_receiver_and_with_a_wish_the_sender(app: AppClient) -> None:
    with logged_in(app, "alice", "a1") as (alice,), logged_in(app, "bob", "b1") as (bob,):
        app.send("alice", "bob", "one")
        assert texts(bob.synced()) == ["one"]
        alice.receives_nothing()
        body = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "two"}, "sync_device": True}
        app.call("POST", "/messages/users", json=body)
        assert texts(alice.synced()) == texts(bob.synced()) == ["two"]
        app.import_("alice", "bob", 1_600_000_000_000)
        bob.receives_nothing()


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        (text_message("1", "x", MessageBody.GROUPCHAT), Status.FAIL),
        (text_message("", "x"), Status.MISSING_PARAMETER),
        (text_message("bob", "x" * 6000), Status.FAIL),
        (acknowledgement("x" * 6000), Status.FAIL),
        (text_message("bob", "x", MessageBody.RECALL), Status.UNKNOWN_COMMAND),
        (Meta(id=77, to=JID(name="bob"), ns=Meta.CHAT, payload=b"\xff\xff"), Status.PB_PARSER_ERROR),
        (Meta(id=77, to=JID(name="bob"), ns=Meta.MUC), Status.UNKNOWN_COMMAND),
        (Meta(id=77, to=JID(name="bob"), ns=Meta.CHAT), Status.MISSING_PARAMETER),
    ],
)
def test_messages_that_are_not_sent(app: AppClient, meta: Meta, code: int) -> None:
    with logged_in(app, "alice", "a1") as (device,):
        answer = device.send(meta)
        assert (answer.status.errorCode, answer.metaId) == (code, 77)
        assert answer.status.reason
        assert device.send(text_message("bob", "still here")).status.errorCode == Status.OK


def test_only_members_send_to_a_group(app: AppClient) -> None:
    group = app.group("bob", "carol")
    with logged_in(app, "alice", "a1") as (device,):
        answer = device.send(text_message(group, "x", MessageBody.GROUPCHAT))
        assert answer.status.errorCode == Status.PERMISSION_DENIED
    assert app.ids("bob", group) == set()


def test_acknowledgements_are_handed_on_and_clear_what_is_unread(app: AppClient) -> None:
    def unread() -> int:
        infos = app.call("GET", "/sdk/user/bob/user_channels/list").json()["data"]["channel_infos"]
        return int(infos[0]["unread_num"])

    with logged_in(app, "alice", "a1") as (alice,), logged_in(app, "bob", "b1") as (bob,):
        sent = alice.send(text_message("bob", "x")).serverId
        bob.synced()
        assert unread() == 1
        body = MessageBody(type=MessageBody.READ_ACK, ackMessageId=sent)
        ack = Meta(id=78, to=JID(name="alice"), ns=Meta.CHAT, payload=body.SerializeToString())
        assert bob.send(ack).metaId == 78
        (came,) = alice.synced().metas
        read = MessageBody.FromString(came.payload)
        assert (read.type, read.ackMessageId) == (MessageBody.READ_ACK, sent)
        body = MessageBody(type=MessageBody.CHANNEL_ACK)
        ack = Meta(
            id=79,
            to=JID(name="alice", domain="easemob.com"),
            ns=Meta.CHAT,
            payload=body.SerializeToString(),
        )
        assert bob.send(ack).metaId == 79
        assert unread() == 0


def test_what_came_while_nobody_was_online_waits(app: AppClient) -> None:
    group = app.group("alice", "bob")
    for number in range(60):
        app.send("bob", "alice", f"text {number}")
    deleted = app.send("bob", "alice", "deleted meanwhile")
    app.send("bob", group, "in the group", where="chatgroups")
    app.call("DELETE", f"{REST}/chat/user/alice?userId=bob&msgIdList={deleted}")
    with logged_in(app, "alice", "a1") as (device,):
        queues = {item.queue.name: (item.n, item.queue) for item in device.heartbeat().unread}
        assert {name: number for name, (number, _) in queues.items()} == {"bob": 61, group: 1}
        assert queues[group][1].domain == "conference.easemob.com"
        first = device.fetch(queues["bob"][1])
        assert (texts(first), first.isLast) == ([f"text {number}" for number in range(50)], False)
        second = device.fetch(queues["bob"][1], first.nextKey)
        assert (texts(second), second.isLast) == ([f"text {number}" for number in range(50, 60)], True)
        assert texts(device.fetch(queues["bob"][1], second.nextKey)) == []
        assert [item.queue.name for item in device.heartbeat().unread] == [group]
        assert texts(device.fetch(queues[group][1])) == ["in the group"]
        assert list(device.heartbeat().unread) == []
    with logged_in(app, "alice", "a2") as (device,):
        assert list(device.heartbeat().unread) == []
