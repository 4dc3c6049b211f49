"""`roamspec proxy` between clients and an emulator, or a service that misbehaves."""

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import trustme
from tests.integration.commands import COMMAND, Done, environment, failing, report_of, roamspec, verdicts
from tests.integration.emulator.conftest import AppClient, started
from tests.integration.emulator.wire_device import logged_in
from tests.integration.gateway import PREFIX, ForwardProxy, forward_proxy, gateway, tls_of

from roamspec.recording.files import read_folder

REST = "/rest/message/roaming/chat/user/alice?userId=bob&msgIdList="
JSON = {"accept": "application/json", "content-type": "application/json"}


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with started() as process:
        yield process.ready["base_url"]


@pytest.fixture
def app(origin: str) -> Iterator[AppClient]:
    """An app of the emulator; call it through a proxy with `via`."""
    with httpx.Client(timeout=10, trust_env=False) as http:
        made = http.post(
            f"{origin}/_emulator/apps",
            json={"settings": {"rate_limits": "off"}, "scenario": {"users": ["alice", "bob"]}},
        ).json()
        yield AppClient(http, origin, made["org"], made["app"], made["app_token"], made)


@dataclass
class Proxy:
    """A running proxy; `done` is set once it has ended."""

    base_url: str
    place: Path
    done: Done = field(default_factory=lambda: Done(-1, "", ""))

    @property
    def report(self) -> dict[str, Any]:
        return report_of(self.place / "report")

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.base_url.removeprefix("http://").partition(":")
        return host, int(port)


@contextmanager
def proxied(place: Path, upstream: str, *options: str, **variables: str) -> Iterator[Proxy]:
    command = [*COMMAND, "proxy", "--upstream", upstream, "--report-dir", "report", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=place, stdout=pipe, stderr=pipe, text=True, env=environment(**variables)
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()
        found = Proxy(json.loads(line)["base_url"], place)
        try:
            yield found
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
            found.done = Done(process.returncode, out, err)


def via(app: AppClient, proxy: Proxy) -> AppClient:
    return replace(app, origin=proxy.base_url)


def test_a_conforming_client_and_service(app: AppClient, tmp_path: Path) -> None:
    with proxied(tmp_path, app.origin) as proxy:
        there = via(app, proxy)
        sent = there.send("bob", "alice")
        assert there.call("DELETE", REST + sent, headers=JSON).json()["requestStatusCode"] == "ok"
        assert app.ids("alice", "bob") == set()
    assert proxy.done.status == 0, proxy.done.out + proxy.done.err
    report = proxy.report
    assert (report["verdict"], report["target"]["kind"], report["requests"]) == ("conforming", "service", 2)
    assert report["target"]["base_url"] == app.origin
    assert report["target"]["app_key"] == f"{app.org}#{app.app}"
    found = verdicts(report)
    assert found["delete-chat-messages.success.request-status-code-ok"] == "pass"
    assert found["delete-chat-messages.client-escaping.message-ids-arrive-as-meant"] == "pass"
    assert found["clear-user.success.status-200"] == "not-run"
    assert "Never called: deleteGroupMessages" in " ".join(report["notes"])
    text = json.dumps(report)
    assert app.token not in text


def test_both_sides_are_judged_and_waived(app: AppClient, tmp_path: Path) -> None:
    broken = "delete-chat-messages.success.request-status-code-ok"
    faults = app.http.get(f"{app.origin}/_emulator/faults").json()["faults"]
    fault = next(each["name"] for each in faults if broken in each["refutes"])
    app.http.put(f"{app.control}/faults", json={"faults": [fault]})
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        "".join(
            f'[[waiver]]\nrequirement = "{name}"\nreason = "r"\nowner = "o"\nuntil = 2099-01-01\n'
            for name in (broken, "client-request.required-parameters")
        ),
        encoding="utf-8",
    )
    for options, status, verdict in (([], 1, "fail"), (["--waivers", str(waivers)], 0, "waived")):
        with proxied(tmp_path, app.origin, *options) as proxy:
            there = via(app, proxy)
            there.call("DELETE", REST + "1", headers=JSON)
            assert there.call("DELETE", REST.partition("&")[0], headers=JSON).status_code == 400
        assert proxy.done.status == status, proxy.done.out
        found = verdicts(proxy.report)
        assert found[broken] == verdict
        assert found["delete-chat-messages.client-request.required-parameters"] == verdict
        assert found["delete-chat-messages.missing.msg-id-list-status"] == "pass"
        assert (failing(proxy.report) == set()) is (verdict == "waived")


