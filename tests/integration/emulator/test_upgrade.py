"""Who offers another protocol is served by HTTP/1.1, with the body that came."""

import json
import shutil
import socket
import subprocess
from collections.abc import Sequence
from typing import BinaryIO

import pytest

from .conftest import AppClient, Process

H2C = b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQBAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings\r\n"


GRANT = {"grant_type": "inherit", "username": "alice", "autoCreateUser": True}
"""A request that needs its body to be answered with 200."""


def grant(app: AppClient, *, chunked: bool = False, offer: bytes = H2C, version: bytes = b"1.1") -> bytes:
    body = json.dumps(GRANT).encode()
    head = f"POST /{app.org}/{app.app}/token ".encode() + b"HTTP/" + version + b"\r\nHost: x\r\n" + offer
    head += f"Authorization: Bearer {app.token}\r\n".encode()
    head += b"Content-Type: application/json\r\n"
    if chunked:
        return head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    return head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def clear(app: AppClient, offer: bytes = H2C) -> bytes:
    path = f"/{app.org}/{app.app}/rest/message/roaming/user/alice/delete/all".encode()
    authorization = f"Authorization: Bearer {app.token}\r\n".encode()
    return b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + authorization + offer + b"\r\n"


def statuses(process: Process, sent: Sequence[bytes], count: int) -> list[int]:
    """Of so many answers on one connection over which `sent` went, piece by piece."""
    with socket.create_connection(("127.0.0.1", process.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in sent:
            connection.sendall(piece)
        with connection.makefile("rb") as reader:
            return [_status_of_next(reader) for _ in range(count)]


def _status_of_next(reader: BinaryIO) -> int:
    """Of the next answer that a server decided on: what only says to go on is passed over."""
    status = int(reader.readline().split()[1])
    length = 0
    while (line := reader.readline()) != b"\r\n":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    reader.read(length)
    return _status_of_next(reader) if status < 200 else status


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    "offer",
    [
        H2C,
        b"Connection: keep-alive, upgrade\r\nupgrade: h2c\r\n",
        b"Connection: Upgrade\r\nConnection: keep-alive\r\nUpgrade: TLS/1.0, HTTP/2.0\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    ],
)
def test_a_body_after_an_offer_arrives(
    offer: bytes, chunked: bool, app: AppClient, emulator: Process
) -> None:
    assert statuses(emulator, [grant(app, chunked=chunked, offer=offer)], 1) == [200]


@pytest.mark.parametrize("size", [1, 7, 250])
def test_in_pieces_of_any_size(size: int, app: AppClient, emulator: Process) -> None:
    raw = grant(app) + grant(app, chunked=True) + clear(app)
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)]
    assert statuses(emulator, pieces, 3) == [200, 200, 200]


def test_requests_that_follow_on_the_connection_are_served(app: AppClient, emulator: Process) -> None:
    raw = [
        grant(app),
        clear(app),
        grant(app, offer=b""),
        clear(app, b""),
        grant(app, chunked=True),
        clear(app),
    ]
    assert statuses(emulator, [b"".join(raw)], 5) == [200] * 5
    assert statuses(emulator, raw, 5) == [200] * 5


def test_an_offer_by_http_1_0_or_with_expect(app: AppClient, emulator: Process) -> None:
    assert statuses(emulator, [grant(app, version=b"1.0")], 1) == [200]
    expecting = H2C + b"Expect: 100-continue\r\n"
    head, body = grant(app, offer=expecting).split(b"\r\n\r\n")
    assert statuses(emulator, [head + b"\r\n\r\n", body], 1) == [200]


def test_the_journal_shows_the_request_as_it_was_sent(app: AppClient, emulator: Process) -> None:
    statuses(emulator, [grant(app)], 1)
    entry = app.http.get(f"{app.control}/journal").json()["entries"][-1]
    headers = entry["request"]["headers"]
    assert ["upgrade", "h2c"] in headers
    assert ["connection", "Upgrade, HTTP2-Settings"] in headers
    assert entry["problem"] == ""


def test_what_is_no_http_after_an_offer_is_reported(app: AppClient, emulator: Process) -> None:
    with socket.create_connection(("127.0.0.1", emulator.port), timeout=20) as connection:
        connection.sendall(clear(app) + b"no request\r\n\r\n")
        said = b""
        while piece := connection.recv(65536):
            said += piece
    assert b"400 Bad Request" in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not there")
def test_curl_with_http2(app: AppClient) -> None:
    headers = ["-H", "Content-Type: application/json", "-H", f"Authorization: Bearer {app.token}"]
    words = ["-sS", "--noproxy", "*", "--http2", "-w", "%{http_code}", "-o", "/dev/null", *headers]
    done = subprocess.run(
        ["curl", *words, "-d", json.dumps(GRANT), f"{app.base}/token"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    if "does not support" in done.stderr:
        pytest.skip(f"curl is built without HTTP/2: {done.stderr.strip()}")
    assert (done.stdout, done.stderr) == ("200", "")
