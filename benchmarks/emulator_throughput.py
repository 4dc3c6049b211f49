"""Requests per second of `deleteChatMessages`, side by side with the server's limit and with Prism.

    python benchmarks/emulator_throughput.py [--seconds 0.5] [--rounds 10] [--prism]

The limit is a raw ASGI app that answers the same bytes on the same server with the same settings.
Prism (`npx @stoplight/prism-cli`, fetched by npm) serves the contract of this repository. The load comes
from one other process, in short rounds that take turns, so that whatever else the machine does falls on all
alike. Printed are the ratio of the best rounds and the median of the ratios of neighbouring rounds; on a busy
machine the processor time per answer says more than the rate.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

REPOSITORY = Path(__file__).resolve().parent.parent
CONTRACT = REPOSITORY / "contracts" / "deletion.openapi.yaml"
CONNECTIONS = (32, 1)
ANSWER = b'{"requestStatusCode":"ok","timestamp":1710309184114}'
HEADERS = [
    (b"content-type", b"application/json"),
    (b"x-roamspec-evidence", b"documented"),
    (b"access-control-allow-origin", b"*"),
    (b"content-length", b"%d" % len(ANSWER)),
]


async def raw_app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - ASGI
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})


def serve_raw(listener: socket.socket) -> None:
    config = uvicorn.Config(
        raw_app, loop="uvloop", http="httptools", ws="none", lifespan="off", log_config=None,
        access_log=False, proxy_headers=False, server_header=False, date_header=True,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])


class Caller(asyncio.Protocol):
    """One connection that sends the next request as soon as the last one is answered."""

    def __init__(self, request: bytes, counts: list[int]) -> None:
        self.request = request
        self.counts = counts
        self.expected = 0
        self.received = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if not self.received and not data.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"an answer that is no success: {data[:300]!r}")
        if not self.expected:
            head, _, _ = data.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            self.expected = len(head) + 4 + length
        self.received += len(data)
        if self.received >= self.expected:
            self.received = 0
            self.counts[0] += 1
            self.transport.write(self.request)


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    request: bytes
    pid: int


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(server: Server, connections: int, seconds: float) -> tuple[float, float]:
    """Answers per second, and µs of processor time per answer."""

    async def run() -> tuple[float, float]:
        counts, port, request = [0], server.port, server.request
        loop = asyncio.get_running_loop()
        pairs = [
            await loop.create_connection(lambda: Caller(request, counts), "127.0.0.1", port)
            for _ in range(connections)
        ]
        await asyncio.sleep(min(seconds / 5, 0.2))
        counts[0], started, used = 0, time.perf_counter(), processor_s(server.pid)
        await asyncio.sleep(seconds)
        answers, spent = counts[0], processor_s(server.pid) - used
        rate = answers / (time.perf_counter() - started)
        for transport, _ in pairs:
            transport.abort()
        return rate, spent / answers * 1e6

    return uvloop.run(run())


@contextmanager
def raw_server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        listener.set_inheritable(True)
        process = multiprocessing.get_context("fork").Process(target=serve_raw, args=(listener,))
        process.start()
        port = listener.getsockname()[1]
        try:
            wait_for(port)
            assert process.pid is not None
            yield Server(port, deletion_request("acme", "parlor", "token"), process.pid)
        finally:
            process.terminate()
            process.join()


@contextmanager
def emulator() -> Iterator[Server]:
    command = [sys.executable, "-m", "roamspec.faults", "--set", "rate_limits=off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            base = f"{ready['base_url']}/{ready['org']}/{ready['app']}"
            grant = {"grant_type": "client_credentials"} | {
                key: ready[key] for key in ("client_id", "client_secret")
            }
            token = post(f"{base}/token", grant)["access_token"]
            users = [{"username": name, "password": "1"} for name in ("alice", "bob")]
            post(f"{base}/users", users, token)
            port = int(ready["base_url"].rpartition(":")[2])
            yield Server(port, deletion_request(ready["org"], ready["app"], token), ready["pid"])
        finally:
            process.terminate()


@contextmanager
def prism() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = ["npx", "--yes", "@stoplight/prism-cli", "mock", "-p", str(port), "-v", "error", str(CONTRACT)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:  # noqa: S603
        try:
            wait_for(port, 120)
            yield Server(port, deletion_request("acme", "parlor", "token"), process.pid)
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def deletion_request(org: str, app: str, token: str, user: str = "alice") -> bytes:
    path = f"/{org}/{app}/rest/message/roaming/chat/user/{user}"
    return (
        f"DELETE {path}?userId=bob&msgIdList=1623020527151022080,1623020527151022081&isNotify=true "
        "HTTP/1.1\r\n"
        f"Host: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nAccept: application/json\r\n\r\n"
    ).encode()


def post(url: str, body: object, token: str = "") -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        value: dict[str, Any] = json.load(answer)
        return value


def wait_for(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0.5, help="length of one round")
    parser.add_argument("--rounds", type=int, default=10, help="rounds of each server and each load")
    parser.add_argument("--prism", action="store_true", help="measure Prism too (needs npm and a network)")
    options = parser.parse_args()
    servers = {"raw ASGI": raw_server, "emulator": emulator}
    if options.prism:
        if shutil.which("npx") is None:
            parser.error("--prism needs npx, which comes with npm")
        servers["Prism"] = prism
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    costs: dict[tuple[str, int], list[float]] = defaultdict(list)
    with ExitStack() as stack:
        running = {name: stack.enter_context(start()) for name, start in servers.items()}
        for _ in range(options.rounds):
            for connections in CONNECTIONS:
                for name, server in running.items():
                    rate, spent = load(server, connections, options.seconds)
                    rates[name, connections].append(rate)
                    costs[name, connections].append(spent)
    for connections in CONNECTIONS:
        ours = rates["emulator", connections]
        for other in (name for name in servers if name != "emulator"):
            theirs = rates[other, connections]
            pairs = statistics.median(mine / its for mine, its in zip(ours, theirs, strict=True))
            sys.stdout.write(
                f"{connections:2} connections: {other} {max(theirs):6.0f}/s, emulator {max(ours):6.0f}/s"
                f" = {max(ours) / max(theirs):.2f} of it (median of the rounds {pairs:.2f})\n"
            )
        limit, cost = min(costs["raw ASGI", connections]), min(costs["emulator", connections])
        line = f"processor time per answer {limit:.1f} and {cost:.1f} us = {limit / cost:.2f} of it"
        sys.stdout.write(f"                {line}\n")


if __name__ == "__main__":
    main()