def test_devices_log_in_and_hear_of_deletions_through_it(app: AppClient, tmp_path: Path) -> None:
    with proxied(tmp_path, app.origin) as proxy:
        there = via(app, proxy)
        with logged_in(there, "alice", "web_1", "web_2") as devices:
            there.call("DELETE", REST + "7", headers=JSON)
            for device in devices:
                assert device.notice()["data"]["msgIdList"] == ["7"]
    assert proxy.done.status == 0
    assert proxy.report["requests"] == 3


def test_a_stream_passes_as_it_comes(app: AppClient, tmp_path: Path) -> None:
    with proxied(tmp_path, app.origin) as proxy:
        url = f"{proxy.base_url}/_emulator/observer/{app.org}/{app.app}/users/alice/devices/d/events"
        with app.http.stream("GET", url) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: ready"
            via(app, proxy).call("DELETE", REST + "7", headers=JSON)
            assert any("delete_messages" in line for line in lines if line.startswith("data: {"))
    assert proxy.done.status == 0


# --- services that misbehave: what they do reaches the client as it is


@contextmanager
def service(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """A listener that reads one request and lets `answer` do what it likes, for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                received = b""
                while b"\r\n\r\n" not in received:
                    received += connection.recv(65536)
                answer(connection, received)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def raw(address: tuple[str, int], request: bytes) -> bytes:
    """Everything that comes back; a ConnectionResetError where the connection was broken off."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while data := connection.recv(65536):
            received += data
    return received


GET = b"GET /o/a/users/alice HTTP/1.1\r\nHost: x\r\n\r\n"


ANSWERS = (
    b"HTTP/1.1 503 Odd Reason\r\nx-CaSe: 1\r\nX-Case: 2\r\nContent-Length: 4\r\n\r\nbusy",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;ext=1\r\nok\r\n0\r\nTrailer: t\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
    b"this is no HTTP\r\n\r\n",
    b"",
)


def test_an_answer_arrives_byte_by_byte_as_it_was(tmp_path: Path) -> None:
    def answer(connection: socket.socket, received: bytes) -> None:
        connection.sendall(ANSWERS[int(received.split(b" ", 2)[1].rpartition(b"/")[2])])

    with service(answer) as upstream, proxied(tmp_path, upstream) as proxy:
        for number, expected in enumerate(ANSWERS):
            assert raw(proxy.address, GET.replace(b"alice", b"%d" % number)) == expected
    assert (proxy.done.status, proxy.report["verdict"]) == (3, "incomplete")
    notes = " ".join(proxy.report["notes"])
    assert "were broken off by the service: 2." in notes
    assert "had an answer that is no HTTP: 1." in notes


def test_a_connection_that_is_reset_is_reset(tmp_path: Path) -> None:
    def reset(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with (
        service(reset) as upstream,
        proxied(tmp_path, upstream) as proxy,
        pytest.raises(ConnectionResetError),
    ):
        raw(proxy.address, GET)
    assert "Exchanges that were broken off by the service: 1." in proxy.report["notes"]


def test_what_is_no_request_passes_too(tmp_path: Path) -> None:
    with (
        service(lambda connection, _: connection.sendall(b"what?")) as upstream,
        proxied(tmp_path, upstream) as proxy,
    ):
        assert raw(proxy.address, b"hello\r\n\r\n") == b"what?"
    assert verdicts(proxy.report)["connection.client-http.speaks-http"] == "fail"
    assert proxy.done.status == 1


def test_requests_reach_the_service_as_they_were_but_for_its_name(tmp_path: Path) -> None:
    heard: list[bytes] = []

    def answer(connection: socket.socket, received: bytes) -> None:
        while not received.endswith(b"body"):
            received += connection.recv(65536)
        heard.append(received)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    rest = b"B:  b \r\nb: c\r\nContent-Length: 4\r\n\r\nbody"
    request = b"PoST //o/a/x?%zz&&a=%2c HTTP/1.1\r\nhost: x\r\n"
    with service(answer) as upstream, proxied(tmp_path, f"{upstream}/base") as proxy:
        assert raw(proxy.address, request + rest).startswith(b"HTTP/1.1 200")
    host = upstream.removeprefix("http://").encode()
    assert heard == [b"PoST /base//o/a/x?%zz&&a=%2c HTTP/1.1\r\nhost: " + host + b"\r\n" + rest]


def test_a_service_that_cannot_be_reached(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    with proxied(tmp_path, f"http://127.0.0.1:{free}") as proxy:
        answer = httpx.get(f"{proxy.base_url}/o/a/users/alice", trust_env=False)
        assert answer.status_code == 502
        assert "cannot be reached" in answer.json()["error_description"]
    assert proxy.done.status == 3
    assert "could not be reached" in proxy.report["because"][0]


def test_nobody_called(tmp_path: Path, origin: str) -> None:
    with proxied(tmp_path, origin) as proxy:
        pass
    assert proxy.done.status == 3
    assert "No call came to" in proxy.report["because"][0]


# --- recordings


def test_recordings_hold_no_secret_and_show_a_drift(app: AppClient, tmp_path: Path) -> None:
    secret = app.made["client_secret"]
    grant = {
        "grant_type": "client_credentials", "client_id": app.made["client_id"], "client_secret": secret,
    }  # fmt: skip
    for folder in ("before", "after"):
        with proxied(tmp_path, app.origin, "--record", folder) as proxy:
            there = via(app, proxy)
            token = there.call("POST", "/token", token=None, json=grant).json()["access_token"]
            for _ in range(2):
                sent = there.send("bob", "alice")
                there.call("DELETE", REST + sent, token=token, headers=JSON)
        assert proxy.done.status == 0, proxy.done.out
        assert f"{folder}: 3 recordings written" in proxy.done.out
        files = sorted((tmp_path / folder).iterdir())
        assert [file.stem for file in files] == ["create-token", "delete-chat-messages", "send-to-users"]
        text = "".join(file.read_text(encoding="utf-8") for file in files)
        assert secret not in text
        assert token not in text
        if folder == "before":
            assert len(read_folder(tmp_path / folder)[files[1]].interactions) == 2
            app.set(extra_fields=True)
    assert roamspec(tmp_path, "drift", "before", "before").status == 0
    drift = roamspec(tmp_path, "drift", "before", "after")
    assert drift.status == 1
    assert "passed delete-chat-messages" in drift.out
    assert "$.x_extra" in drift.out
    assert "duration" not in drift.out


# --- bad input


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "proxy: name the service, as in: roamspec proxy --upstream https://a1.example.com."),
        (["--upstream", "ftp://x"], "--upstream 'ftp://x': it is no http or https address;"),
        (["--upstream", "http://u:p@x"], "--upstream: it holds credentials,"),
        (["--upstream", "http://x?y"], "it has a query or a fragment;"),
        (["--upstream", "http://x:99999"], "it is no http or https address;"),
        (["--upstream", "http://x", "--host", "192.0.2.1"], "cannot listen on 192.0.2.1 port 0:"),
        (["--upstream", "https://x", "--ca-file", "nothing.pem"], "--ca-file"),
        (["--upstream", "http://x", "--req", "nothing"], "No requirement, operation or family matches"),
        (["--upstream", "http://x", "--record", "file"], "--record: nothing can be written into file"),
        (["--upstream", "http://x", "--waivers", "nothing.toml"], "--waivers: nothing.toml cannot be read"),
    ],
)
def test_bad_options_are_one_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = roamspec(tmp_path, "proxy", *options)
    assert done.status == 2
    assert sentence in done.complaint


