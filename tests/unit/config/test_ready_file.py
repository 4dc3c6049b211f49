"""`--ready-file`: all addresses and credentials of a running emulator from the file that it writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from roamspec.config.required_capabilities import Asked
from roamspec.config.target_config import TargetConfig, resolve
from roamspec.errors import ConfigurationError

READY: dict[str, Any] = {
    "base_url": "http://127.0.0.1:7001",
    "ws_url": "ws://127.0.0.1:7001/websocket",
    "observer_url": "http://127.0.0.1:7001/_emulator/observer",
    "control_url": "http://127.0.0.1:7001/_emulator",
    "org": "acme",
    "app": "parlor",
    "neighbour_app": "acme/parlor-neighbour",
    "closed_app": "acme/parlor-closed",
    "client_id": "the-id",
    "client_secret": "the-secret",
    "pid": 7,
}
STALE = {
    "ROAMSPEC_CLIENT_ID": "stale",
    "ROAMSPEC_CLIENT_SECRET": "stale-secret",
    "ROAMSPEC_APP_TOKEN": "stale-token",
    "ROAMSPEC_CLOSED_APP_TOKEN": "stale-token",
    "ROAMSPEC_NEIGHBOUR_CLIENT_ID": "stale",
    "ROAMSPEC_NEIGHBOUR_CLIENT_SECRET": "stale-secret",
    "ROAMSPEC_BASE_URL": "https://im.example.com",
    "ROAMSPEC_OBSERVER_URL": "https://observer.example.com",
    "ROAMSPEC_ORG": "other",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ready.json"
    path.write_text(json.dumps(READY), encoding="utf-8")
    return path


def told(config: TargetConfig) -> tuple[Any, ...]:
    """Where everything is, and with what it is opened."""
    apps = [(str(app.key), app.credentials.client_id, app.credentials.secrets) for app in config.apps]
    return config.base_url, config.observer_url, apps


EXPECTED = (
    "http://127.0.0.1:7001",
    "http://127.0.0.1:7001/_emulator/observer",
    [(f"acme#parlor{suffix}", "the-id", ("the-secret",)) for suffix in ("", "-neighbour", "-closed")],
)


def test_everything_comes_from_the_file_whatever_the_environment_says(file: Path) -> None:
    assert told(resolve({"ready_file": str(file)}, STALE, None)) == EXPECTED


def test_the_variable_names_the_file_too(file: Path, tmp_path: Path) -> None:
    toml = tmp_path / "roamspec.toml"
    toml.write_text('base_url = "https://im.example.com"\n', encoding="utf-8")

    assert told(resolve({}, {**STALE, "ROAMSPEC_READY_FILE": str(file)}, toml)) == EXPECTED


def test_the_key_of_the_file_names_it_too(file: Path, tmp_path: Path) -> None:
    toml = tmp_path / "roamspec.toml"
    toml.write_text(f'ready_file = "{file}"\n', encoding="utf-8")

    assert told(resolve({}, {}, toml)) == EXPECTED


def test_the_command_line_may_say_more(file: Path) -> None:
    config = resolve({"ready_file": str(file), "app": "acme/another", "rate": "5"}, STALE, None)

    assert config.main is not None
    assert (str(config.main.key), config.main.credentials.client_id, config.rate) == (
        "acme#another",
        "the-id",
        5,
    )


def test_what_it_offers_is_asked_for(file: Path) -> None:
    config = resolve({"ready_file": str(file)}, {}, None)

    assert Asked("devices", f"--ready-file {file}: observer_url") in config.asked


def test_an_address_that_is_nearer_leaves_the_file_out(file: Path) -> None:
    options = {"base_url": "http://127.0.0.1:9", "app": "acme/parlor"}

    config = resolve(options, {**STALE, "ROAMSPEC_READY_FILE": str(file)}, None)

    assert config.base_url == "http://127.0.0.1:9"
    assert config.main is not None
    assert config.main.credentials.client_id == "stale"


def test_two_addresses_on_the_command_line(file: Path) -> None:
    options = {"base_url": "http://127.0.0.1:9", "ready_file": str(file)}
    with pytest.raises(ConfigurationError, match="and --ready-file"):
        resolve(options, {}, None)

    assert told(resolve({**options, "base_url": READY["base_url"]}, {}, None)) == EXPECTED


def test_another_machine_needs_confirmation_all_the_same(file: Path) -> None:
    file.write_text(json.dumps(READY | {"base_url": "http://emulator.example:80"}), encoding="utf-8")

    with pytest.raises(ConfigurationError, match="confirm with --confirm-app acme#parlor"):
        resolve({"ready_file": str(file)}, {}, None)


def test_further_apps_and_the_observer_may_be_missing(file: Path) -> None:
    few = {name: READY[name] for name in ("base_url", "org", "app", "client_id", "client_secret")}
    file.write_text(json.dumps(few), encoding="utf-8")

    assert told(resolve({"ready_file": str(file)}, {}, None)) == (EXPECTED[0], None, EXPECTED[2][:1])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "does not hold JSON"),
        ("[]", "does not say base_url, org, app, client_id, client_secret"),
        (json.dumps(READY | {"client_secret": 7}), "does not say client_secret"),
    ],
)
def test_what_is_no_ready_file_is_one_sentence(file: Path, text: str, reason: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        resolve({"ready_file": str(file)}, {}, None)

    assert str(caught.value).startswith(f"--ready-file: {file} {reason}")
    assert str(caught.value).endswith(".")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"ROAMSPEC_READY_FILE: .* cannot be read \(No such file"):
        resolve({}, {"ROAMSPEC_READY_FILE": str(tmp_path / "no.json")}, None)
