"""Many devices on WebSockets: how long a notice takes to reach them all, and what idle ones cost.

    python benchmarks/emulator_devices.py [--devices 1000] [--calls 2000] [--rounds 5]

All devices are one user's. Printed are the milliseconds from the answer to a deletion until the last device
has its notice, and the ratio of the rates of deletions, one after the other, with the devices idle and
without them.
"""

import argparse
import asyncio
import http.client
import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from roamspec.wire.message_body_pb2 import JID
from roamspec.wire.msync_pb2 import MSync, Provision

PATH = "/rest/message/roaming/chat/user/{user}?userId=bob&msgIdList=1"


class Service:
    """A running emulator with one app: `alice` has the devices, `carol` none."""

    def __init__(self, ready: dict[str, Any]) -> None:
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

    def rate(self, calls: int) -> float:
        began = time.perf_counter()
        for _ in range(calls):
            self.delete("carol")
        return calls / (time.perf_counter() - began)

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


async def measure(service: Service, options: argparse.Namespace) -> tuple[list[float], list[float]]:
    times, ratios = [], []
    for _ in range(options.rounds):
        alone = await asyncio.to_thread(service.rate, options.calls)
        devices = await asyncio.gather(*(service.log_in(number) for number in range(options.devices)))
        ratios.append(await asyncio.to_thread(service.rate, options.calls) / alone)
        times.append(await reach_all(service, devices))
        await asyncio.gather(*(device.close() for device in devices))
    return times, ratios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    command = [sys.executable, "-m", "roamspec.faults"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        service = Service(json.loads(process.stdout.readline()))
        times, ratios = asyncio.run(measure(service, options))
        process.terminate()
    sys.stdout.write(
        f"{options.devices} devices: a notice reaches the last after {min(times):.0f} ms (median "
        f"{statistics.median(times):.0f}); deletions with them idle at {max(ratios):.2f} (median "
        f"{statistics.median(ratios):.2f}) of the rate without\n"
    )


if __name__ == "__main__":
    main()
