"""What `--store` costs, and what a second worker brings.

    python benchmarks/emulator_shared.py [--rounds 5] [--seconds 1]

A Redis or Valkey server of its own is started. 32 connections call `deleteChatMessages`, and then send
messages, all in one app: on an emulator in memory, on one worker with the store, and on two workers with the
store. The rounds take turns.

A machine with fewer processors than workers, store and load generator need together cannot show how many
answers they give at the same time, and what else it does changes every rate. So the processor time is
measured that the emulator uses for an answer, with all that workers compute twice because another one came
first. Two workers with a processor each give twice as many answers as that time allows one of them.

Printed are medians of the ratios of neighbouring rounds. Ends with 1 when an answer with a store costs more
than `MOST` times one in memory, or when two workers can give less than `AT_LEAST` times the answers of
`deleteChatMessages` that one can. Messages of two people who only send to each other are the worst case of
two workers: every call changes what the next one reads.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvloop
from emulator_throughput import deletion_request, post, processor_s, wait_for

MOST: Final = 3.0
AT_LEAST: Final = 1.5
CONNECTIONS: Final = 32
PORT: Final = 7399


@contextmanager
def store() -> Iterator[str]:
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if binary is None:
        raise SystemExit("there is no redis-server or valkey-server on the path.")
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "--port", str(PORT), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        command += ["--appendonly", "yes"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - what is installed
            try:
                wait_for(PORT)
                yield f"redis://127.0.0.1:{PORT}/0"
            finally:
                process.kill()


class Caller(asyncio.Protocol):
    """One connection that sends the next request as soon as the last one is answered."""

    def __init__(self, request: bytes, counts: list[int]) -> None:
        self.request = request
        self.counts = counts
        self.received = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"an answer that is no success: {self.received[:300]!r}")
        # The length of an answer varies: it says how long the call took.
        if len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            return
        self.received = b""
        self.counts[0] += 1
        self.transport.write(self.request)


@dataclass(frozen=True)
class Running:
    """The workers on one port, and what is asked of them."""

    port: int
    requests: dict[str, bytes]
    pids: Sequence[int]

    def used_s(self) -> float:
        return sum(processor_s(pid) for pid in self.pids)


@contextmanager
def emulator(*options: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "roamspec.faults", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            pids = [process.pid] if "--workers" not in options else _children(process.pid)
            yield Running(int(ready["base_url"].rpartition(":")[2]), _requests(ready), pids)
        finally:
            process.terminate()


def _requests(ready: dict[str, Any]) -> dict[str, bytes]:
    """Of a new app with two people."""
    body = {"settings": {"rate_limits": "off"}, "scenario": {"users": ["alice", "bob"]}}
    made = post(f"{ready['control_url']}/apps", body)
    text = json.dumps({"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "hello"}})
    sending = (
        f"POST /{made['org']}/{made['app']}/messages/users HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {made['app_token']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\n\r\n{text}"
    )
    deletion = deletion_request(made["org"], made["app"], made["app_token"])
    return {"deleteChatMessages": deletion, "messages": sending.encode()}


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def load(running: Running, what: str, seconds: float) -> tuple[float, float]:
    """Answers per second, and µs of the emulator's processor time for one."""
    request = running.requests[what]

    async def run() -> tuple[float, float]:
        counts, loop = [0], asyncio.get_running_loop()
        pairs = [
            await loop.create_connection(lambda: Caller(request, counts), "127.0.0.1", running.port)
            for _ in range(CONNECTIONS)
        ]
        await asyncio.sleep(seconds / 5)
        counts[0], began, used = 0, time.perf_counter(), running.used_s()
        await asyncio.sleep(seconds)
        answers, spent = counts[0], running.used_s() - used
        rate = answers / (time.perf_counter() - began)
        for transport, _ in pairs:
            transport.abort()
        return rate, spent / answers * 1e6

    return uvloop.run(run())


def compare(what: str, emulators: Sequence[Running], rounds: int, seconds: float) -> tuple[float, float]:
    """How many times the cost of memory a store has, and how many times one worker's answers two can give."""
    found = [[load(each, what, seconds) for each in emulators] for _ in range(rounds)]
    cost = statistics.median(one[1] / memory[1] for memory, one, _ in found)
    more = statistics.median(2 * one[1] / two[1] for _, one, two in found)
    rates, costs = (
        " / ".join(
            f"{statistics.median(each[part] for each in column):.0f}" for column in zip(*found, strict=True)
        )
        for part in range(2)
    )
    sys.stdout.write(
        f"{what}: with a store an answer costs {cost:.2f} times one in memory, and two workers can give "
        f"{more:.2f} times the answers of one\n"
        f"    in memory / one worker / two workers: {costs} us of processor time for an answer; "
        f"{rates} answers a second on this machine, of {os.cpu_count()} processors\n"
    )
    sys.stdout.flush()
    return cost, more


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each emulator")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one round")
    options = parser.parse_args()
    with (
        store() as url,
        emulator() as memory,
        emulator("--store", url) as one,
        emulator("--store", url, "--workers", "2") as two,
    ):
        found = {
            what: compare(what, (memory, one, two), options.rounds, options.seconds)
            for what in memory.requests
        }
    sys.stdout.write(
        f"at most {MOST:g} times the cost; for deleteChatMessages at least {AT_LEAST:g} times the answers\n"
    )
    return int(max(cost for cost, _ in found.values()) > MOST or found["deleteChatMessages"][1] < AT_LEAST)


if __name__ == "__main__":
    sys.exit(main())
