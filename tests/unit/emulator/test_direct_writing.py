"""What idle devices are told is written in one pass; what cannot be written at once keeps its place."""

import asyncio
from collections.abc import Callable

from roamspec.emulator.devices.hub import DeviceConnection, End, Event
from roamspec.emulator.websocket.direct import DirectWriter


def _encoded(_: DeviceConnection, event: Event) -> bytes:
    assert isinstance(event, bytes)
    return event


async def _turns(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def _reading(connection: DeviceConnection, queued: list[Event]) -> None:
    while not isinstance(event := await connection.next_event(), End):
        queued.append(event)


def played(
    act: Callable[[DeviceConnection], None], writable: Callable[[], bool] = lambda: True
) -> tuple[list[bytes], list[Event]]:
    """The WebSocket frames that were written at once, and what waited for the connection's own writer."""
    written: list[bytes] = []
    queued: list[Event] = []

    def write_now(frame: bytes) -> bool:
        if not writable():
            return False
        written.append(frame)
        return True

    async def run() -> None:
        connection, direct = DeviceConnection("alice", "web_1"), DirectWriter(_encoded)
        direct.add(connection, write_now)
        reading = asyncio.ensure_future(_reading(connection, queued))
        await _turns()
        act(connection)
        assert written == [], "the answer that caused it goes first"
        await _turns()
        connection.close()
        await asyncio.wait_for(reading, 5)

    asyncio.run(run())
    return written, queued


def test_what_comes_to_an_idle_device_is_written_in_order_as_whole_frames() -> None:
    def act(connection: DeviceConnection) -> None:
        connection.put(b"one")
        connection.put(b"two")

    assert played(act) == ([b"\x82\x03one", b"\x82\x03two"], [])


def test_what_cannot_be_written_at_once_waits_and_all_that_follows_waits_behind_it() -> None:
    answers = iter([True, False, True, True])

    def act(connection: DeviceConnection) -> None:
        for data in (b"one", b"two", b"three"):
            connection.put(data)

    assert played(act, lambda: next(answers)) == ([b"\x82\x03one"], [b"two", b"three"])


def test_nothing_is_written_behind_the_end() -> None:
    def act(connection: DeviceConnection) -> None:
        connection.put(b"one")
        connection.close("kicked")
        connection.put(b"late")

    assert played(act) == ([b"\x82\x03one"], [])
