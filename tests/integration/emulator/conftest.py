"""One emulator process per module, and a fresh app per test."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from roamspec.wire import PulledMessage, decode_message


@dataclass(frozen=True)
class Process:
    """A running emulator and its ready object."""

    popen: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def port(self) -> int:
        return int(self.ready["base_url"].rpartition(":")[2])


@contextmanager
def started(*arguments: str, says: str = "", **more: Any) -> Iterator[Process]:
    """The emulator as a process of its own; on standard error it must say `says` and nothing else."""
    command = [sys.executable, "-m", "roamspec.faults", *arguments]
    more = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE} | more
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more) as popen:
        assert popen.stdout is not None
        line = popen.stdout.readline()
        assert line, popen.stderr.read() if popen.stderr else "it ended at once"
        try:
            yield Process(popen, json.loads(line))
        finally:
            popen.terminate()
            assert popen.wait(5) == 0
        said = popen.stderr.read() if popen.stderr is not None else ""
        assert says in said if says else said == "", said


@dataclass(frozen=True)
class AppClient:
    """One app, called with its app token; `origin` is the emulator's base URL."""

    http: httpx.Client
    origin: str
    org: str
    app: str
    token: str
    made: dict[str, Any] = field(repr=False)

    @property
    def control(self) -> str:
        return f"{self.origin}/_emulator/apps/{self.org}/{self.app}"

    @property
    def base(self) -> str:
        return f"{self.origin}/{self.org}/{self.app}"

    def call(self, method: str, path: str, *, token: str | None = "", **more: Any) -> httpx.Response:
        """`token` None sends none; empty sends the app token. The path is sent as it stands."""
        headers = dict(more.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token or self.token}"
        return self.http.request(method, self.base + path, headers=headers, **more)

    def users(self, *names: str) -> None:
        answer = self.call("POST", "/users", json=[{"username": name, "password": "1"} for name in names])
        assert answer.status_code == 200, answer.text

    def user_token(self, name: str, **more: Any) -> str:
        body = {"grant_type": "inherit", "username": name, **more}
        return str(self.call("POST", "/token", json=body).json()["access_token"])

    def send(self, sender: str, receiver: str, text: str = "hi", where: str = "users") -> str:
        body = {"from": sender, "to": [receiver], "type": "txt", "body": {"msg": text}}
        return str(self.call("POST", f"/messages/{where}", json=body).json()["data"][receiver])

    def import_(self, sender: str, target: str, time_ms: int, text: str = "old", where: str = "users") -> str:
        body = {
            "from": sender, "target": target, "type": "txt", "body": {"msg": text}, "msg_timestamp": time_ms,
        }  # fmt: skip
        answer = self.call("POST", f"/messages/{where}/import", json=body)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["msg_id"])

    def group(self, owner: str, *members: str) -> str:
        body = {"groupname": "g", "public": True, "owner": owner, "members": list(members)}
        return str(self.call("POST", "/chatgroups", json=body).json()["data"]["groupid"])

    def room(self, owner: str, *members: str) -> str:
        body: dict[str, Any] = {"name": "r", "description": "d", "owner": owner}
        body |= {"members": list(members)} if members else {}
        return str(self.call("POST", "/chatrooms", json=body).json()["data"]["id"])

    def pull_page(self, owner: str, queue: str, **more: Any) -> dict[str, Any]:
        domain = "conference.easemob.com" if queue.isdigit() else "easemob.com"
        body = {"queue": f"{queue}@{domain}", "start": -1, "pull_number": 50} | more
        answer = self.call("POST", f"/users/{owner}/messageroaming", json=body)
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def pull(self, owner: str, queue: str, **more: Any) -> list[PulledMessage]:
        return [decode_message(item["msg"]) for item in self.pull_page(owner, queue, **more)["msgs"]]

    def ids(self, owner: str, queue: str) -> set[str]:
        return {message.id for message in self.pull(owner, queue)}

    def listed(self, owner: str, form: str = "/sdk/user/{}/user_channels/list") -> list[str]:
        infos = self.call("GET", form.format(owner)).json()["data"]["channel_infos"]
        return [info["session_to"] for info in infos]

    def set(self, **settings: Any) -> None:
        answer = self.http.patch(f"{self.control}/settings", json=settings)
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def emulator() -> Iterator[Process]:
    with started() as process:
        yield process


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


NewApp = Callable[..., AppClient]


@pytest.fixture
def new_app(emulator: Process, http: httpx.Client) -> NewApp:
    """Makes apps; rates are not limited unless a test says so."""

    def make(settings: dict[str, Any] | None = None, **more: Any) -> AppClient:
        body = {"settings": {"rate_limits": "off"} | (settings or {}), **more}
        answer = http.post(emulator.ready["control_url"] + "/apps", json=body)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return AppClient(
            http, emulator.ready["base_url"], made["org"], made["app"], made["app_token"], made["scenario"]
        )

    return make


@pytest.fixture
def app(new_app: NewApp) -> AppClient:
    """With alice, bob and carol."""
    made = new_app()
    made.users("alice", "bob", "carol")
    return made
