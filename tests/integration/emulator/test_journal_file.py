"""The journal on the wire: its file, and connections that bring no whole request."""

import json
import socket
from pathlib import Path
from typing import Any

import httpx
from tests.integration.emulator.conftest import started


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_file_keeps_what_is_cleared(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    with started("--journal-file", str(file)) as process:
        url = f"{process.ready['base_url']}/acme/parlor/token"
        body = {"grant_type": "client_credentials"} | {
            name: process.ready[name] for name in ("client_id", "client_secret")
        }
        token = httpx.post(url, json=body).json()["access_token"]
        control = f"{process.ready['control_url']}/apps/acme/parlor"
        httpx.put(f"{control}/nuisances", json={"nuisances": [{"kind": "503"}]})
        httpx.get(url.replace("token", "users/alice"))
        httpx.delete(control)
    first, second = lines_of(file)
    assert (first["operation"], first["nuisance"], first["problem"]) == ("createToken", "", "")
    assert (second["operation"], second["nuisance"]) == ("getUser", "503")
    assert second["started_ms"] > first["started_ms"]
    assert token not in file.read_text()


def test_connections_that_bring_no_whole_request(tmp_path: Path) -> None:
    file = tmp_path / "journal"
    with started("--journal-file", str(file)) as process:
        for content in (
            b"hello\r\n\r\n",
            b"GET /acme/parlor/users/a b HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\nHo",
            b"POST /acme/parlor/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
        ):
            with socket.create_connection(("127.0.0.1", process.port), timeout=10) as connection:
                connection.sendall(content)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(4096):
                    pass
        assert httpx.get(f"{process.ready['base_url']}/acme/parlor/users/a").status_code == 401
    entries = lines_of(file)
    assert sorted(entry["problem"] for entry in entries) == [
        "",
        "half-request",
        "half-request",
        "not-http",
        "not-http",
    ]
    assert {entry["response"]["status"] for entry in entries if entry["problem"]} == {0}


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "roamspec.faults", "--journal-file", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot write the journal file" in done.stderr
