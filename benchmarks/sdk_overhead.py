"""What a suite of client tests costs below `roamspec sdk`, against the same suite on a bare emulator.

Each round runs both, one after the other, in an order that alternates; both include the start and the end of
an emulator. The suite is pytest with one httpx client and four calls in each test. The wall time is what a
maintainer waits; where other processes want the same cores, the processor time of all that ran tells more.

    python benchmarks/sdk_overhead.py [--tests 500] [--rounds 5]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SUITE = """
import os
import httpx
import pytest

URL = "{ROAMSPEC_BASE_URL}/{ROAMSPEC_ORG}/{ROAMSPEC_APP}".format(**os.environ)
NAMES = ("CLIENT_ID", "CLIENT_SECRET")
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}

@pytest.fixture(scope="session")
def token():
    fields = {name.lower(): os.environ["ROAMSPEC_" + name] for name in NAMES}
    fields["grant_type"] = "client_credentials"
    return httpx.post(URL + "/token", json=fields).json()["access_token"]

@pytest.fixture(scope="session")
def client():
    with httpx.Client() as made:
        yield made

@pytest.mark.parametrize("number", range(TESTS))
def test_deletion(number, token, client):
    owner = f"owner-{number}"
    headers = HEADERS | {"Authorization": "Bearer " + token, "X-Roamspec-Test": f"test_deletion[{number}]"}
    users = [{"username": owner, "password": "1"}]
    client.post(URL + "/users", json=users, headers=headers).raise_for_status()
    chat = URL + "/rest/message/roaming/chat/user/" + owner
    for target, values in (
        (chat, {"userId": "bob", "msgIdList": "1623011,1623012", "isNotify": "false"}),
        (chat + "/time", {"userId": "bob", "delTime": "1710309184114"}),
    ):
        assert client.delete(target, params=values, headers=headers).json()["requestStatusCode"] == "ok"
    answer = client.post(URL + f"/rest/message/roaming/user/{owner}/delete/all", headers=headers)
    assert answer.json()["requestStatusCode"] == "ok"
"""


def bare(folder: Path, command: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "roamspec", "emulate", "--exit-with-parent", "--set", "rate_limits=off"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as emulator:
        assert emulator.stdout is not None
        ready = json.loads(emulator.stdout.readline())
        names = ("base_url", "org", "app", "client_id", "client_secret")
        told = {f"ROAMSPEC_{name.upper()}": ready[name] for name in names}
        subprocess.run(command, cwd=folder, env=os.environ | told, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        emulator.terminate()


def judged(folder: Path, command: list[str]) -> None:
    sdk = [sys.executable, "-m", "roamspec", "sdk", "--report-dir", str(folder / "report"), "--"]
    subprocess.run([*sdk, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def measured(run: Callable[[Path, list[str]], None], folder: Path, command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of the run and of all that it started."""
    before, begun = os.times(), time.monotonic()
    run(folder, command)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - begun, used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_client.py"]
    ratios: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_client.py").write_text(SUITE.replace("TESTS", str(arguments.tests)), encoding="utf-8")
        for number in range(arguments.rounds):
            order = (bare, judged) if number % 2 else (judged, bare)
            times = {run.__name__: measured(run, folder, command) for run in order}
            (bare_wall, bare_used), (judged_wall, judged_used) = times["bare"], times["judged"]
            ratios.append((judged_wall / bare_wall, judged_used / bare_used))
            sys.stdout.write(
                f"wall {bare_wall:.2f} s bare, {judged_wall:.2f} s judged; "
                f"processor {bare_used:.2f} s bare, {judged_used:.2f} s judged\n"
            )
    wall, used = (statistics.median(each) for each in zip(*ratios, strict=True))
    sys.stdout.write(
        f"{arguments.tests} tests: median ratio {wall:.3f} of wall time, {used:.3f} of processor time\n"
    )


if __name__ == "__main__":
    main()
