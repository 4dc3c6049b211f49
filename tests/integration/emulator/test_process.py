"""Starting, announcing, rejecting to start, and ending."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from roamspec.config.target_config import resolve
from roamspec.emulator.server import shell_lines
from roamspec.faults.__main__ import main

from .conftest import started

READY_KEYS = {
    "base_url", "ws_url", "observer_url", "control_url", "org", "app", "neighbour_app", "closed_app",
    "client_id", "client_secret", "pid",
}  # fmt: skip


Refused = Callable[..., str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Runs the command, which must reject to start; returns its one sentence."""

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["emulator", *arguments])
        assert main() == 2
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.count("\n") == 1, output.err
        return output.err

    return run


def test_more_connections_than_the_shell_allows_disturb_nobody() -> None:
    resource = pytest.importorskip("resource")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    def as_in_a_shell() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))

    with started(preexec_fn=as_in_a_shell) as process, ExitStack() as idle:
        for _ in range(100):
            idle.enter_context(socket.create_connection(("127.0.0.1", process.port)))
        answer = httpx.get(f"{process.ready['control_url']}/apps", trust_env=False)
        assert answer.status_code == 200


def test_ready_object_on_standard_output_and_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    with started("--ready-file", str(path), "--org", "o", "--app", "a") as process:
        ready = process.ready
        assert json.loads(path.read_text()) == ready
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert set(ready) == READY_KEYS
        assert ready["pid"] == process.popen.pid
        assert (ready["org"], ready["app"]) == ("o", "a")
        grant = {"grant_type": "client_credentials"}
        grant |= {key: ready[key] for key in ("client_id", "client_secret")}
        for key in ("o/a", ready["neighbour_app"], ready["closed_app"]):
            answer = httpx.post(f"{ready['base_url']}/{key}/token", json=grant, trust_env=False)
            assert answer.status_code == 200
    assert list(tmp_path.iterdir()) == [path]


def test_ready_file_and_journal_may_be_pipes(tmp_path: Path) -> None:
    """The ready file waits for whoever reads it, and both pipes stay pipes."""
    pipe, journal = tmp_path / "ready", tmp_path / "journal"
    os.mkfifo(pipe)
    os.mkfifo(journal)
    with ThreadPoolExecutor(2) as pool:
        written = pool.submit(journal.read_text)
        told = pool.submit(pipe.read_text)
        with started("--ready-file", str(pipe), "--journal-file", str(journal)) as process:
            assert json.loads(told.result()) == process.ready
            httpx.get(f"{process.ready['base_url']}/acme/parlor/users/alice", trust_env=False)
        assert '"target": "/acme/parlor/users/alice"' in written.result()
    assert pipe.is_fifo()
    assert journal.is_fifo()


def test_a_ready_file_that_nobody_reads_does_not_keep_it_alive(tmp_path: Path) -> None:
    pipe = tmp_path / "ready"
    os.mkfifo(pipe)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "roamspec.faults",
        "--port",
        str(port),
        "--ready-file",
        str(pipe),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        answer = httpx.HTTPTransport(retries=100)
        with httpx.Client(transport=answer, trust_env=False) as client:
            client.get(f"http://127.0.0.1:{port}/_emulator")
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert said.endswith(f"cannot write the ready file {pipe}: nobody reads this pipe.\n")


def test_a_journal_that_nobody_reads_any_more_ends_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "journal"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(pipe.open)
        with started("--journal-file", str(pipe), says="the journal file is no longer written") as process:
            reader.result().close()
            for _ in range(3):
                answer = httpx.get(f"{process.ready['base_url']}/acme/parlor/users/alice", trust_env=False)
                assert answer.status_code == 401


