"""Real connections: TLS and its error responses, IPv6, hosts with a dead address, old and packed answers."""

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpcore
import pytest
import trustme
from tests.unit.conftest import MARK, CountingPacer

from roamspec.api.devices import Device
from roamspec.appkey import AppKey
from roamspec.errors import SetupFailed, Unreachable
from roamspec.security.redactor import Redactor
from roamspec.transport.client_settings import SendingLimits
from roamspec.transport.guard import Guard, base_path
from roamspec.transport.http_client import TargetClient
from roamspec.transport.http_messages import Request, Response
from roamspec.transport.ledger import Ledger
from roamspec.transport.network_settings import Network
from roamspec.transport.trust import Trust

GET = "/acme/parlor/users/u1"
BODY = b'{"data":"here"}'
TLS_HELLO = b"\x16"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + BODY


@contextmanager
def serving(
    reply: bytes,
    *,
    context: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
    stays: bool = False,
) -> Iterator[int]:
    """Answers the first request of each connection with `reply` and closes, unless it `stays` until the
    client leaves; yields the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, 0), family=family)

    def serve() -> None:
        while True:
            try:
                accepted, _ = listener.accept()
            except OSError:
                return
            with accepted:
                try:
                    connection = context.wrap_socket(accepted, server_side=True) if context else accepted
                    with connection:
                        received = b""
                        while b"\r\n\r\n" not in received and not received.startswith(TLS_HELLO):
                            data = connection.recv(65536)
                            if not data:
                                break
                            received += data
                        else:
                            connection.sendall(reply)
                            while stays and connection.recv(65536):
                                pass
                except OSError:
                    # A client that does not trust us ends the connection.
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def get(base_url: str, network: Network | None = None) -> Response:
    client = TargetClient(
        base_url,
        guard=Guard(Ledger(), MARK, loopback=True, base_path=base_path(base_url)),
        limits=SendingLimits(CountingPacer(), deadline_s=5),
        redactor=Redactor(),
        network=network,
    )
    with closing(client):
        return client.send(Request("GET", GET, "users"))


def refusal(base_url: str, network: Network | None = None) -> str:
    with pytest.raises(Unreachable) as caught:
        get(base_url, network)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trusting(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Network:
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(file)
    return Network(Trust(ca_file=str(file), source="--ca-file", by_option=True))


def tls(authority: trustme.CA, name: str = "127.0.0.1", **details: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **details).configure_cert(context)
    return context


# TLS


def test_a_trusted_authority(authority: trustme.CA, trusting: Network) -> None:
    with serving(OK, context=tls(authority)) as port:
        assert get(f"https://127.0.0.1:{port}/api/v1", trusting).object == {"data": "here"}


def test_an_authority_that_is_not_trusted(authority: trustme.CA) -> None:
    with serving(OK, context=tls(authority)) as port:
        said = refusal(f"https://127.0.0.1:{port}")

    assert said.startswith(f"https://127.0.0.1:{port} presents a certificate that is not trusted (")
    assert "with --ca-file FILE (ROAMSPEC_CA_FILE)" in said
    assert "check the address" not in said


def test_the_wrong_authority_names_what_gave_it(trusting: Network) -> None:
    with serving(OK, context=tls(trustme.CA())) as port:
        assert ", judged by --ca-file); give the certificate" in refusal(
            f"https://127.0.0.1:{port}", trusting
        )


def test_a_certificate_of_another_host(authority: trustme.CA, trusting: Network) -> None:
    with serving(OK, context=tls(authority, "im.example.test")) as port:
        assert "presents a certificate of another host (" in refusal(f"https://127.0.0.1:{port}", trusting)


def test_a_certificate_that_has_ended(authority: trustme.CA, trusting: Network) -> None:
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    with serving(OK, context=tls(authority, not_after=ended)) as port:
        said = refusal(f"https://127.0.0.1:{port}", trusting)

    assert "presents a certificate that is not valid now (certificate has expired)" in said


def test_a_service_without_tls(trusting: Network) -> None:
    with serving(OK) as port:
        said = refusal(f"https://127.0.0.1:{port}", trusting)

    assert "does not speak TLS (" in said
    assert said.endswith("check whether the address begins with http://.")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_that_is_demanded(
    authority: trustme.CA, trusting: Network, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    context = tls(authority)
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    mine, strange = tmp_path / "mine.pem", tmp_path / "strange.pem"
    authority.issue_cert("me@example.test").private_key_and_cert_chain_pem.write_to_path(mine)
    trustme.CA().issue_cert("me@example.test").private_key_and_cert_chain_pem.write_to_path(strange)

    def showing(file: Path) -> Network:
        return replace(trusting, trust=replace(trusting.trust, client_cert=str(file)))

    with serving(OK, context=context) as port:
        url = f"https://127.0.0.1:{port}"
        assert get(url, showing(mine)).ok
        assert "--client-cert" in refusal(url, trusting)
        assert f"does not accept the client certificate {strange}" in refusal(url, showing(strange))


# Where a host is


def test_an_ipv6_address() -> None:
    if not has_ipv6():
        pytest.skip("this machine has no IPv6")
    with serving(OK, host="::1") as port:
        answer = get(f"http://[::1]:{port}/api")
        assert answer.ok
        assert answer.exchange.url == f"http://[::1]:{port}/api{GET}"


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Resolver:
    """Resolves one name to these addresses; keeps which of them were called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, addresses: Sequence[str]) -> None:
        self.called: list[str] = []
        connect = httpcore.SyncBackend.connect_tcp

        def counted(backend: httpcore.SyncBackend, host: str, *rest: Any, **named: Any) -> Any:
            self.called.append(host)
            return connect(backend, host, *rest, **named)

        usual = socket.getaddrinfo

        def resolve(host: str, port: int, *rest: Any, **named: Any) -> list[Any]:
            if host != "im.example.test":
                return list(usual(host, port, *rest, **named))
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", counted)
        monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_a_dead_first_address_is_passed_over_and_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(OK.replace(b"200 OK\r\n", b"200 OK\r\nConnection: close\r\n")) as port:
        resolver = Resolver(monkeypatch, ["127.9.9.9", "127.0.0.1"])
        client = TargetClient(
            f"http://im.example.test:{port}",
            guard=Guard(Ledger(), MARK, loopback=True),
            limits=SendingLimits(CountingPacer()),
            redactor=Redactor(),
        )
        with closing(client):
            assert client.send(Request("GET", GET, "users")).ok
            assert client.send(Request("GET", GET, "users")).ok

    assert resolver.called == ["127.9.9.9", "127.0.0.1", "127.0.0.1"]
    assert client.requests == 2


