"""What stands between a company's machines and a service: a gateway over TLS, and a forward proxy."""

import base64
import http.client
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import trustme

PREFIX = "/api/v1"
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever leaves early is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of a response in two small packets would wait for each other.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def pass_on(self, upstream: http.client.HTTPConnection, target: str) -> None:
        """Send the request to `upstream` for `target`, and its response back as it comes."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in _HOP_BY_HOP and not name.lower().startswith("proxy-"):
                upstream.putheader(name, value)
        upstream.endheaders(body or None)
        answer = upstream.getresponse()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while chunk := answer.read1(65536) if answer.chunked else answer.read():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk) if answer.chunked else chunk)
            self.wfile.flush()
        if answer.chunked:
            self.wfile.write(b"0\r\n\r\n")


@contextmanager
def _serving(handler: type[_Handler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server until the block ends."""
    server = _Server(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def tls_of(authority: trustme.CA, *names: str, demands: trustme.CA | None = None) -> ssl.SSLContext:
    """The context of a server with a certificate for these names, that may demand one of its clients."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
    if demands:
        demands.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@contextmanager
def gateway(upstream: str, context: ssl.SSLContext | None, *, prefix: str = PREFIX) -> Iterator[str]:
    """Serves what `upstream` serves below a path; yields the base URL."""
    host, port = urlsplit(upstream).hostname or "", urlsplit(upstream).port

    class Gateway(_Handler):
        def setup(self) -> None:
            super().setup()
            self.upstream = http.client.HTTPConnection(host, port)

        def finish(self) -> None:
            super().finish()
            self.upstream.close()

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            if not self.path.startswith(f"{prefix}/"):
                self.send_error(404)
                return
            self.pass_on(self.upstream, self.path.removeprefix(prefix))

    with _serving(Gateway, context) as listening:
        yield f"{'https' if context else 'http'}://127.0.0.1:{listening}{prefix}"


class ForwardProxy:
    """A forward proxy: whom it was asked for, and where it sends them, whatever their names resolve to."""

    def __init__(self, login: str | None = None) -> None:
        self.login = login
        self.asked: list[str] = []
        self.places: dict[str, tuple[str, int]] = {}
        """Host and port of an address, by what a client calls it."""
        self.url = ""

    def admits(self, headers: Any) -> bool:
        wanted = "Basic " + base64.b64encode((self.login or "").encode()).decode()
        return self.login is None or headers.get("Proxy-Authorization") == wanted


@contextmanager
def forward_proxy(proxy: ForwardProxy, context: ssl.SSLContext | None = None) -> Iterator[ForwardProxy]:
    class Forwarding(_Handler):
        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            self.close_connection = True
            proxy.asked.append(f"{self.command} {self.path.partition('?')[0]}")
            if not proxy.admits(self.headers):
                self.send_error(407)
            elif self.command == "CONNECT":
                self._tunnel()
            else:
                parts = urlsplit(self.path)
                host, port = proxy.places[parts.netloc]
                with closing(http.client.HTTPConnection(host, port)) as upstream:
                    self.pass_on(upstream, parts._replace(scheme="", netloc="").geturl())

        def _tunnel(self) -> None:
            with socket.create_connection(proxy.places[self.path]) as upstream:
                self.send_response_only(200)
                self.end_headers()
                ends = {self.connection: upstream, upstream: self.connection}
                while True:
                    for end in select.select(list(ends), [], [])[0]:
                        data = end.recv(65536)
                        if not data:
                            return
                        ends[end].sendall(data)

    with _serving(Forwarding, context) as port:
        login = f"{proxy.login}@" if proxy.login else ""
        proxy.url = f"{'https' if context else 'http'}://{login}127.0.0.1:{port}"
        yield proxy
