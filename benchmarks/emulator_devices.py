"""Many devices on WebSockets: how long a notice takes to reach them all, and what idle ones cost.

    python benchmarks/emulator_devices.py [--devices 1000] [--seconds 0.2] [--rounds 50]

All devices are one user's. A process of its own holds them: they answer pings, and each sends a heartbeat
every 30 s, as the client SDKs do. Two emulators run, the devices on one of them, and are called in short
rounds that take turns, over 32 connections; then the devices move to the other one, so that what differs
between two processes falls on both sides. Printed are the milliseconds from the answer to a deletion until
the last device has its notice (at most 200), the median of the ratios of neighbouring rounds (with the
devices idle, and without them), and the ratio of the emulators' processor time per answer, which says more on
a busy machine. With `--devices 1` it prints how far the machine alone takes these ratios from 1.
"""

import argparse
import asyncio
import http.client
import json
import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing.connection import Connection

from emulator_throughput import Server, deletion_request, load, post
from websockets.asyncio.client import ClientConnection, connect

from roamspec.wire.message_body_pb2 import JID
from roamspec.wire.msync_pb2 import MSync, Provision

LEAST = 0.9
NOTICE_MS = 200
CONNECTIONS = 32
HEARTBEAT_S = 30
PATH = "/rest/message/roaming/chat/user/alice?userId=bob&msgIdList=1"


@dataclass(frozen=True)
class Service:
    """A running emulator with one app: `alice` has the devices, `carol`, whose messages `server` says how to
    delete, has none."""

    server: Server
    ws_url: str
    org: str
    app: str
    token: str

    def notify(self) -> float:
        """Delete a message of alice's; when the answer came, by `time.monotonic`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        headers = {"Authorization": f"Bearer {self.token}"}
        connection.request("DELETE", f"/{self.org}/{self.app}{PATH}", headers=headers)
        answer = connection.getresponse().read()
        answered = time.monotonic()
        assert answer.startswith(b'{"requestStatusCode":"ok"')
        connection.close()
        return answered


@contextmanager
def emulator() -> Iterator[Service]:
    command = [sys.executable, "-m", "roamspec.faults"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            scenario = {"users": ["alice", "bob", "carol"]}
            body = {"settings": {"rate_limits": "off"}, "scenario": scenario}
            made = post(f"{ready['control_url']}/apps", body)
            org, app, token = made["org"], made["app"], made["app_token"]
            port = int(ready["base_url"].rpartition(":")[2])
            server = Server(port, deletion_request(org, app, token, "carol"), ready["pid"])
            yield Service(server, ready["ws_url"], org, app, token)
        finally:
            process.terminate()


class Holder:
    """The process that holds the devices, and does what it is told by the name of one of its steps."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_hold, args=(theirs,), daemon=True)
        self._process.start()

    def log_in(self, service: Service, number: int) -> None:
        self._pipe.send((service.ws_url, f"{service.org}#{service.app}", number))
        assert self._pipe.recv() == "online"

    def reach(self, service: Service) -> float:
        """Milliseconds from the answer to a deletion until the last device has its notice; 0 where the answer
        was read later."""
        self._pipe.send("listen")
        assert self._pipe.recv() == "listening"
        answered = service.notify()
        heard: float = self._pipe.recv()
        return max(0.0, heard - answered) * 1000

    def log_out(self) -> None:
        self._pipe.send("leave")
        assert self._pipe.recv() == "offline"

    def end(self) -> None:
        self._process.terminate()
        self._process.join()


def _hold(pipe: Connection) -> None:
    asyncio.run(_devices(pipe))


async def _devices(pipe: Connection) -> None:
    while True:
        url, key, number = await asyncio.to_thread(pipe.recv)
        devices = [await _log_in(url, key, each) for each in range(number)]
        over = asyncio.Event()
        beating = asyncio.ensure_future(_beat(devices, over))
        pipe.send("online")
        while await asyncio.to_thread(pipe.recv) == "listen":
            over.set()
            await beating
            hearing = [asyncio.ensure_future(_hear(device)) for device in devices]
            await asyncio.sleep(0)
            pipe.send("listening")
            pipe.send(max(await asyncio.gather(*hearing)))
        over.set()
        await beating
        await asyncio.gather(*(device.close() for device in devices))
        pipe.send("offline")


async def _log_in(url: str, key: str, number: int) -> ClientConnection:
    device = await connect(url, compression=None, ping_interval=None, proxy=None)
    asked = Provision(resource=f"web_{number}").SerializeToString()
    guid = JID(appKey=key, name="alice")
    frame = MSync(command=MSync.PROVISION, guid=guid, auth="1", payload=asked)
    await device.send(frame.SerializeToString())
    await device.recv()
    return device


async def _beat(devices: Sequence[ClientConnection], over: asyncio.Event) -> None:
    """One heartbeat of each device in `HEARTBEAT_S`, each answered, until it is over."""
    frame = MSync(command=MSync.UNREAD).SerializeToString()
    for device in cycle(devices):
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), HEARTBEAT_S / len(devices))
            return
        await device.send(frame)
        await device.recv()


async def _hear(device: ClientConnection) -> float:
    await device.recv()
    return time.monotonic()


@dataclass
class Measured:
    """Of every round with the devices and its neighbour without: answers per second, and µs of processor time
    per answer; and of every notice, milliseconds."""

    beside: list[tuple[float, float]] = field(default_factory=list)
    alone: list[tuple[float, float]] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)

    @property
    def of_rate(self) -> float:
        pairs = zip(self.beside, self.alone, strict=True)
        return statistics.median(with_them / without for (with_them, _), (without, _) in pairs)

    @property
    def of_processor(self) -> float:
        return statistics.fmean(spent for _, spent in self.alone) / statistics.fmean(
            spent for _, spent in self.beside
        )


def measure(services: Sequence[Service], holder: Holder, options: argparse.Namespace) -> Measured:
    measured = Measured()
    for with_them, without in (services, services[::-1]):
        holder.log_in(with_them, options.devices)
        sides = [(with_them, measured.beside), (without, measured.alone)]
        for number in range(options.rounds):
            for service, results in sides if number % 2 else sides[::-1]:
                results.append(load(service.server, CONNECTIONS, options.seconds))
        measured.times_ms += [holder.reach(with_them) for _ in range(3)]
        holder.log_out()
    return measured


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=0.2, help="length of one round")
    parser.add_argument(
        "--rounds", type=int, default=50, help="rounds on each side, with the devices on either emulator"
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        services = [stack.enter_context(emulator()) for _ in range(2)]
        holder = Holder()
        stack.callback(holder.end)
        measured = measure(services, holder, options)
    times = measured.times_ms
    sys.stdout.write(
        f"{options.devices} devices: a notice reaches the last after {min(times):.0f} ms (median "
        f"{statistics.median(times):.0f}); deletions with them idle at {measured.of_rate:.2f} of the rate "
        f"without ({measured.of_processor:.2f} by processor time; at least {LEAST:g})\n"
    )
    return int(measured.of_processor < LEAST or min(times) > NOTICE_MS)


if __name__ == "__main__":
    sys.exit(main())
