"""The command as people call it, in processes of its own, and other people's data on its target."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

COMMAND = (sys.executable, "-m", "roamspec")
SCRIPT = Path(sys.executable).parent / "roamspec"
LONGEST_S = 90
POSIX_SHELLS = (["dash"], ["busybox", "sh"])


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without any option of roamspec's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROAMSPEC_")}
    return kept | variables


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended: its status, and what it said."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one sentence on standard error; an AssertionError when there is more, or a traceback."""
        assert "Traceback" not in self.out + self.err
        lines = [line for line in self.err.splitlines() if line.startswith("roamspec: ")]
        assert len(lines) == 1, self.err
        assert lines[0].rstrip().endswith((".", "?")), lines[0]
        return lines[0].removeprefix("roamspec: ")


def roamspec(folder: Path, *arguments: str, **variables: str) -> Done:
    """Run `roamspec ARGUMENTS` in `folder`. Unless a seed is given, each run draws the same."""
    return run([*COMMAND, *arguments], folder, {"ROAMSPEC_SEED": "3"} | variables)


def installed_roamspec(folder: Path, *arguments: str, **variables: str) -> Done:
    """The same by the script, which imports nothing from the current folder."""
    return run([str(SCRIPT), *arguments], folder, variables)


def run(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Done:
    """Run a command in `folder`, with `variables` beside this process's environment."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@cache
def _client() -> httpx.Client:
    return httpx.Client(trust_env=False)


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running `roamspec emulate`, as it announced itself."""

    ready: dict[str, Any]

    @property
    def credentials(self) -> dict[str, str]:
        return {
            "ROAMSPEC_CLIENT_ID": self.ready["client_id"],
            "ROAMSPEC_CLIENT_SECRET": self.ready["client_secret"],
        }

    @property
    def options(self) -> list[str]:
        """Everything that a run may know of this target."""
        ready = self.ready
        return [
            "--base-url", ready["base_url"], "--org", ready["org"], "--app", ready["app"],
            "--neighbour-app", ready["neighbour_app"], "--closed-app", ready["closed_app"],
            "--observer-url", ready["observer_url"],
        ]  # fmt: skip

    def control(self, path: str) -> httpx.Response:
        """GET below the main app in the control API."""
        app = f"{self.ready['org']}/{self.ready['app']}"
        return _client().get(f"{self.ready['control_url']}/apps/{app}{path}")

    def call(self, method: str, path: str, json: Any = None, *, token: str | None = None) -> httpx.Response:
        """One call of the public API, as anybody would make it."""
        base = f"{self.ready['base_url']}/{self.ready['org']}/{self.ready['app']}"
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        return _client().request(method, base + path, json=json, headers=headers)


@contextmanager
def emulating(*arguments: str) -> Iterator[Emulator]:
    """`roamspec emulate` until the block ends."""
    with subprocess.Popen(
        [*COMMAND, "emulate", "--exit-with-parent", *arguments],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield Emulator(json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def created(emulator: Emulator) -> set[tuple[str, str]]:
    """(path, name) of every user, group and room that anybody has made, as the emulator's journal tells."""
    found: set[tuple[str, str]] = set()
    for entry in _client().get(f"{emulator.ready['control_url']}/journal?limit=100000").json()["entries"]:
        request, response = entry["request"], entry["response"]
        path = request["target"].rpartition("/")[2]
        if request["method"] != "POST" or response["status"] != 200:
            continue
        root = request["target"].rpartition("/")[0]
        if path == "users":
            names = [user["username"] for user in json.loads(response["body"])["entities"]]
            found |= {(f"{root}/users", name) for name in names}
        elif path in ("chatgroups", "chatrooms") and "/messages/" not in request["target"]:
            data = json.loads(response["body"])["data"]
            found.add((f"{root}/{path}", str(data.get("groupid") or data.get("id"))))
    return found


class OtherPeople:
    """Two users with messages of each kind, which no run has anything to do with."""

    NAMES = ("alice", "bob")

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        fields = {
            "grant_type": "client_credentials",
            "client_id": emulator.ready["client_id"],
            "client_secret": emulator.ready["client_secret"],
        }
        self.token = str(emulator.call("POST", "/token", fields).json()["access_token"])
        self._post("/users", [{"username": name, "password": "pw-of-alice-and-bob"} for name in self.NAMES])
        group = {"groupname": "g", "description": "g", "public": True, "maxusers": 9, "owner": "alice"}
        made = self._post("/chatgroups", {**group, "members": ["bob"]})
        self.group_id = str(made["data"]["groupid"])
        for sender, target, path in (
            ("alice", "bob", "users"),
            ("bob", "alice", "users"),
            ("bob", self.group_id, "chatgroups"),
        ):
            message = {"from": sender, "to": [target], "type": "txt", "body": {"msg": "private"}}
            self._post(f"/messages/{path}", message)

    def _post(self, path: str, body: Any) -> Any:
        answer = self._emulator.call("POST", path, body, token=self.token)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def everything(self) -> list[bytes]:
        """All that the target holds of them, byte for byte."""
        answers = [self._emulator.control(f"/users/{name}") for name in self.NAMES]
        answers.append(self._emulator.call("GET", f"/chatgroups/{self.group_id}", token=self.token))
        assert {answer.status_code for answer in answers} == {200}
        held = [answer.content for answer in answers[:2]]
        assert all(body.count(b'"private"') == 3 for body in held)
        return [*held, json.dumps(answers[2].json()["data"]).encode()]


def still_there(emulator: Emulator, others: OtherPeople) -> list[str]:
    """What was made in the main app and exists, apart from what other people made."""
    app = f"/{emulator.ready['org']}/{emulator.ready['app']}"
    made = {(path.removeprefix(app), name) for path, name in created(emulator) if path.startswith(f"{app}/")}
    assert len(made) > 3
    theirs = {*others.NAMES, others.group_id}
    return [
        f"{path}/{name}"
        for path, name in sorted(made)
        if name not in theirs
        and emulator.call("GET", f"{path}/{name}", token=others.token).status_code != 404
    ]


def report_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return found


def verdicts(report: dict[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["verdict"] for entry in report["requirements"]}


def failing(report: dict[str, Any]) -> set[str]:
    return {name for name, verdict in verdicts(report).items() if verdict == "fail"}


def selecting(patterns: Sequence[str]) -> list[str]:
    return [word for pattern in patterns for word in ("--req", pattern)]
