"""The names to which the control API answers."""

import pytest

from roamspec.emulator.hosts import OwnHosts

LOOPBACK = [
    "localhost",
    "LOCALHOST:8080",
    "localhost.",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.1.2.3",
    "[::1]:8080",
]
FOREIGN = [
    "evil.example",
    "evil.example:8080",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "",
    "[",
    "@",
]
LOCAL = ["192.168.1.5:80", "[fe80::1]", "emulator", "emulator:8080"]
NOT_PUBLIC = ["host.docker.internal", "e.svc.cluster.local"]


def answers(host: str, to: str) -> bool:
    return not OwnHosts.of(host).refusal({b"host": to.encode()})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "192.168.1.5", "0.0.0.0", "::"])  # noqa: S104
def test_loopback_is_always_answered_and_pages_never(host: str) -> None:
    assert [name for name in LOOPBACK if not answers(host, name)] == []
    assert [name for name in FOREIGN if answers(host, name)] == []


def test_what_host_names_is_answered() -> None:
    assert answers("emulator.example", "Emulator.Example:8080")
    assert answers("192.168.1.5", "192.168.1.5:8080")
    assert not answers("192.168.1.5", "192.168.1.6:8080")


@pytest.mark.parametrize("name", LOCAL)
def test_addresses_and_names_without_a_dot_are_answered_on_all_addresses(name: str) -> None:
    assert answers("0.0.0.0", name)  # noqa: S104
    assert answers("::", name)
    assert not answers("127.0.0.1", name)


@pytest.mark.parametrize("name", NOT_PUBLIC)
def test_names_that_nobody_can_own_are_always_answered(name: str) -> None:
    """A reverse proxy may pass them on to an emulator that listens on loopback."""
    assert answers("127.0.0.1", name)
    assert answers("::", name)


def test_a_page_of_another_origin_is_rejected() -> None:
    hosts = OwnHosts.of("127.0.0.1")
    own = {b"host": b"127.0.0.1:8080"}

    assert hosts.refusal(own | {b"origin": b"http://localhost:9876"}) == ""
    for origin in (b"https://evil.example", b"null"):
        assert "rejects pages of" in hosts.refusal(own | {b"origin": origin})


def test_who_names_no_host_is_no_browser() -> None:
    assert OwnHosts.of("127.0.0.1").refusal({}) == ""