def test_a_host_whose_addresses_are_all_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(OK) as port:
        resolver = Resolver(monkeypatch, ["127.9.9.9", "127.9.9.8"])
        said = refusal(f"http://im.example.test:{port}")

    assert "cannot be reached (ConnectError: [Errno 111] Connection refused); check the address" in said
    assert resolver.called == ["127.9.9.9", "127.9.9.8"]


# How a response is written


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.0 200 OK\r\nContent-Length: 15\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + BODY + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(BODY),
        b"HTTP/1.1 200\r\nContent-Length: 15\r\n\r\n" + BODY,
    ],
    ids=["http-1.0", "http-1.0-length", "chunked", "gzip", "no-reason"],
)
def test_every_form_of_an_answer_is_read(reply: bytes) -> None:
    with serving(reply) as port:
        answer = get(f"http://127.0.0.1:{port}")
    assert (answer.status, answer.object, answer.exchange.response_body) == (
        200,
        {"data": "here"},
        BODY.decode(),
    )


# Observers

READY = b"HTTP/1.1 200 OK\r\n\r\nevent: ready\ndata: {}\n\n"


def test_an_observer_behind_a_private_authority(authority: trustme.CA, trusting: Network) -> None:
    key = AppKey("acme", "parlor")
    with serving(READY, context=tls(authority), stays=True) as port:
        url = f"https://127.0.0.1:{port}/api/v1/observer"
        device = Device.connect(url, key, "u1", "d1", network=trusting)
        device.close()
        with pytest.raises(
            SetupFailed, match=f"the observer {url} presents a certificate that is not trusted"
        ):
            Device.connect(url, key, "u1", "d1")
