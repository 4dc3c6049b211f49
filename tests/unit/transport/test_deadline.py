"""What a connection sends: a request's head and body at once, and everything before a response is awaited."""

import httpcore
import pytest

from roamspec.transport.deadline import Deadline, OneDeadlineStream


class Wire(httpcore.NetworkStream):
    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self.sent.append(buffer)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return b"answer"


def test_head_and_body_go_together_before_the_answer_is_read() -> None:
    wire = Wire()
    stream = OneDeadlineStream(wire, Deadline())

    stream.write(b"head")
    stream.write(b"body")
    assert wire.sent == []
    assert stream.read(10) == b"answer"
    stream.read(10)

    assert wire.sent == [b"headbody"]


def test_a_long_body_does_not_wait() -> None:
    wire = Wire()
    stream = OneDeadlineStream(wire, Deadline())

    stream.write(b"x" * 100_000)

    assert wire.sent == [b"x" * 100_000]


def test_what_is_due_too_late_is_sent_all_the_same_and_its_answer_not_read() -> None:
    wire, deadline = Wire(), Deadline()
    stream = OneDeadlineStream(wire, deadline)

    with deadline.within(-1.0):
        stream.write(b"head")
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(10)

    assert wire.sent == [b"head"]
