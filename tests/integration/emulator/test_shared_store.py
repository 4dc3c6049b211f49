"""`--store` and `--workers` from outside: nothing acknowledged is lost, whoever is killed, and what cannot be
used is one sentence."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.commands import roamspec
from tests.redis_server import RedisServer, needs_redis, redis_server

from roamspec.faults.__main__ import main

from .acknowledged import assert_is_there
from .conftest import AppClient
from .watching import Device
from .wire_device import REST, logged_in, text_message

ENOUGH = 20
"""Acknowledged calls of each writer before and after something is killed."""
WITHIN_S = 120


@dataclass
class Emulator:
    popen: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.ready["base_url"], timeout=60, trust_env=False)

    def app(self, http: httpx.Client) -> AppClient:
        """The main app, with a token of its own."""
        ready = self.ready
        grant = {"grant_type": "client_credentials", "ttl": 0}
        grant |= {key: ready[key] for key in ("client_id", "client_secret")}
        token = http.post(f"/{ready['org']}/{ready['app']}/token", json=grant).json()["access_token"]
        return AppClient(http, ready["base_url"], ready["org"], ready["app"], token, {})

    def workers(self) -> list[int]:
        """Process IDs of those that serve."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                text = stat.read_text(encoding="utf-8")
            except OSError:
                continue
            if int(text.rpartition(")")[2].split()[1]) == self.popen.pid:
                found.append(int(stat.parent.name))
        return found


@contextmanager
def emulator(url: str, *arguments: str) -> Iterator[Emulator]:
    command = [
        sys.executable,
        "-m",
        "roamspec.faults",
        "--store",
        url,
        "--set",
        "rate_limits=off",
        *arguments,
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True) as popen:
        assert popen.stdout is not None
        line = popen.stdout.readline()
        assert line, popen.stderr.read() if popen.stderr else ""
        try:
            yield Emulator(popen, json.loads(line))
        finally:
            popen.terminate()
            assert popen.wait(60) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis_server(folder) as running:
        yield running


@dataclass
class Writer:
    """Calls again and again until it is told to stop; `done` is what each acknowledged call gave."""

    emulator: Emulator
    token: str
    write: Callable[[AppClient, int], object]
    done: list[Any] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    enough: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        ready, number = self.emulator.ready, 0
        with self.emulator.http as http:
            app = AppClient(http, ready["base_url"], ready["org"], ready["app"], self.token, {})
            while not self.stop.is_set():
                number += 1
                try:
                    self.done.append(self.write(app, number))
                except httpx.TransportError:
                    continue
                except _RefusedError as error:
                    self.statuses[error.status] += 1
                    continue
                self.enough.release()

    def await_more(self) -> None:
        """Until it has written so many more."""
        while self.enough.acquire(blocking=False):
            pass
        for _ in range(ENOUGH):
            assert self.enough.acquire(timeout=WITHIN_S)


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _called(app: AppClient, method: str, path: str, **more: Any) -> httpx.Response:
    answer = app.call(method, path, **more)
    if answer.status_code != 200:
        raise _RefusedError(answer.status_code)
    return answer


def _send(app: AppClient, number: int) -> str:
    body = {"from": "ann", "to": ["ben"], "type": "txt", "body": {"msg": f"message {number}"}}
    return str(_called(app, "POST", "/messages/users", json=body).json()["data"]["ben"])


def _delete(app: AppClient, number: int) -> tuple[str, str]:
    """One message is deleted for its sender, the next one is not."""
    ids = []
    for word in ("gone", "left"):
        body = {"from": "cat", "to": ["dan"], "type": "txt", "body": {"msg": f"{word} {number}"}}
        ids.append(str(_called(app, "POST", "/messages/users", json=body).json()["data"]["dan"]))
    _called(app, "DELETE", f"{REST}/chat/user/cat?userId=dan&msgIdList={ids[0]}&isNotify=false")
    return ids[0], ids[1]


