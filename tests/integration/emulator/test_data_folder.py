"""`--data DIR`: what was acknowledged is there after `kill -9`; what cannot be used is one sentence."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from roamspec.emulator.disk.database import FILE_NAME
from roamspec.emulator.domain.ids import time_of_message
from roamspec.faults.__main__ import main

from .acknowledged import assert_is_there
from .conftest import AppClient, started
from .wire_device import REST, logged_in, text_message

ENOUGH = 25
"""Acknowledged calls of each writer before the emulator is killed."""


@dataclass
class Running:
    """An emulator that keeps its data, until it is killed."""

    popen: subprocess.Popen[str]
    ready: dict[str, Any]

    def kill(self) -> None:
        self.popen.kill()
        assert self.popen.wait(60) == -signal.SIGKILL


@contextmanager
def kept(folder: Path, *arguments: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "roamspec.faults", "--data", str(folder), *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as popen:
        assert popen.stdout is not None
        line = popen.stdout.readline()
        assert line, "it ended at once"
        try:
            yield Running(popen, json.loads(line))
        finally:
            popen.kill()


@contextmanager
def client_of(running: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.ready["base_url"], timeout=60, trust_env=False) as http:
        yield http


def main_app(running: Running, http: httpx.Client, token: str = "") -> AppClient:
    ready = running.ready
    if not token:
        grant = {"grant_type": "client_credentials", "ttl": 0}
        grant |= {key: ready[key] for key in ("client_id", "client_secret")}
        token = http.post(f"/{ready['org']}/{ready['app']}/token", json=grant).json()["access_token"]
    return AppClient(http, ready["base_url"], ready["org"], ready["app"], token, {})


Write = Callable[[AppClient, int], object]


def _until_killed(running: Running, token: str, write: Write, enough: threading.Semaphore) -> list[Any]:
    """What each acknowledged call gave, in order."""
    done: list[Any] = []
    with client_of(running) as http:
        app = main_app(running, http, token)
        while True:
            try:
                done.append(write(app, len(done)))
            except httpx.TransportError:
                return done
            if len(done) == ENOUGH:
                enough.release()


def _send(app: AppClient, number: int) -> str:
    return app.send("ann", "ben", f"message {number}")


def _register(app: AppClient, number: int) -> str:
    app.users(f"new-{number}")
    return f"new-{number}"


def _group(app: AppClient, number: int) -> tuple[str, list[str]]:
    members = ["ben"] if number % 2 else ["ben", "cat"]
    return app.group("ann", *members), ["ann", *members]


def _token(app: AppClient, number: int) -> str:  # noqa: ARG001 - each is another one
    return app.user_token("ann", ttl=0)


def _delete(app: AppClient, number: int) -> tuple[str, str]:
    """One message is deleted for its sender, the next one is not."""
    gone, left = (app.send("cat", "dan", f"{word} {number}") for word in ("gone", "left"))
    query = f"?userId=dan&msgIdList={gone}&isNotify=true"
    answer = app.call("DELETE", f"{REST}/chat/user/cat{query}")
    assert answer.status_code == 200, answer.text
    return gone, left


def _set(app: AppClient, number: int) -> int:
    app.set(conversation_capacity=1000 + number)
    return 1000 + number


def _advance(app: AppClient, number: int) -> int:  # noqa: ARG001 - each is an hour
    answer = app.http.patch(f"{app.control}/clock", json={"advance_ms": 3_600_000})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["offset_ms"])


WRITERS = (_send, _register, _group, _token, _delete, _set, _advance)


def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path) -> None:
    with kept(tmp_path, "--set", "rate_limits=off") as first, client_of(first) as http:
        app = main_app(first, http)
        app.users("ann", "ben", "cat", "dan")
        enough = threading.Semaphore(0)
        with ThreadPoolExecutor(len(WRITERS)) as pool:
            running = [pool.submit(_until_killed, first, app.token, write, enough) for write in WRITERS]
            for _ in WRITERS:
                assert enough.acquire(timeout=300)
            first.kill()
        sent, users, groups, tokens, deleted, settings, offsets = (each.result() for each in running)
    with kept(tmp_path) as second, client_of(second) as http:
        assert {k: v for k, v in second.ready.items() if "url" not in k and k != "pid"} == {
            k: v for k, v in first.ready.items() if "url" not in k and k != "pid"
        }
        later = main_app(second, http, app.token)
        assert_is_there(later, sent, deleted, tokens)
        for name in users:
            assert later.call("GET", f"/users/{name}").status_code == 200
        for group, members in groups:
            found = later.call("GET", f"/chatgroups/{group}/users?pagesize=100").json()["data"]
            assert sorted(name for entry in found for name in entry.values()) == sorted(members)
        kept_settings = http.get(f"{later.control}/settings").json()
        # The one that was under way may have been taken, though nobody was told.
        assert kept_settings["conversation_capacity"] in (settings[-1], settings[-1] + 1)
        assert kept_settings["rate_limits"] == "off"
        assert http.get(f"{later.control}/clock").json()["offset_ms"] >= offsets[-1]
        new = later.send("ann", "ben", "after the restart")
        assert int(new) > max(map(int, sent))
        assert time_of_message(int(new)) >= max(time_of_message(int(each)) for each in sent)


def test_what_waits_for_a_device_waits_after_a_kill(tmp_path: Path) -> None:
    """Sent by a device, whose responses take another way than those of HTTP."""
    with kept(tmp_path) as first, client_of(first) as http:
        app = main_app(first, http)
        app.users("ann", "ben")
        with logged_in(app, "ann", "phone") as (phone,):
            ids = [str(phone.send(text_message("ben", f"number {n}")).serverId) for n in range(5)]
            first.kill()
    with kept(tmp_path) as second, client_of(second) as http:
        later = main_app(second, http, app.token)
        with logged_in(later, "ben", "phone") as (phone,):
            (unread,) = phone.heartbeat().unread
            assert (unread.queue.name, unread.n) == ("ann", 5)
            assert [str(meta.id) for meta in phone.fetch(unread.queue).metas] == ids


def test_apps_snapshots_and_faults_survive(tmp_path: Path) -> None:
    fault = "delete-chat-messages.effect.back-after-a-second"
    with kept(tmp_path) as first, client_of(first) as http:
        scenario = {"users": ["ann", "ben"], "messages": [{"from": "ann", "to": "ben", "count": 2}]}
        made = http.post("/_emulator/apps", json={"scenario": scenario, "faults": [fault]}).json()
        place = f"/_emulator/apps/{made['org']}/{made['app']}"
        rules = {"nuisances": [{"kind": "latency", "ms": 1}]}
        assert http.put(f"{place}/nuisances", json=rules).status_code == 200
        snapshot = http.post(f"{place}/snapshots").json()["id"]
        assert http.put(f"{place}/faults", json={"faults": []}).status_code == 200
        assert http.post(f"{place}/scenario", json={"users": ["late"]}).status_code == 201
        gone = http.post("/_emulator/apps", json={}).json()
        assert http.delete(f"/_emulator/apps/{gone['org']}/{gone['app']}").status_code == 200
        first.kill()
    with kept(tmp_path) as second, client_of(second) as http:
        keys = {app["app_key"] for app in http.get("/_emulator/apps").json()["apps"]}
        assert keys == {made["app_key"], "acme#parlor", "acme#parlor-neighbour", "acme#parlor-closed"}
        found = http.get(place).json()
        same = ("app_id", "app_certificate", "application", "client_id", "client_secret")
        assert {name: found[name] for name in same} == {name: made[name] for name in same}
        assert found["faults"] == []
        (rule,) = http.get(f"{place}/nuisances").json()["nuisances"]
        assert (rule["kind"], rule["ms"]) == ("latency", 1)
        assert http.get(f"{place}/users/late").status_code == 200
        assert http.post(f"{place}/snapshots/{snapshot}/restore").json()["faults"] == [fault]
        assert http.get(f"{place}/users/late").status_code == 404
        (view,) = http.get(f"{place}/users/ben").json()["conversations"]
        assert view["count"] == 2
        headers = {"Authorization": f"Bearer {made['app_token']}"}
        assert http.get(f"/{made['org']}/{made['app']}/users/ann", headers=headers).status_code == 200


def test_options_of_a_later_start_win(tmp_path: Path) -> None:
    with started("--data", str(tmp_path), "--set", "retention_days=5", "--set", "list_page_max=7"):
        pass
    with started("--data", str(tmp_path), "--set", "retention_days=6") as process:
        apps = f"{process.ready['control_url']}/apps/acme"
        found = httpx.get(f"{apps}/parlor/settings", trust_env=False).json()
        assert (found["retention_days"], found["list_page_max"]) == (6, 7)
        assert found["message_roaming"] is True
        closed = httpx.get(f"{apps}/parlor-closed/settings", trust_env=False).json()
        assert closed["message_roaming"] is False


Refused = Callable[..., str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Runs the command, which must end with status 3; returns its one sentence."""

    def run(folder: Path) -> str:
        monkeypatch.setattr(sys, "argv", ["emulator", "--data", str(folder)])
        assert main() == 3
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.count("\n") == 1, output.err
        return output.err

    return run


def test_a_folder_that_another_emulator_uses(tmp_path: Path, refused: Refused) -> None:
    with started("--data", str(tmp_path)):
        assert "is used by another emulator; stop it, or choose another one for --data." in refused(tmp_path)
    # Once that one has ended, it can be used.
    with started("--data", str(tmp_path)):
        pass


def test_a_folder_that_cannot_be_used(tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "file").write_text("mine")
    assert "cannot keep data in the folder" in refused(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"


def test_data_of_another_version(tmp_path: Path, refused: Refused) -> None:
    with started("--data", str(tmp_path)):
        pass
    with sqlite3.connect(tmp_path / FILE_NAME) as later:
        later.execute("PRAGMA user_version = 2")
    later.close()
    said = refused(tmp_path)
    assert "has version 2, and this roamspec reads version 1; use the roamspec that wrote it" in said
