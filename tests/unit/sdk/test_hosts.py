"""Addresses that a command elsewhere can use."""

import socket

import pytest

from roamspec.errors import UsageError
from roamspec.sdk import hosts
from roamspec.sdk.command_env import environment
from roamspec.sdk.hosts import EVERYWHERE, check_host, own_address, reachable, warning

READY = {
    "base_url": "http://127.0.0.1:8000",
    "ws_url": "ws://127.0.0.1:8000/websocket",
    "observer_url": "http://127.0.0.1:8000/_emulator/observer",
    "control_url": "http://127.0.0.1:8000/_emulator",
    "org": "acme",
}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "172.17.0.1"])
def test_one_address_is_handed_out_as_it_is(host: str) -> None:
    assert reachable(READY, host) == READY


@pytest.mark.parametrize(("address", "place"), [("192.0.2.7", "192.0.2.7"), ("2001:db8::7", "[2001:db8::7]")])
def test_all_addresses_become_the_one_by_which_others_reach_us(
    address: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "own_address", lambda _family: address)
    assert reachable(READY, EVERYWHERE) == {
        "base_url": f"http://{place}:8000",
        "ws_url": f"ws://{place}:8000/websocket",
        "observer_url": f"http://{place}:8000/_emulator/observer",
        "control_url": f"http://{place}:8000/_emulator",
        "org": "acme",
    }


def test_a_machine_without_a_network_has_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert own_address(socket.AF_INET6) == "127.0.0.1"


@pytest.mark.parametrize("host", ["203.0.113.9", "no.such.host.invalid", "a" * 300])
def test_where_nothing_can_listen_is_said(host: str) -> None:
    with pytest.raises(UsageError, match="--host: nothing can listen on"):
        check_host(host)


def test_a_host_of_this_machine_is_accepted() -> None:
    check_host("127.0.0.1")
    check_host(EVERYWHERE)


@pytest.mark.parametrize(
    ("host", "says"), [("127.0.0.1", False), ("::1", False), ("localhost", False), (EVERYWHERE, True)]
)
def test_who_can_be_reached_is_warned(host: str, says: bool) -> None:
    assert bool(warning(host)) == says


@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_stands_before_the_emulator_wherever_it_listens(name: str) -> None:
    told = environment({name: "a.invalid"}, {"base_url": "http://192.0.2.7:8000"})
    assert told[name].split(",") == ["a.invalid", "127.0.0.1", "localhost", "::1", "192.0.2.7"]