# --- the network of a company


@pytest.mark.parametrize("password", ["p%40ss", "wrong"])
def test_a_service_over_tls_behind_a_forward_proxy(app: AppClient, tmp_path: Path, password: str) -> None:
    authority, host = trustme.CA(), "im.example.test"
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    with (
        gateway(app.origin, tls_of(authority, host)) as address,
        forward_proxy(ForwardProxy("me:p@ss")) as forward,
    ):
        place = urlsplit(address)
        forward.places[f"{host}:443"] = place.hostname or "", place.port or 0
        variables = dict.fromkeys(("https_proxy", "no_proxy", "NO_PROXY"), "")
        variables["HTTPS_PROXY"] = f"http://me:{password}@127.0.0.1:{urlsplit(forward.url).port}"
        options = ("--ca-file", "authority.pem")
        with proxied(tmp_path, f"https://{host}{PREFIX}", *options, **variables) as proxy:
            answer = via(app, proxy).call("DELETE", REST + "1", headers=JSON)
    assert set(forward.asked) == {f"CONNECT {host}:443"}
    if password == "wrong":
        assert (answer.status_code, proxy.done.status) == (502, 3)
        assert "407" in answer.json()["error_description"]
        assert "wrong" not in proxy.done.out + proxy.done.err + json.dumps(proxy.report)
    else:
        assert (answer.status_code, proxy.done.status) == (200, 0), proxy.done.out
        assert proxy.report["target"]["base_url"] == f"https://{host}{PREFIX}"
