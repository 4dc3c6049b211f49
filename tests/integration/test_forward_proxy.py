"""Runs on a service that only a proxy reaches: observers go through it too, and no password is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from tests.integration.commands import Emulator, emulating, report_of, roamspec, selecting, verdicts
from tests.integration.gateway import PREFIX, ForwardProxy, forward_proxy, gateway, tls_of

HOST = "im.example.test"
PASSWORD = "p%40ss-of-the-proxy"
SOME = selecting(["delete-chat-messages.success.*", "delete-chat-messages.notify.true-tells-the-owner"])
"""The second one needs an observer."""


@dataclass(frozen=True, slots=True)
class Company:
    """A service whose name nobody but the proxy knows, and the options of a run on it."""

    proxy: ForwardProxy
    emulator: Emulator
    scheme: str
    authority: Path

    @property
    def options(self) -> list[str]:
        ready = self.emulator.ready
        base = f"{self.scheme}://{HOST}{PREFIX}"
        return [
            "--base-url", base, "--org", ready["org"], "--app", ready["app"],
            "--observer-url", ready["observer_url"].replace(ready["base_url"], base),
            "--confirm-app", f"{ready['org']}/{ready['app']}", "--ca-file", str(self.authority),
        ]  # fmt: skip

    def run(self, folder: Path, *options: str, **variables: str) -> tuple[int, str]:
        """The status, and everything that was printed or written."""
        none = dict.fromkeys(("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "")
        done = roamspec(
            folder,
            "run",
            "--profile",
            "quick",
            *self.options,
            *SOME,
            *options,
            **self.emulator.credentials,
            **none | variables,
        )
        files = [file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()]
        return done.status, "\n".join([done.out, done.err, *files])


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with emulating("--set", "rate_limits=off") as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["https", "http"])
def company(
    request: pytest.FixtureRequest, emulator: Emulator, authority: trustme.CA, tmp_path: Path
) -> Iterator[Company]:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    over_tls = request.param == "https"
    with (
        gateway(emulator.ready["base_url"], tls_of(authority, HOST) if over_tls else None) as address,
        forward_proxy(ForwardProxy("me:p@ss-of-the-proxy")) as proxy,
    ):
        place = urlsplit(address)
        assert place.hostname is not None
        assert place.port is not None
        proxy.places[f"{HOST}:443" if over_tls else HOST] = place.hostname, place.port
        yield Company(proxy, emulator, request.param, file)


def proxy_variable(company: Company, *, password: str = PASSWORD) -> dict[str, str]:
    address = urlsplit(company.proxy.url)
    value = f"http://me:{password}@{address.hostname}:{address.port}"
    return {f"{company.scheme.upper()}_PROXY": value}


def test_a_run_through_a_proxy(company: Company, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()

    status, said = company.run(folder, **proxy_variable(company))

    assert status == 0, said[:2000]
    judged = {v for v in verdicts(report_of(folder / "reports/latest")).values() if v != "not-run"}
    assert judged == {"pass"}
    method = "CONNECT" if company.scheme == "https" else "GET"
    assert any(asked.startswith(method) for asked in company.proxy.asked)
    if company.scheme == "http":
        assert any(asked.endswith("/events") for asked in company.proxy.asked)
    # A literal @ is what the encoded one stands for.
    assert not any(secret in said for secret in (PASSWORD, "p@ss-of-the-proxy"))


def test_a_proxy_that_rejects_is_named(company: Company, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()

    status, said = company.run(folder, **proxy_variable(company, password="wrong-password"))

    assert status == 3
    assert f"{company.scheme}://{HOST}{PREFIX} cannot be called: the proxy http://127.0.0.1" in said
    assert f"({company.scheme.upper()}_PROXY) lets no calls through (" in said
    assert "407" in said
    assert "wrong-password" not in said
