"""The vendor's Web SDK and its sister, unmodified, on the emulator's WebSocket, and as observers of a run."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.commands import report_of, roamspec, verdicts
from tests.integration.emulator.conftest import started

from .conftest import node

SDKS = pytest.mark.parametrize("sdk", ["easemob-websdk", "agora-chat"])
UNKNOWN = {
    "delete-chat-messages.notify.names-what-went",
    "delete-group-messages.notify.names-what-went",
    "clear-chat-before.notify.names-what-went",
    "clear-group-before.notify.names-what-went",
}
"""What a client of the fourth line is not notified: which messages, or up to which time."""

CREDENTIALS = ("ROAMSPEC_CLIENT_ID", "ROAMSPEC_CLIENT_SECRET")


def surroundings(ready: dict[str, Any], **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "ROAMSPEC_BASE_URL": ready["base_url"],
        "ROAMSPEC_WS_URL": ready["ws_url"],
        "ROAMSPEC_CLIENT_ID": ready["client_id"],
        "ROAMSPEC_CLIENT_SECRET": ready["client_secret"],
        **more,
    }


@pytest.mark.parametrize(
    ("sdk", "delivery"),
    [("easemob-websdk", "pushed"), ("easemob-websdk", "announced"), ("agora-chat", "pushed")],
)
def test_devices_hear_exactly_what_the_calls_cause(observer_folder: Path, sdk: str, delivery: str) -> None:
    shutil.copy(Path(__file__).with_name("devices.mjs"), observer_folder)
    with started() as process:
        ready = process.ready
        people = {"scenario": {"users": ["alice", "bob"]}, "settings": {"device_delivery": delivery}}
        made = httpx.post(ready["control_url"] + "/apps", json=people, trust_env=False).json()
        credentials = {key: made[key] for key in ("client_id", "client_secret")}
        app = f"{made['org']}/{made['app']}"
        known = surroundings(ready | credentials, ROAMSPEC_APP=app, ROAMSPEC_APP_TOKEN=made["app_token"])
        found = json.loads(node(observer_folder, "devices.mjs", sdk, **known))
    own = ["first", "second", "third"]
    assert found["resources"] == {
        "alice": ["first", "second", "third"],
        "bob": ["peer"],
        "left": ["second", "third"],
    }
    assert found["texts"] == {
        "first": ["text one"],
        "second": ["text one", "text two"],
        "third": ["text one", "text two"],
        "peer": ["text two"],
    }
    group = found["group"]

    def told(event: str, *devices: str) -> dict[str, list[str]]:
        return {device: [event] if device in devices else [] for device in (*own, "peer")}

    assert found["heard"] == {
        "sdk-by-id": told("singleChat bob by first", "second", "third"),
        "rest-by-id": told("singleChat bob by ", *own),
        "rest-silent": told(""),
        "rest-by-time": told("singleChat bob by ", *own),
        "sdk-group-by-time": told(f"groupChat {group} by second", "first", "third"),
        "rest-of-the-peer": told("singleChat alice by ", "peer"),
        "sdk-clear-all": told(""),
    }
    # What the SDK returns after a notification: it keeps no messages of its own, and asks the service.
    assert found["before"] == {"history": ["two", "one"], "list": ["bob"]}
    assert found["afterOne"] == {"history": ["two"], "list": ["bob"], "peer": ["two", "one"]}
    assert found["afterTwo"] == {"history": [], "list": [], "peer": ["two", "one"]}
    assert found["afterAll"] == {"list": [], "peer": ["two", "one"]}
    assert found["errors"] == {"wrong token": 28, "another's token": 28, "unknown user": 204}


@contextmanager
def observed(folder: Path, sdk: str, *options: str) -> Iterator[tuple[list[str], dict[str, str]]]:
    """An emulator and the bridge: options of a run that is watched by real clients, and the credentials."""
    with started("--set", "rate_limits=off", *options) as process:
        ready = process.ready
        command = ["node", "observer.mjs", "--sdk", sdk]
        known = surroundings(ready)
        with subprocess.Popen(command, cwd=folder, env=known, stdout=subprocess.PIPE, text=True) as bridge:
            assert bridge.stdout is not None
            url = json.loads(bridge.stdout.readline())["observer_url"]
            run = ["--base-url", ready["base_url"], "--org", ready["org"], "--app", ready["app"]]
            try:
                yield [*run, "--observer-url", url], {key: known[key] for key in CREDENTIALS}
            finally:
                bridge.terminate()


def judged(place: Path, options: list[str], **credentials: str) -> tuple[int, dict[str, str]]:
    """Status and verdicts of the requirements on notifications."""
    arguments = ("--profile", "quick", "--seed", "7", "--req", "*.notify.*", "--report-dir", "report")
    done = roamspec(place, "run", *arguments, *options, **credentials)
    assert done.status in (0, 1), done.out + done.err
    return done.status, verdicts(report_of(place / "report"))


@SDKS
def test_a_run_through_real_clients_judges_as_one_through_the_emulator(
    observer_folder: Path, sdk: str, tmp_path: Path
) -> None:
    own_status, expected = judged(tmp_path, [])
    with observed(observer_folder, sdk) as (options, known):
        status, found = judged(tmp_path, options, **known)
    assert (own_status, status) == (0, 0)
    assert {name for name in expected if found[name] != expected[name]} == UNKNOWN
    assert {found[name] for name in UNKNOWN} == {"inconclusive"}


def test_a_service_that_notifies_where_it_should_not_is_found_through_real_clients(
    observer_folder: Path, tmp_path: Path
) -> None:
    fault = "delete-chat-messages.notify.always"
    with observed(observer_folder, "easemob-websdk", "--fault", fault) as (options, known):
        status, found = judged(tmp_path, options, **known)
    assert status == 1
    assert found["delete-chat-messages.notify.false-tells-nobody"] == "fail"


def test_the_bridge_says_why_a_device_is_not_online(observer_folder: Path) -> None:
    with observed(observer_folder, "easemob-websdk") as (options, _):
        url = options[-1]
        unknown = httpx.get(f"{url}/acme/parlor/users/nobody/devices/d/events", trust_env=False)
        assert (unknown.status_code, unknown.json()) == (
            404,
            {"error": "nobody cannot log in: Service resource not found"},
        )
        assert httpx.get(f"{url}/acme/none/users/nobody/devices/d/events", trust_env=False).status_code == 404
        assert httpx.get(f"{url}/elsewhere", trust_env=False).status_code == 404