def _token(app: AppClient, number: int) -> str:  # noqa: ARG001 - each is another one
    body = {"grant_type": "inherit", "username": "ann", "ttl": 0}
    return str(_called(app, "POST", "/token", json=body).json()["access_token"])


@contextmanager
def writing(running: Emulator) -> Iterator[list[Writer]]:
    """Writers that are under way; afterwards, what was acknowledged must be there."""
    with running.http as http:
        app = running.app(http)
        app.users("ann", "ben", "cat", "dan")
        writers = [Writer(running, app.token, write) for write in (_send, _delete, _token)]
        with ThreadPoolExecutor(len(writers)) as pool:
            threads: list[Future[None]] = [pool.submit(writer.run) for writer in writers]
            try:
                for writer in writers:
                    writer.await_more()
                yield writers
            finally:
                for writer in writers:
                    writer.stop.set()
            for thread in threads:
                thread.result(WITHIN_S)
    sent, deleted, tokens = (writer.done for writer in writers)
    with running.http as http:
        later = running.app(http)
        assert_is_there(later, sent, deleted, tokens)


@needs_redis
def test_a_killed_worker_loses_nothing_and_is_replaced(server: RedisServer) -> None:
    with emulator(server.url, "--workers", "2") as running:
        with writing(running) as writers:
            assert running.popen.stderr is not None
            before = running.workers()
            assert len(before) == 2
            for worker in before:
                os.kill(worker, signal.SIGKILL)
                line = running.popen.stderr.readline()
                assert line == (
                    f"roamspec: the worker {worker} ended (signal 9); another one takes its place.\n"
                )
                for writer in writers:
                    writer.await_more()
            assert not set(before) & set(running.workers())
        assert all(not writer.statuses for writer in writers)


@needs_redis
def test_a_killed_server_loses_nothing_and_the_emulator_goes_on(server: RedisServer) -> None:
    with emulator(server.url, "--workers", "2") as running, running.http as http:
        with writing(running) as writers:
            server.kill()
            answer = http.get("/acme/parlor/users/ann")
            assert answer.status_code == 503
            assert answer.json()["error"] == "service_unavailable"
            assert http.get("/nobody/nothing/users/ann").status_code == 503
            assert http.get("/_emulator/apps").json()["error"].endswith("try again.")
            server.start()
            for writer in writers:
                writer.await_more()
        assert {status for writer in writers for status in writer.statuses} <= {503}


@needs_redis
def test_two_emulators_are_one_service(server: RedisServer) -> None:
    with emulator(server.url) as one, emulator(server.url) as two, one.http as http, two.http as other:
        assert one.ready["client_secret"] == two.ready["client_secret"]
        here, there = one.app(http), two.app(other)
        there = AppClient(other, two.ready["base_url"], there.org, there.app, here.token, {})
        here.users("ann", "ben")
        device = Device(here, "ann", "phone")
        with logged_in(there, "ben", "tablet") as (wire,):
            message_id = here.send("ann", "ben", "hello")
            assert [str(meta.id) for meta in wire.synced().metas] == [message_id]
            wire.send(text_message("ann", "answer"))
            deletion = f"{REST}/chat/user/ann?userId=ben&msgIdList={message_id}&isNotify=true"
            assert there.call("DELETE", deletion).status_code == 200
            assert device.sync()["message_ids"] == [message_id]
            devices = {"ann": ["phone"], "ben": ["tablet"]}
            for app in (here, there):
                assert app.http.get(f"{app.control}/devices").json()["devices"] == devices
        device.close()
        made = http.post("/_emulator/apps", json={"settings": {"retention_days": 9}}).json()
        path = f"/_emulator/apps/{made['org']}/{made['app']}"
        assert other.get(f"{path}/settings").json()["retention_days"] == 9
        assert other.get("/_emulator/apps").json()["apps"] != []
        assert other.delete(path).status_code == 200
        assert http.get(path).status_code == 404


