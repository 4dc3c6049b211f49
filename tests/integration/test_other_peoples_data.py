"""A target that holds other people's data: it stays as it was, byte for byte, however a run ends."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.commands import (
    COMMAND,
    LONGEST_S,
    Emulator,
    created,
    emulating,
    environment,
    roamspec,
)

from roamspec.transport.ledger import LedgerEntry
from roamspec.transport.ledger_file import read_ledger

NAMES = ("alice", "bob", "carol", "rs", "rs0")
GROUP, ROOM = "7001", "7002"
SCENARIO: dict[str, Any] = {
    "users": [*NAMES],
    "groups": [{"id": GROUP, "name": "friends", "owner": "alice", "members": ["bob", "carol"]}],
    "rooms": [{"id": ROOM, "name": "lounge", "owner": "bob", "members": ["alice"]}],
    "messages": [
        {"from": "alice", "to": "bob", "text": "to bob", "timestamp": 1_700_000_000_000, "count": 120},
        {"from": "bob", "to": "alice", "text": "to alice", "timestamp": 1_700_000_500_000, "listed": True},
        {"from": "rs", "to": "rs0", "text": "named like a mark", "listed": True},
        {"from": "carol", "group": GROUP, "text": "to all", "count": 60, "listed": True},
        {"from": "alice", "group": ROOM, "text": "in the lounge", "count": 3},
    ],
    "conversations": [
        {"user": "bob", "type": "chat", "id": "alice", "unread": 3, "top": 5, "marks": ["mark_1"]},
        {"user": "alice", "type": "group", "id": GROUP, "listed": True},
    ],
}


class Neighbours:
    """The same people in two apps of an emulator, and what they have there."""

    def __init__(self, emulator: Emulator) -> None:
        ready = emulator.ready
        self.emulator = emulator
        self.apps = [f"{ready['org']}/{ready['app']}", ready["neighbour_app"]]
        self._client = httpx.Client(trust_env=False)
        for app in self.apps:
            made = self._client.post(f"{ready['control_url']}/apps/{app}/scenario", json=SCENARIO)
            assert made.status_code == 201, made.text

    def close(self) -> None:
        self._client.close()

    def token(self, app: str) -> str:
        ready = self.emulator.ready
        grant = {key: ready[key] for key in ("client_id", "client_secret")}
        body = {"grant_type": "client_credentials", **grant}
        return str(self._client.post(f"{ready['base_url']}/{app}/token", json=body).json()["access_token"])

    def held(self) -> list[bytes]:
        """All that anybody can read of these people's, as the emulator writes it."""
        found = []
        for app in self.apps:
            for name in NAMES:
                answer = self._client.get(f"{self.emulator.ready['control_url']}/apps/{app}/users/{name}")
                assert answer.status_code == 200
                found.append(answer.content)
            found += [self._data(app, path) for path in (f"chatgroups/{GROUP}", f"chatrooms/{ROOM}")]
        return found

    def _data(self, app: str, path: str) -> bytes:
        return json.dumps(self._public(app, path).json()["data"]).encode()

    def _public(self, app: str, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(app)}"}
        return self._client.get(f"{self.emulator.ready['base_url']}/{app}/{path}", headers=headers)

    def left(self) -> set[str]:
        """What runs made in any app and is still there."""
        left = set()
        for path, name in created(self.emulator):
            app, _, kind = path.strip("/").rpartition("/")
            if self._public(app, f"{kind}/{name}").status_code != 404:
                left.add(name)
        return left


@pytest.fixture(scope="module")
def people() -> Iterator[Neighbours]:
    with emulating() as emulator:
        neighbours = Neighbours(emulator)
        yield neighbours
        neighbours.close()


def test_a_whole_run_touches_nobody_and_leaves_nothing(people: Neighbours, tmp_path: Path) -> None:
    held, emulator = people.held(), people.emulator

    done = roamspec(tmp_path, "run", "--profile", "quick", *emulator.options, **emulator.credentials)

    assert done.status == 0, done.out + done.err
    assert people.held() == held
    assert len(created(emulator)) > 100
    assert people.left() == set()
    assert [path.name for path in (tmp_path / "reports/latest").glob("ledger*")] == []


