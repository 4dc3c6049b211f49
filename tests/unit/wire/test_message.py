"""The wire format of a pulled message, there and back, and what is rejected."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamspec.wire import PulledMessage, decode_message, encode_message
from roamspec.wire.message_body_pb2 import MessageBody, Meta

HELLO = PulledMessage("1200000000000000001", "alice", "bob", "chat", 1_710_309_184_000, "hello 0 你好")
ENCODED = encode_message(HELLO, "acme#demo")

messages = st.builds(
    PulledMessage,
    id=st.integers(0, 2**64 - 1).map(str),
    sender=st.text(),
    receiver=st.text(),
    chat_type=st.sampled_from(("chat", "group", "room")),
    time_ms=st.integers(0, 2**63 - 1),
    text=st.text(),
    kind=st.sampled_from(("txt", "img", "video", "loc", "audio", "file", "cmd", "custom")),
)


@given(messages)
def test_what_is_encoded_is_decoded(message: PulledMessage) -> None:
    assert decode_message(encode_message(message, "acme#demo")) == message


def test_the_bytes_are_those_that_clients_decode() -> None:
    meta = Meta.FromString(b64decode(ENCODED))
    assert (meta.id, meta.timestamp, meta.ns) == (1200000000000000001, 1710309184000, 1)
    body = MessageBody.FromString(meta.payload)
    assert body.type == 1
    assert body.to.appKey == "acme#demo"
    assert body.to.domain == "easemob.com"
    # Field 1 (id) as a varint comes first.
    assert b64decode(ENCODED)[0] == 0x08


def test_ids_beyond_sixty_three_bits_survive() -> None:
    message = PulledMessage(str(2**64 - 1), "a", "1", "group", 1, "x")
    assert decode_message(encode_message(message, "a#b")).id == str(2**64 - 1)


@pytest.mark.parametrize("message_id", ["", "x", "-1", str(2**64), "１"])
def test_ids_that_do_not_fit_are_rejected(message_id: str) -> None:
    with pytest.raises(ValueError, match="does not fit the wire format"):
        encode_message(PulledMessage(message_id, "a", "b", "chat", 1, "x"), "a#b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!!",
        "é",
        ENCODED[:-5],
        ENCODED[: len(ENCODED) // 8 * 4],
        b64encode(b"\xff" * 40).decode(),
        b64encode(Meta(id=1, timestamp=1, ns=Meta.NOTIFY, payload=b"{}").SerializeToString()).decode(),
        b64encode(Meta(id=1, timestamp=1, ns=Meta.CHAT).SerializeToString()).decode(),
        b64encode(Meta(timestamp=1, ns=Meta.CHAT).SerializeToString()).decode(),
    ],
)
def test_damage_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a message|ASCII|base64|padded"):
        decode_message(text)


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_rejected(data: bytes) -> None:
    try:
        decode_message(b64encode(data).decode())
    except ValueError:
        return
    raise AssertionError("random bytes are hardly ever a message")


def test_an_unknown_content_type_is_rejected() -> None:
    body = MessageBody(type=MessageBody.CHAT)
    body.contents.add().type = 99  # type: ignore[assignment]  # a newer one
    meta = Meta(id=1, timestamp=1, ns=Meta.CHAT, payload=body.SerializeToString())
    with pytest.raises(ValueError, match="content type 99"):
        decode_message(b64encode(meta.SerializeToString()).decode())