@needs_redis
def test_workers_end_with_the_process_that_watches_over_them(server: RedisServer) -> None:
    command = [sys.executable, "-m", "roamspec.faults", "--store", server.url, "--workers", "2"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as popen:
        assert popen.stdout is not None
        running = Emulator(popen, json.loads(popen.stdout.readline()))
        assert len(running.workers()) == 2
        popen.kill()
        # The workers have its standard output too: it ends with the last of them.
        assert popen.stdout.read() == ""


@needs_redis
def test_the_suite_finds_two_workers_conforming(server: RedisServer, tmp_path: Path) -> None:
    with emulator(server.url, "--workers", "2", "--ready-file", str(tmp_path / "ready.json")):
        done = roamspec(
            tmp_path,
            "run",
            "--profile",
            "quick",
            "--ready-file",
            "ready.json",
            "--allow-burst",
            "--exclusive",
        )
    assert done.status == 0, done.out + done.err


Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Exit status and sentence of a start that ends at once."""

    def start(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["emulator", *arguments])
        status = main()
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.count("\n") == 1
        return status, output.err

    return start


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--workers", "0"), "--workers must be 1 or more, not 0."),
        (("--workers", "3"), "--workers 3 needs a state that the workers have in common"),
        (
            ("--store", "http://127.0.0.1/"),
            "--store must be `memory`, or an address such as redis://127.0.0.1",
        ),
        (("--store", "http://:pass@127.0.0.1/"), "not 'http://127.0.0.1'."),
        (("--store", "disk"), "not 'disk'."),
        (("--store", "redis://"), "--store must be"),
        (("--store", "redis://:pass@127.0.0.1:x/0"), "'redis://127.0.0.1:x/0' has no host, or a wrong port"),
        (
            ("--store", "redis://127.0.0.1/name"),
            "'redis://127.0.0.1/name' has no host, or a wrong port or database",
        ),
        (("--store", "redis://127.0.0.1", "--data", "x"), "leave one of them out"),
    ],
)
def test_options_that_cannot_be(arguments: tuple[str, ...], sentence: str, refused: Refused) -> None:
    status, said = refused(*arguments)
    assert status == 2
    assert sentence in said
    assert "pass" not in said


def test_a_journal_file_is_of_one_process(refused: Refused, tmp_path: Path) -> None:
    journal = ("--journal-file", str(tmp_path / "journal"))
    status, said = refused("--store", "redis://127.0.0.1:1", "--workers", "2", *journal)
    assert status == 2
    assert "--journal-file is of one process" in said


def test_without_the_library(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roamspec.emulator.shared.address.find_spec", lambda _: None)
    status, said = refused("--store", "redis://127.0.0.1:1")
    assert status == 2
    assert "pip install 'roamspec[redis]'" in said


def test_a_store_that_nobody_serves(refused: Refused) -> None:
    status, said = refused("--store", "redis://:secret@127.0.0.1:1/0")
    assert status == 3
    assert "cannot reach the store redis://127.0.0.1:1/0" in said
    assert "secret" not in said


@needs_redis
def test_a_store_with_a_password(refused: Refused, tmp_path: Path) -> None:
    with redis_server(tmp_path, "--requirepass", "opensesame") as server:
        status, said = refused("--store", server.url)
        assert status == 3
        assert "refuses the name or the password" in said
        with emulator(server.url.replace("//", "//:opensesame@")) as running, running.http as http:
            assert http.get("/_emulator/apps").status_code == 200


@needs_redis
def test_data_of_another_version_are_refused_and_left_alone(refused: Refused, server: RedisServer) -> None:
    import redis

    client = redis.Redis.from_url(server.url, decode_responses=True)
    client.set("roamspec:emulator:format", "99")
    status, said = refused("--store", server.url)
    assert status == 3
    assert "has version '99', and this roamspec reads version 1" in said
    assert client.keys("*") == ["roamspec:emulator:format"]
    assert client.get("roamspec:emulator:format") == "99"
    client.delete("roamspec:emulator:format")
    client.rpush("roamspec:emulator:format", "something else")
    status, said = refused("--store", server.url)
    client.close()
    assert status == 3
    assert "cannot be used" in said