def start(people: Neighbours, folder: Path, *options: str) -> subprocess.Popen[str]:
    emulator = people.emulator
    return subprocess.Popen(
        [*COMMAND, "run", "--profile", "quick", *emulator.options, *options],
        cwd=folder,
        env=environment(**emulator.credentials),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_made(process: subprocess.Popen[str], folder: Path, number: int) -> None:
    """Until the checks have begun, and the ledgers list so many creations."""
    assert process.stderr is not None
    assert " checks on service " in process.stderr.readline()
    while sum(file.read_bytes().count(b'"made"') for file in folder.glob("ledger*")) < number:
        assert process.poll() is None, "the run ended before it could be stopped"
        time.sleep(0.01)


@pytest.fixture
def killed(people: Neighbours, tmp_path: Path) -> Iterator[Path]:
    """The report folder of a run that was killed half-way."""
    folder = tmp_path / "reports/latest"
    with start(people, tmp_path) as process:
        wait_until_made(process, folder, 40)
        process.kill()
        process.communicate(timeout=LONGEST_S)
    yield folder
    for file in folder.glob("ledger*"):
        file.unlink()


def clean(people: Neighbours, folder: Path, *options: str) -> Any:
    emulator = people.emulator
    return roamspec(folder.parent.parent, "cleanup", *emulator.options, *options, **emulator.credentials)


def test_after_a_kill_cleanup_removes_what_is_left(people: Neighbours, killed: Path) -> None:
    held = people.held()
    [ledger] = killed.glob("ledger*")
    listed = read_ledger(ledger)
    left = people.left()
    assert left
    # The ID of a group whose response was lost is known to nobody: it goes with its owner, who is listed.
    users = {name for name in left if not name.isdecimal()}
    assert users <= {entry.name for entry in (*listed.made, *listed.uncertain)}
    user = next(entry.name for entry in listed.made if entry.kind == "user")

    done = roamspec(killed.parent.parent, "cleanup", **people.emulator.credentials)

    assert done.status == 0, done.out + done.err
    assert f"removed  user  {user}  {people.apps[0].replace('/', '#')}\n" in done.out
    assert done.out.endswith("nothing is left.\n")
    assert people.left() == set()
    assert people.held() == held
    assert not ledger.exists()
    assert clean(people, killed).out.startswith("There is nothing to clean up: there is no ledger")


def test_a_later_run_keeps_an_earlier_ledger_and_tells_of_it(people: Neighbours, killed: Path) -> None:
    [ledger] = killed.glob("ledger*")
    before = ledger.read_bytes()
    emulator = people.emulator
    options = ["--profile", "quick", "--req", "delete-chat-messages.limit.*", *emulator.options]

    done = roamspec(killed.parent.parent, "run", *options, **emulator.credentials)

    assert done.status == 0, done.out + done.err
    assert "roamspec cleanup" in done.out
    assert ledger.read_bytes() == before
    assert clean(people, killed).status == 0
    assert people.left() == set()


def test_a_ledger_that_names_others_is_rejected(people: Neighbours, killed: Path) -> None:
    held = people.held()
    [ledger] = killed.glob("ledger*")
    text = ledger.read_text(encoding="utf-8")
    app = people.apps[0].replace("/", "#")
    forged = {"event": "made", "app": app, "kind": "user", "name": "alice"}
    ledger.write_text(text + json.dumps(forged) + "\n", encoding="utf-8")

    done = clean(people, killed)

    assert done.status == 2
    assert f"{ledger.name}, line {text.count(chr(10)) + 1} is damaged: the user 'alice'" in done.complaint
    assert people.held() == held

    # A group's ID is the service's; that it is not ours, its name tells.
    group = forged | {"kind": "group", "name": GROUP}
    ledger.write_text(text + json.dumps(group) + "\n", encoding="utf-8")
    done = clean(people, killed)
    assert done.status == 3
    assert f"LEFT     group {GROUP}  {app}  (its name 'friends' does not belong to that run)\n" in done.out
    assert people.held() == held
    assert people.left() == set()
    assert read_ledger(ledger).made == (LedgerEntry(read_ledger(ledger).made[0].app, "group", GROUP),)


def test_an_interrupted_run_removes_everything_itself(people: Neighbours, tmp_path: Path) -> None:
    held = people.held()
    with start(people, tmp_path, "--workers", "2") as process:
        folder = tmp_path / "reports/latest"
        wait_until_made(process, folder, 40)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LONGEST_S)

    assert process.returncode == 4, out + err
    assert people.held() == held
    assert people.left() == set()
    assert list(folder.glob("ledger*")) == []


def test_a_service_elsewhere_needs_every_app_confirmed(people: Neighbours, tmp_path: Path) -> None:
    """The name does not resolve to anything: a single packet would end in another status."""
    options = [*people.emulator.options]
    options[options.index("--base-url") + 1] = "http://service.invalid"

    app = people.apps[0].replace("/", "#")
    lines = [
        {"event": "run", "mark": "rs1", "base_url": "http://service.invalid", "embedded": False},
        {"event": "made", "app": app, "kind": "user", "name": "rs1-1u"},
    ]
    ledger = tmp_path / "ledger-rs1.jsonl"
    ledger.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    for command in (["run"], ["cleanup", "--ledger", str(ledger)]):
        done = roamspec(tmp_path, *command, *options, **people.emulator.credentials)
        assert done.status == 2
        assert "http://service.invalid is not this machine" in done.complaint
        assert f"--confirm-app {app}" in done.complaint
    assert ledger.exists()
