"""Whatever is sent: no traceback, no 5xx, JSON for whatever is HTTP, and nothing kept after a reset.

`ROAMSPEC_NOISE=100000` sends that many generated requests instead of a few.
"""

import asyncio
import json
import os
import random
import socket
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest

from . import noise
from .conftest import AppClient, NewApp, Process, started

REQUESTS = int(os.environ.get("ROAMSPEC_NOISE", "3000"))
SEED = int(os.environ.get("ROAMSPEC_NOISE_SEED", "7"))
GROWN_MIB_MAX = 12
AT_ONCE = 50


async def answered(port: int, pieces: list[bytes], *, whole: bool = True) -> bytes:
    """What comes back; a slow caller waits between two pieces, and one who sends only a part leaves then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(0.01)
            writer.write(piece)
            await writer.drain()
        return b"" if not whole else await asyncio.wait_for(reader.read(), 20)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def check(raw: bytes, data: bytes) -> int:
    """The status; anything that a caller could not understand fails."""
    head, _, body = data.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert status < 500, (raw[:500], data[:500])
    if body == b"Invalid HTTP request received.":
        assert b"connection: close" in head
        return 0
    assert b"x-roamspec-evidence: " in head, (raw[:500], data[:500])
    if status != 204 and not raw.startswith(b"HEAD"):
        value = json.loads(body)
        assert isinstance(value, dict)
        if status >= 400:
            assert value["error"] or value["error_description"]
    return status


def test_generated_noise_is_answered_and_leaves_nothing() -> None:
    async def send_all(port: int, app: str, token: str, seed: int, count: int) -> Counter[int]:
        statuses: Counter[int] = Counter()
        source = noise.requests(seed, base=app, token=token)
        chance = random.Random(seed)  # noqa: S311 - repeatable noise
        for _ in range(0, count, AT_ONCE):
            batch = list(islice(source, AT_ONCE))
            sent = [noise.pieces(chance, raw) for raw in batch]
            answers = await asyncio.gather(*(answered(port, parts, whole=whole) for parts, whole in sent))
            for raw, (parts, whole), data in zip(batch, sent, answers, strict=True):
                if whole and not data and (len(parts) > 1 or len(raw) > 200_000):
                    # Who goes on sending what the parser has rejected may find the connection reset.
                    head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                    assert check(raw, await answered(port, [head])) == 0, raw[:500]
                elif whole:
                    assert data, raw[:500]
                    statuses[check(raw, data)] += 1
        return statuses

    def passed_over(client: httpx.Client, ready: dict[str, Any], seed: int) -> Counter[int]:
        """One half of the noise, from users to a reset that leaves nothing."""
        people = [{"username": name, "password": "1"} for name in ("alice", "bob", "carol")]
        token = client.post("/token", json=grant).json()["access_token"]
        client.post("/users", json=people, headers={"Authorization": f"Bearer {token}"})
        statuses = asyncio.run(send_all(process.port, "/acme/parlor", token, seed, REQUESTS // 2))
        control = f"{ready['control_url']}/apps/acme/parlor"
        assert client.post(f"{control}/reset").status_code == 200
        assert client.get(f"{control}/journal").json()["entries"] == []
        assert client.get(f"{control}/users/alice").status_code == 404
        client.delete(f"{ready['control_url']}/journal")
        return statuses

    # A process of its own: at its end it must have said nothing.
    with started("--set", "rate_limits=off") as process:
        ready = process.ready
        grant = {"grant_type": "client_credentials"}
        grant |= {key: ready[key] for key in ("client_id", "client_secret")}
        with httpx.Client(base_url=f"{ready['base_url']}/acme/parlor", trust_env=False) as client:
            statuses = passed_over(client, ready, SEED)
            before = resident_mib(process.popen.pid)
            statuses += passed_over(client, ready, SEED + 1)
            grown = resident_mib(process.popen.pid) - before
            assert set(statuses) >= {0, 200, 400, 401, 404, 405, 415}
            # The second half finds the room that the first one took and left.
            assert grown < GROWN_MIB_MAX, f"{grown:.1f} MiB more after the second reset than after the first"


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST /acme/parlor/token HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n{}",
        b"POST /acme/parlor/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_the_parser_rejects_ends_with_400_and_a_closed_connection(emulator: Process, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", emulator.port), 5) as connection:
        connection.sendall(raw)
        data = b""
        while part := connection.recv(4096):
            data += part
    assert data.startswith(b"HTTP/1.1 400 ")


def test_ten_megabytes_are_rejected_also_in_chunks(app: AppClient, emulator: Process) -> None:
    body = b'{"x":"' + b"x" * 10_000_000 + b'"}'
    whole = app.call("POST", "/messages/users", content=body)
    assert (whole.status_code, whole.json()["error"]) == (413, "Request Entity Too Large")
    chunks = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    streamed = app.call("POST", "/messages/users", content=chunks)
    assert streamed.status_code == 413
    # The next request on a connection is none of the rejected one's business.
    assert app.call("GET", "/users/alice").status_code == 200
    assert emulator.popen.poll() is None


@pytest.mark.parametrize("path", ["/nothing/here", "/users/alice", "/_emulator/nothing"])
def test_who_sends_a_body_slowly_gets_to_see_the_answer(app: AppClient, emulator: Process, path: str) -> None:
    target = path if path.startswith("/_emulator") else f"/{app.org}/{app.app}{path}"
    head = f"PUT {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"
    with socket.create_connection(("127.0.0.1", emulator.port), 5) as connection:
        connection.sendall(head.encode())
        # Another connection's answer shows that the head has been read.
        app.call("GET", "/users/alice")
        connection.sendall(b"body")
        data = b""
        while part := connection.recv(4096):
            data += part
    assert data.startswith(b"HTTP/1.1 40")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b"9" * 100_000,
        b'{"username": "\\ud800", "password": "1"}',
        b'{"username": "x", "password": 1}',
        b'{"username": NaN}',
        b"\xff\xfe\x00",
        b"",
        b"null",
    ],
)
def test_bodies_that_cannot_be_are_400(app: AppClient, body: bytes) -> None:
    answer = app.call("POST", "/users", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"] in ("invalid_request_body", "illegal_argument")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_bodies_of_another_media_type_are_415(app: AppClient, media_type: str) -> None:
    answer = app.call("POST", "/users", content=b"{}", headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["error_description"]) == (415, "Unsupported Media Type")


@pytest.mark.parametrize("segment", ["%", "%zz", "%ff", "%ed%a0%80", "%c3"])
def test_broken_escapes_are_400(app: AppClient, segment: str) -> None:
    for path in (f"/users/{segment}", f"/rest/message/roaming/chat/user/alice?userId={segment}&msgIdList=1"):
        request = app.http.build_request(
            "DELETE", "http://x/", headers={"Authorization": f"Bearer {app.token}"}
        )
        # httpx would repair the escapes.
        request.url = request.url.copy_with(raw_path=f"/{app.org}/{app.app}{path}".encode())
        host, port = app.origin.removeprefix("http://").split(":")
        request.url = request.url.copy_with(host=host, port=int(port))
        answer = app.http.send(request)
        assert answer.status_code == 400, path
        assert answer.json()["error"] == "illegal_argument"


def test_repeated_parameters_take_the_first(app: AppClient) -> None:
    first, second = app.send("alice", "bob"), app.send("alice", "bob")
    path = "/rest/message/roaming/chat/user/alice"
    app.call("DELETE", f"{path}?userId=bob&userId=carol&msgIdList={first}&msgIdList={second}")
    assert app.ids("alice", "bob") == {second}


def test_every_path_answers_options_without_a_token(app: AppClient) -> None:
    path = "/sdk/message/roaming/chat/user/alice/time"
    headers = {"Origin": "http://page", "Access-Control-Request-Method": "DELETE"}
    answer = app.call("OPTIONS", path, token=None, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    methods = answer.headers["access-control-allow-methods"].split(", ")
    assert {"GET", "POST", "DELETE"} <= set(methods)
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert answer.headers["allow"] == "DELETE, OPTIONS"
    refused = app.call("DELETE", path, token=None)
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "*"


def test_allow_names_every_method_of_a_path(app: AppClient) -> None:
    answer = app.call("PATCH", "/users/alice")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, DELETE, OPTIONS"
    assert answer.json()["error_description"] == "Method Not Allowed"


def test_a_caller_who_leaves_in_the_middle_harms_nobody(app: AppClient, emulator: Process) -> None:
    head = f"POST /{app.org}/{app.app}/users HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", emulator.port), 5) as connection:
        connection.sendall(head.encode())
        app.call("GET", "/users/alice")
    for _ in range(500):
        left = app.http.get(f"{app.control}/journal?status=0").json()["entries"]
        if left:
            break
    assert [entry["operation"] for entry in left] == ["registerUsers"]
    assert app.call("GET", "/users/alice").status_code == 200


def test_pipelined_requests_are_answered_in_order(new_app: NewApp, emulator: Process) -> None:
    app = new_app()
    line = f"GET /{app.org}/{app.app}/users/{{}} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {app.token}\r\n"
    raw = "".join(line.format(name) + "\r\n" for name in ("u1", "u2", "u3"))
    with socket.create_connection(("127.0.0.1", emulator.port), 5) as connection:
        connection.sendall(raw.encode() + (line.format("u4") + "Connection: close\r\n\r\n").encode())
        data = b""
        while part := connection.recv(65_536):
            data += part
    assert data.count(b"HTTP/1.1 404 ") == 4
