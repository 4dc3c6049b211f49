"""Many devices on WebSockets: how long a notice takes to reach them all, and what idle ones cost.

    python benchmarks/emulator_devices.py [--devices 1000] [--calls 2000] [--rounds 5]

All devices are one user's. Printed are the milliseconds from the answer to a deletion until the last device
has its notice, and the ratio of the rates of deletions, one after the other, with the devices idle and
without them: of the best rounds, and of the emulator's processor time, which says more on a busy machine.
"""

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from roamspec.wire.message_body_pb2 import JID
from roamspec.wire.msync_pb2 import MSync, Provision

LEAST = 0.9
PATH = "/rest/message/roaming/chat/user/{user}?userId=bob&msgIdList=1"


class Service:
    """A running emulator with one app: `alice` has the devices, `carol` none."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self._pid = ready["pid"]
        body = json.dumps(
            {"settings": {"rate_limits": "off"}, "scenario": {"users": ["alice", "bob", "carol"]}}
        )
        request = urllib.request.Request(f"{ready['control_url']}/apps", data=body.encode())  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            made = json.load(answer)
        self.ws_url = ready["ws_url"]
        self.key = made["app_key"]
        self._prefix = f"/{made['org']}/{made['app']}"
        self._headers = {"Authorization": f"Bearer {made['app_token']}"}
        self._connection = http.client.HTTPConnection(ready["base_url"].removeprefix("http://"))

    def delete(self, user: str) -> None:
        self._connection.request("DELETE", self._prefix + PATH.format(user=user), headers=self._headers)
        assert self._connection.getresponse().read().startswith(b'{"requestStatusCode":"ok"')

    def rate(self, calls: int) -> tuple[float, float]:
        """Calls per second, and the processor time of the emulator that one took, in seconds."""
        began, used = time.perf_counter(), self._processor_s()
        for _ in range(calls):
            self.delete("carol")
        return calls / (time.perf_counter() - began), (self._processor_s() - used) / calls

    def _processor_s(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def log_in(self, number: int) -> ClientConnection:
        device = await connect(self.ws_url, compression=None, ping_interval=None, proxy=None)
        asked = Provision(resource=f"web_{number}").SerializeToString()
        guid = JID(appKey=self.key, name="alice")
        frame = MSync(command=MSync.PROVISION, guid=guid, auth="1", payload=asked)
        await device.send(frame.SerializeToString())
        await device.recv()
        return device


async def reach_all(service: Service, devices: Sequence[ClientConnection]) -> float:
    """Milliseconds from the answer to the last notice."""

    async def hear(device: ClientConnection) -> float:
        await device.recv()
        return time.perf_counter()

    hearing = [asyncio.ensure_future(hear(device)) for device in devices]
    await asyncio.sleep(0)
    await asyncio.to_thread(service.delete, "alice")
    answered = time.perf_counter()
    return (max(await asyncio.gather(*hearing)) - answered) * 1000


@dataclass
class Measured:
    """Of every round: milliseconds to the last notice, and what `Service.rate` found without and with the
    devices."""

    times_ms: list[float] = field(default_factory=list)
    alone: list[tuple[float, float]] = field(default_factory=list)
    beside: list[tuple[float, float]] = field(default_factory=list)

    @property
    def of_rate(self) -> float:
        return max(rate for rate, _ in self.beside) / max(rate for rate, _ in self.alone)

    @property
    def of_processor(self) -> float:
        return min(spent for _, spent in self.alone) / min(spent for _, spent in self.beside)


async def measure(service: Service, options: argparse.Namespace) -> Measured:
    measured = Measured()
    for _ in range(options.rounds):
        measured.alone.append(await asyncio.to_thread(service.rate, options.calls))
        devices = await asyncio.gather(*(service.log_in(number) for number in range(options.devices)))
        measured.beside.append(await asyncio.to_thread(service.rate, options.calls))
        measured.times_ms.append(await reach_all(service, devices))
        await asyncio.gather(*(device.close() for device in devices))
    return measured


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    command = [sys.executable, "-m", "roamspec.faults"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            measured = asyncio.run(measure(Service(json.loads(process.stdout.readline())), options))
        finally:
            process.terminate()
    times = measured.times_ms
    sys.stdout.write(
        f"{options.devices} devices: a notice reaches the last after {min(times):.0f} ms (median "
        f"{statistics.median(times):.0f}); deletions with them idle at {measured.of_rate:.2f} of the rate "
        f"without ({measured.of_processor:.2f} by processor time; at least {LEAST:g})\n"
    )
    return int(measured.of_processor < LEAST)


if __name__ == "__main__":
    sys.exit(main())
