"""A request that begins and never ends, such as half a handshake, is ended in time and in bytes."""

import asyncio
import json
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from roamspec.emulator.http import protocol
from roamspec.emulator.service import Service

HANDSHAKE = b"GET /websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def app(_: Any, __: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def answered(service: Service, *pieces: bytes) -> tuple[bytes, Any]:
    """What came back for pieces that arrived one by one, and the server's side of the connection."""
    made: list[Any] = []
    config = uvicorn.Config(app, ws="none", log_config=None, lifespan="off")
    config.load()

    async def run() -> bytes:
        arrived, lost = asyncio.Event(), asyncio.Event()

        class Connection(protocol.listening_for(service)):  # type: ignore[misc]
            def data_received(self, data: bytes) -> None:
                super().data_received(data)
                arrived.set()

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                lost.set()

        def connection() -> Any:
            made.append(Connection(config, ServerState(), {}))
            return made[-1]

        server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1")
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for piece in pieces:
            arrived.clear()
            writer.write(piece)
            await asyncio.wait_for(arrived.wait(), 5)
        received = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        if b"connection: close" in received:
            received += await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await asyncio.wait_for(lost.wait(), 5)
        server.close()
        return received

    received = asyncio.run(run())
    return received, made[0]


def test_half_a_handshake_is_answered_and_ended_in_time(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_WITHIN_S", 0.001)
    received, _ = answered(service, HANDSHAKE)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert json.loads(body) == {"error": "request_timeout", "error_description": "Request Timeout"}
    (entry,) = service.journal.entries()
    assert entry.problem == "half-request"


def test_a_head_without_end_is_ended_before_it_fills_the_memory(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "HEAD_BYTES_MAX", 200)
    received, _ = answered(service, HANDSHAKE, b"X: y\r\n" * 40)
    assert received.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


def test_a_request_in_two_pieces_is_served_and_nothing_waits_for_it_any_more(service: Service) -> None:
    received, connection = answered(service, GET[:20], GET[20:])
    assert received.startswith(b"HTTP/1.1 204 ")
    assert (connection.head_timer, connection.head_bytes) == (None, 0)
