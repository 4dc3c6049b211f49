"""What `--data` costs: a message sent and deleted over HTTP, on an emulator that keeps its state on disk, as
a multiple of the same on one that keeps it in memory.

    python benchmarks/emulator_disk.py [--rounds 5] [--calls 300]

Short rounds take turns. Printed are medians of the ratios of neighbouring rounds: of the time of a call, and
of the processor time of the emulator. Ends with 1 when the latter is above `MOST`.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from emulator_throughput import processor_s

MOST: Final = 3.0


@dataclass(frozen=True)
class Client:
    """One kept connection to one app."""

    connection: http.client.HTTPConnection
    base: str
    token: str
    pid: int

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        self.connection.request(method, self.base + path, content, headers)
        answer = self.connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        if answer.status != http.client.OK:
            raise SystemExit(f"an answer that is no success: {answer.status} {found}")
        return found


@contextmanager
def emulator(*options: str) -> Iterator[Client]:
    command = [sys.executable, "-m", "roamspec.faults", "--set", "rate_limits=off", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            connection = http.client.HTTPConnection(urlsplit(ready["base_url"]).netloc)
            base = f"/{ready['org']}/{ready['app']}"
            grant = {"grant_type": "client_credentials"}
            grant |= {key: ready[key] for key in ("client_id", "client_secret")}
            token = Client(connection, base, "", 0).call("POST", "/token", grant)["access_token"]
            client = Client(connection, base, token, ready["pid"])
            client.call("POST", "/users", [{"username": name, "password": "1"} for name in ("alice", "bob")])
            yield client
        finally:
            process.terminate()


def cost_of(client: Client, calls: int) -> tuple[float, float]:
    """Send and delete so many messages; seconds of time and of the emulator's processor time."""
    begun, used = time.perf_counter(), processor_s(client.pid)
    message = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "hello"}}
    for _ in range(calls):
        sent = client.call("POST", "/messages/users", message)["data"]["bob"]
        query = f"?userId=bob&msgIdList={sent}&isNotify=true"
        client.call("DELETE", "/rest/message/roaming/chat/user/alice" + query)
    return time.perf_counter() - begun, processor_s(client.pid) - used


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each emulator")
    parser.add_argument("--calls", type=int, default=300, help="messages of one round")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        emulator() as memory,
        emulator("--data", folder) as disk,
    ):
        pairs = [
            (cost_of(disk, options.calls), cost_of(memory, options.calls)) for _ in range(options.rounds)
        ]
    took, found = (statistics.median(kept[part] / held[part] for kept, held in pairs) for part in range(2))
    sys.stdout.write(
        f"kept on disk, a call takes {took:.2f} times as long as in memory, and costs {found:.2f} times the "
        f"processor time (at most {MOST:g})\n"
    )
    return int(found > MOST)


if __name__ == "__main__":
    sys.exit(main())
