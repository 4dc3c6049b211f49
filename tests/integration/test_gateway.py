"""Runs through a gateway: below a path, over TLS with a private authority, the verdicts are the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from tests.integration.commands import (
    Done,
    Emulator,
    created,
    emulating,
    report_of,
    roamspec,
    selecting,
    verdicts,
)
from tests.integration.gateway import gateway, tls_of

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.contract.load import load_contract
from roamspec.runner.cleanup import begin_ledger
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.session import open_session
from roamspec.transport.network_settings import Network
from roamspec.transport.trust import Trust
from roamspec.world.world import World


@dataclass(frozen=True, slots=True)
class Gateway:
    """An emulator, and the address below which a gateway serves it."""

    emulator: Emulator
    base_url: str
    authority: Path
    client: Path

    @property
    def options(self) -> list[str]:
        ready, direct = self.emulator.ready, self.emulator.ready["base_url"]
        observer = ready["observer_url"].replace(direct, self.base_url)
        words = self.emulator.options
        words[words.index("--base-url") + 1] = self.base_url
        words[words.index("--observer-url") + 1] = observer
        return words

    @property
    def variables(self) -> dict[str, str]:
        """Credentials and certificates, as the environment holds them."""
        files = {"ROAMSPEC_CA_FILE": str(self.authority), "ROAMSPEC_CLIENT_CERT": str(self.client)}
        return self.emulator.credentials | files


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with emulating("--set", "rate_limits=off") as running:
        yield running


@pytest.fixture(scope="module")
def through(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway that demands a certificate of its clients."""
    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert("a-client@example.test").private_key_and_cert_chain_pem.write_to_path(
        folder / "client.pem"
    )
    with gateway(emulator.ready["base_url"], tls_of(authority, demands=authority)) as base_url:
        yield Gateway(emulator, base_url, folder / "authority.pem", folder / "client.pem")


def standing(emulator: Emulator) -> set[tuple[str, str]]:
    """What runs have made and not removed."""
    token = _token(emulator)
    found = set()
    for path, name in created(emulator):
        place = path.removeprefix(f"/{emulator.ready['org']}/{emulator.ready['app']}")
        if place != path and emulator.call("GET", f"{place}/{name}", token=token).status_code == 200:
            found.add((place, name))
    return found


def _token(emulator: Emulator) -> str:
    ready = emulator.ready
    pair = {"client_id": ready["client_id"], "client_secret": ready["client_secret"]}
    answer = emulator.call("POST", "/token", {"grant_type": "client_credentials", **pair})
    return str(answer.json()["access_token"])


def test_the_whole_suite_gives_the_same_verdicts(through: Gateway, tmp_path: Path) -> None:
    emulator = through.emulator
    certificates = ["--ca-file", str(through.authority), "--client-cert", str(through.client)]

    def run(name: str, *options: str) -> dict[str, Any]:
        done = roamspec(
            tmp_path, "run", "--profile", "quick", "--seed", "7", "--report-dir", name, *options,
            **emulator.credentials,
        )  # fmt: skip
        assert done.status == 0, done.out + done.err
        return report_of(tmp_path / name)

    with ThreadPoolExecutor(2) as pool:
        direct = pool.submit(run, "direct", *emulator.options)
        behind = pool.submit(run, "behind", *through.options, *certificates)
        one, other = direct.result(), behind.result()

    assert verdicts(other) == verdicts(one)
    assert other["totals"] == one["totals"]
    assert other["target"]["base_url"] == through.base_url
    assert set(verdicts(other).values()) <= {"pass", "not-run"}
    assert standing(emulator) == set()
    assert not list(tmp_path.glob("*/ledger*"))
    run_again = {entry["run_again"] for entry in other["requirements"] if "run_again" in entry}
    assert all(through.base_url in words for words in run_again)


def test_what_a_killed_run_left_is_removed_through_the_gateway(through: Gateway, tmp_path: Path) -> None:
    emulator, ready = through.emulator, through.emulator.ready
    credentials = Credentials(ready["client_id"], ready["client_secret"])
    config = TargetConfig(
        base_url=through.base_url,
        main=AppConfig(AppKey(ready["org"], ready["app"]), credentials),
        network=Network(Trust(ca_file=str(through.authority), client_cert=str(through.client))),
    )
    names = NameSource()
    ledger = begin_ledger(tmp_path / "reports/latest", names, config, embedded=False)
    session = open_session(
        config, load_contract(), identity=RunIdentity(names, ledger), limits=RequestLimits.at_rate(0)
    )
    world = World(session)
    one, two = world.users(2)
    world.group(one, two)
    world.room(one, two)
    session.close()
    assert {path for path, _ in standing(emulator)} == {"/users", "/chatgroups", "/chatrooms"}

    done = roamspec(tmp_path, "cleanup", *through.options, **through.variables)

    assert done.status == 0, done.out + done.err
    assert "nothing is left" in done.out
    assert standing(emulator) == set()


def test_recordings_are_made_and_compared_through_the_gateway(through: Gateway, tmp_path: Path) -> None:
    def call(command: str, *options: str) -> Done:
        done = roamspec(tmp_path, command, *options, **through.variables)
        assert done.status == 0, done.out + done.err
        return done

    some = selecting(["clear-user.success.*", "delete-chat-messages.notify.true-tells-the-owner"])
    recorded = call("record", "--cassettes", "made", *some, *through.options)
    assert standing(through.emulator) == set()
    replayed = call("replay", "made", *some)
    compared = call("parity", "made", *through.options)

    assert ", 0 not recorded" in recorded.out
    assert "CONFORMING" in replayed.out
    assert "0 different" in compared.out
