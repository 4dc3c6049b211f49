"""Online devices over a real socket: what an observer says, and in how many ways it can say it."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

import pytest

from roamspec.api import devices
from roamspec.api.devices import DeletionNotification, Device
from roamspec.appkey import AppKey
from roamspec.errors import SetupFailed

KEY = AppKey("acme", "parlor")
TIMEOUT_S = 5.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
READY = b"event: ready\ndata: {}\n\n"
SYNC = {
    "operation": "delete_messages",
    "user": "u1",
    "conversation": {"type": "chat", "id": "u2"},
    "message_ids": ["1", "2"],
    "timestamp": 1710309184114,
}


def event(**changes: object) -> bytes:
    return b"event: sync\ndata: " + json.dumps({**SYNC, **changes}).encode() + b"\n\n"


class Observer:
    """Serves one connection: sends what it is given, in these pieces, and ends when it is told to."""

    def __init__(self) -> None:
        self.request = ""
        self.left = threading.Event()
        self._pieces: SimpleQueue[bytes | None] = SimpleQueue()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}/_emulator/observer"

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._pieces.put(piece)

    def end(self) -> None:
        self._pieces.put(None)

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection:
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            self.request = received.decode()
            with contextlib.suppress(ConnectionError):
                while (piece := self._pieces.get()) is not None:
                    connection.sendall(piece)
            # Whoever leaves with something unread resets the connection.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            self.left.set()

    def close(self) -> None:
        self._pieces.put(None)
        # Wakes an accept that nobody answered.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(TIMEOUT_S)


@pytest.fixture
def observer() -> Iterator[Observer]:
    made = Observer()
    yield made
    made.close()


Connect = Callable[..., Device]


@pytest.fixture
def connect(observer: Observer) -> Iterator[Connect]:
    """`connect(*pieces)` makes the observer send these, and a device listen."""
    made: list[Device] = []

    def open_one(*pieces: bytes, user: str = "u1") -> Device:
        observer.send(*pieces)
        made.append(Device.connect(observer.url, KEY, user, "d1"))
        return made[-1]

    yield open_one
    for device in made:
        device.close()


def test_a_device_is_online_when_the_observer_says_so(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n", READY, user="u/1")

    head = observer.request.splitlines()
    assert head[0] == "GET /_emulator/observer/acme/parlor/users/u%2F1/devices/d1/events HTTP/1.1"
    assert "Accept: text/event-stream" in head
    assert (device.user, device.name, device.events) == ("u/1", "d1", [])


def test_a_deletion_notifies(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY)
    observer.send(event())

    assert device.wait_for("u2", TIMEOUT_S)

    [told] = device.about("u2")
    assert (told.operation, told.conversation_kind, told.conversation_id) == ("delete_messages", "chat", "u2")
    assert (told.message_ids, told.del_time) == (frozenset({"1", "2"}), None)
    assert device.about("u3") == []


def test_events_come_in_order_and_are_counted(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY)
    observer.send(event(del_time=1, message_ids=None), event(conversation={"id": "x"}), event(del_time=2))

    assert device.wait_for("u2", TIMEOUT_S, count=2)

    assert [told.del_time for told in device.about("u2")] == [1, 2]
    assert [told.conversation_id for told in device.events] == ["u2", "x", "u2"]


def test_what_does_not_come_is_waited_for_no_longer_than_asked(connect: Connect) -> None:
    assert not connect(HEAD + b"\r\n" + READY).wait_for("u2", 0.01)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_the_stream_may_come_in_any_pieces(
    connect: Connect, line_end: bytes, size: int, chunked: bool
) -> None:
    stream = (b": beat\n\n" + READY + b":\n\n: another beat\n" + event()).replace(b"\n", line_end)
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
    if chunked:
        pieces = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    head = HEAD + (b"Transfer-Encoding: chunked\r\n" if chunked else b"") + b"\r\n"

    device = connect(head, *pieces)

    assert device.wait_for("u2", TIMEOUT_S)
    assert len(device.events) == 1


def test_data_over_several_lines_is_one_event(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY)
    text = json.dumps(SYNC, indent=1).replace("\n", "\ndata: ")
    observer.send(f"id: 5\nevent:sync\nretry: 10\ndata:{text}\n\n".encode())
    assert device.wait_for("u2", TIMEOUT_S)


def test_other_events_are_no_news(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY)
    observer.send(b"event: presence\ndata: {}\n\n", b"data: {}\n\n")
    observer.send(b'event: sync\ndata: ["list"]\n\n', event())
    assert device.wait_for("u2", TIMEOUT_S)
    assert len(device.events) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "responds with 404"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "responds with 204"),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", "responds with 302"),
        (b"no http at all\r\n\r\n", "not a complete HTTP response"),
        (HEAD + b"\r\n", "the stream ended"),
        (HEAD + b"\r\n: beat\n\n", "the stream ended"),
        (HEAD + b"Content-Length: 0\r\n\r\n", "the stream ended"),
        (b"", "not a complete HTTP response"),
    ],
)
def test_a_device_that_does_not_come_online(
    observer: Observer, connect: Connect, answer: bytes, why: str
) -> None:
    observer.send(answer)
    observer.end()
    with pytest.raises(SetupFailed, match="the device d1 of u1 did not come online") as failed:
        connect()
    assert why in str(failed.value)


def test_an_observer_that_never_says_ready(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "READY_TIMEOUT_S", 0.05)
    with pytest.raises(SetupFailed, match="no ready event"):
        connect(HEAD + b"\r\n: beat\n\n")


def test_nobody_listens_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(SetupFailed, match=f"the observer {url} cannot be reached"):
        Device.connect(url, KEY, "u1", "d1")


def test_an_early_end_keeps_what_was_reported(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY + event())
    assert device.wait_for("u2", TIMEOUT_S)
    observer.end()
    device._thread.join(TIMEOUT_S)
    assert len(device.events) == 1


def test_closing_takes_the_device_off_line(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY)
    device.close()
    device.close()
    observer.end()
    assert observer.left.wait(TIMEOUT_S)


@pytest.mark.parametrize(
    ("data", "ids", "del_time", "conversation"),
    [
        ({"message_ids": [1, "2"]}, frozenset({"1", "2"}), None, ""),
        ({"message_ids": []}, frozenset(), None, ""),
        ({"message_ids": "1"}, None, None, ""),
        ({"del_time": 1710309184114}, None, 1710309184114, ""),
        ({"del_time": "1710309184114"}, None, 1710309184114, ""),
        ({"del_time": "yesterday"}, None, None, ""),
        ({"del_time": True}, None, None, ""),
        ({"del_time": "²"}, None, None, ""),
        ({"conversation": {"type": "group", "id": "77@conference.easemob.com"}}, None, None, "77"),
        ({"conversation": {"type": "group", "id": 77}}, None, None, "77"),
        ({"conversation": "u2"}, None, None, ""),
        ({"new_key": {}}, None, None, ""),
    ],
)
def test_a_notice_may_say_more_or_less(
    data: dict[str, object], ids: frozenset[str] | None, del_time: int | None, conversation: str
) -> None:
    told = DeletionNotification.read(data, 5.0)
    assert (told.message_ids, told.del_time, told.conversation_id) == (ids, del_time, conversation)
    assert told.received_at == 5.0


def test_a_report_has_what_a_device_was_notified_of(observer: Observer, connect: Connect) -> None:
    device = connect(HEAD + b"\r\n" + READY)
    cleared = event(operation="clear_before", message_ids=None, del_time=1710309184114)
    observer.send(event(), cleared)
    assert device.wait_for("u2", TIMEOUT_S, count=2)

    assert device.as_dict() == {
        "user": device.user,
        "device": device.name,
        "notifications": [
            {"operation": "delete_messages", "conversation": "chat u2", "message_ids": ["1", "2"]},
            {"operation": "clear_before", "conversation": "chat u2", "del_time": 1710309184114},
        ],
    }