def test_lines_for_a_shell() -> None:
    command = [sys.executable, "-m", "roamspec.faults", "--print-env", "--exit-with-parent"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        lines = [process.stdout.readline() for _ in range(len(READY_KEYS) - 1)]
        shell = subprocess.run(
            ["/bin/sh", "-c", "".join(lines) + "env"], capture_output=True, text=True, check=True, env={}
        )
        names = dict(line.split("=", 1) for line in shell.stdout.splitlines())
        told = resolve({}, names, None)
        url = f"{told.base_url}/acme/parlor/token"
        grant = {
            "grant_type": "client_credentials",
            "client_id": names["ROAMSPEC_CLIENT_ID"],
            "client_secret": names["ROAMSPEC_CLIENT_SECRET"],
        }
        assert httpx.post(url, json=grant, trust_env=False).status_code == 200
        assert told.observer_url == names["ROAMSPEC_OBSERVER_URL"]
        assert len(told.apps) == 3
        process.stdin.close()
        assert process.stdout.read() == ""


def test_lines_for_a_shell_are_quoted() -> None:
    value = 'it\'s $(touch x); "y"\n# z'
    lines = shell_lines({"client_secret": value, "pid": 7})

    shell = subprocess.run(
        ["/bin/sh", "-c", lines + 'printf %s "$ROAMSPEC_CLIENT_SECRET"'],
        capture_output=True,
        text=True,
        check=True,
    )

    assert shell.stdout == value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_busy_port_is_one_sentence(refused: Refused) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        said = refused("--port", str(busy.getsockname()[1]))
    assert "Address already in use" in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--set", "retention_dayz=3"), "did you mean 'retention_days'?"),
        (("--set", "retention_days=soon"), "a whole number"),
        (("--set", "imports"), "NAME=VALUE"),
        (("--fault", "delete-chat-message.limit.fifty-one-accepted"), "did you mean"),
        (("--settings", "/nowhere/settings.json"), "/nowhere/settings.json"),
        (("--app", "no app"), "is not an App Key"),
        (("--host", "300.1.1.1"), "300.1.1.1"),
        (("--port", "70000"), "70000"),
        (("--ready-file", "/proc/nowhere/ready.json"), "/proc/nowhere/ready.json"),
    ],
)
def test_what_cannot_be_is_one_sentence(refused: Refused, arguments: tuple[str, ...], part: str) -> None:
    assert part in refused(*arguments)


def test_a_settings_file_must_hold_known_settings(tmp_path: Path, refused: Refused) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("imports: refused\nlist_forms: [users]\n")
    with started("--settings", str(path)) as process:
        url = f"{process.ready['control_url']}/apps/acme/parlor/settings"
        settings = httpx.get(url, trust_env=False).json()
        assert (settings["imports"], settings["list_forms"]) == ("refused", ["users"])
    for text, part in (
        ("- 1", "mapping"),
        ("a: [", "cannot be parsed"),
        ("imports: 3", "accepted or refused"),
    ):
        path.write_text(text)
        assert part in refused("--settings", str(path))


def test_listening_beyond_loopback_is_said_loudly() -> None:
    with started("--host", "0.0.0.0", says="WARNING: the emulator listens on 0.0.0.0") as process:  # noqa: S104
        assert httpx.get(process.ready["control_url"], trust_env=False).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_end_it_within_two_seconds_with_status_zero(number: int) -> None:
    with started() as process, socket.create_connection(("127.0.0.1", process.port)) as half_sent:
        half_sent.sendall(b"POST /acme/parlor/token HTTP/1.1\r\nHost: x\r\nContent-Le")
        began = time.monotonic()
        process.popen.send_signal(number)
        assert process.popen.wait(5) == 0
        assert time.monotonic() - began < 2
        assert half_sent.recv(100) == b""


def test_what_has_begun_is_finished() -> None:
    with started("--nuisance", "latency:ms=300") as process, ThreadPoolExecutor(1) as pool:
        url, control = process.ready["base_url"], process.ready["control_url"]
        slow = pool.submit(httpx.get, f"{url}/acme/parlor/users/alice", trust_env=False)
        while not httpx.get(f"{control}/apps/acme/parlor/nuisances", trust_env=False).json()["played"]:
            pass
        process.popen.terminate()
        assert slow.result().status_code == 401
        assert process.popen.wait(5) == 0


def test_a_request_that_never_ends_does_not_keep_it_alive() -> None:
    with started() as process, socket.create_connection(("127.0.0.1", process.port)) as half_sent:
        half_sent.sendall(b"POST /acme/parlor/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        # Another connection's answer shows that this one has been read.
        httpx.get(process.ready["control_url"], trust_env=False)
        began = time.monotonic()
        process.popen.terminate()
        assert process.popen.wait(5) == 0
        assert time.monotonic() - began < 2
        assert half_sent.recv(1000).startswith(b"HTTP/1.1 503 ")


def test_it_ends_with_its_parent() -> None:
    with started("--exit-with-parent", stdin=subprocess.PIPE) as process:
        assert process.popen.stdin is not None
        process.popen.stdin.close()
        assert process.popen.wait(5) == 0
