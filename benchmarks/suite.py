"""What a run costs: its wall time, and its time per request beside that of a bare client.

    python benchmarks/suite.py [--rounds 3]

The wall times are those of the command, its start and the embedded emulator's included. For the time per
request the example-based checks run in this process; what they wait (for events, for lists, for a token to
expire) is taken off. The bare client is a loop of `http.client` on one kept connection to the same emulator,
which imports, pulls and deletes. Rounds are interleaved, the best of each is taken, and ratios are printed.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from roamspec.api.devices import Device
from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.results.events import Event, RunStarted, TargetInfo
from roamspec.runner.cleanup import clean_up
from roamspec.runner.engine import Engine
from roamspec.runner.planning import Plan
from roamspec.runner.preflight import Preflight
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.opening import RequestLimits
from roamspec.session.session import Session, open_session
from roamspec.suite.exploration_limits import ExplorationEffort

PROFILES = {"quick": 5.0, "standard": 20.0}
"""Profiles, and the seconds within which each shall end on two cores."""
MOST_TIMES_BARE = 6.0
BARE_REQUESTS = 1_500
HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


def wall(profile: str) -> tuple[float, int]:
    """Seconds and requests of one `roamspec run`."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "roamspec", "run", "--profile", profile, "--report-dir", folder],
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - began
        report = json.loads((Path(folder) / "report.json").read_text(encoding="utf-8"))
    return seconds, int(report["requests"])


class Waiting:
    """Seconds that the main thread has spent waiting, as far as it says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def during(self, wait: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*arguments: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return wait(*arguments, **options)
            finally:
                if threading.current_thread() is threading.main_thread():
                    self.seconds += time.perf_counter() - began

        return measured


@dataclass(frozen=True, slots=True)
class Checked:
    """The example-based checks, from the first one on: `seconds` without the `waited` ones."""

    requests: int
    seconds: float
    waited: float


def check(config: TargetConfig) -> Checked:
    """Run the example-based checks once in this process; everything is arranged and cleaned up again."""
    contract, waiting = load_contract(), Waiting()
    session = open_session(config, contract, limits=RequestLimits.at_rate(0))
    session.sleep = waiting.during(session.sleep)
    wait_for = Device.wait_for
    marks: list[tuple[float, int]] = []

    def listen(event: Event) -> None:
        if isinstance(event, RunStarted):
            waiting.seconds = 0.0
            marks.append((time.perf_counter(), session.client.requests))

    plan = Plan(load_catalogue(contract=contract), contract, "quick", None)
    engine = Engine(plan, session, ExplorationEffort(profile="quick"), listen)
    Device.wait_for = waiting.during(wait_for)  # type: ignore[method-assign]
    try:
        Preflight(session).run()
        ending, detail = engine.run(_started)
    finally:
        Device.wait_for = wait_for  # type: ignore[method-assign]
    [(began, before)] = marks
    seconds, requests = time.perf_counter() - began, session.client.requests - before
    _end(session)
    if ending != "complete":
        raise SystemExit(f"the checks did not come to their end: {detail}")
    return Checked(requests, seconds - waiting.seconds, waiting.seconds)


def _started(planned: int) -> RunStarted:
    return RunStarted(TargetInfo("emulator", "", ""), "quick", 0, "", planned)


def _end(session: Session) -> None:
    clean_up(session)
    session.close()


class Bare:
    """One conversation of two users, over one connection of `http.client`."""

    def __init__(self, config: TargetConfig, mark: str) -> None:
        assert config.base_url is not None
        assert config.main is not None
        parts = urlsplit(config.base_url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        self._app = f"/{config.main.key.path}"
        self._headers = dict(HEADERS)
        credentials = config.main.credentials
        grant = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
        }
        self._headers["Authorization"] = f"Bearer {self.call('POST', '/token', grant)['access_token']}"
        self._one, self._other = f"{mark}-1u", f"{mark}-2u"
        users = [{"username": name, "password": "1"} for name in (self._one, self._other)]
        self.call("POST", "/users", users)

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        self._connection.request(method, self._app + path, content, self._headers)
        answer = self._connection.getresponse()
        value: dict[str, Any] = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {value}")
        return value

    def seconds_per_request(self) -> float:
        steps = islice(cycle((self._import, self._pull, self._delete, self._import)), BARE_REQUESTS)
        began = time.perf_counter()
        for step in steps:
            step()
        return (time.perf_counter() - began) / BARE_REQUESTS

    def _import(self) -> None:
        fields = {"from": self._one, "target": self._other, "type": "txt", "body": {"msg": "hello"}}
        self._last = self.call("POST", "/messages/users/import", fields)["data"]["msg_id"]

    def _pull(self) -> None:
        fields = {"queue": f"{self._other}@easemob.com", "start": -1, "end": -1, "pull_number": 20}
        self.call("POST", f"/users/{self._one}/messageroaming", fields | {"is_positive": False})

    def _delete(self) -> None:
        query = f"userId={self._other}&msgIdList={self._last}&isNotify=false"
        self.call("DELETE", f"/rest/message/roaming/chat/user/{self._one}?{query}")

    def close(self) -> None:
        for name in (self._one, self._other):
            self.call("DELETE", f"/users/{name}")
        self._connection.close()


def per_request(rounds: int) -> tuple[Checked, float]:
    """The best of each: the checks, and seconds per request of the bare client."""
    checked: list[Checked] = []
    bare: list[float] = []
    with EmbeddedEmulator() as emulator:
        ready = emulator.ready()
        config = embedded_config(TargetConfig(), ready)
        lift_rate_limits(ready)
        for number in range(rounds):
            client = Bare(config, f"bare{number}")
            bare.append(client.seconds_per_request())
            client.close()
            checked.append(check(config))
    return min(checked, key=lambda one: one.seconds / one.requests), min(bare)


def lift_rate_limits(ready: dict[str, Any]) -> None:
    """The bare client is faster than the documented limits."""
    parts = urlsplit(ready["control_url"])
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    path = f"{parts.path}/apps/{ready['org']}/{ready['app']}/settings"
    connection.request("PATCH", path, json.dumps({"rate_limits": "off"}), HEADERS)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {text!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    for profile, bound in PROFILES.items():
        seconds, requests = min(wall(profile) for _ in range(rounds))
        say(f"{profile:<9}{seconds:6.1f} s  {requests:>6} requests  {seconds / bound:.2f} of {bound:g} s")
    checked, bare = per_request(rounds)
    ours = checked.seconds / checked.requests
    say(
        f"checks   {ours * 1e6:6.0f} µs per request ({checked.requests} requests, {checked.seconds:.2f} s, "
        f"and {checked.waited:.2f} s of waiting)"
    )
    say(f"bare     {bare * 1e6:6.0f} µs per request ({BARE_REQUESTS} requests)")
    say(f"checks / bare = {ours / bare:.1f} (at most {MOST_TIMES_BARE:g})")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
