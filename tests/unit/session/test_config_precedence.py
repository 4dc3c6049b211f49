"""Command line over environment over `roamspec.toml`, option by option."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from roamspec.appkey import AppKey
from roamspec.config.target_config import TargetConfig, resolve
from roamspec.errors import ConfigurationError

SECRETS = {"ROAMSPEC_CLIENT_ID": "the-id", "ROAMSPEC_CLIENT_SECRET": "the-secret"}
BASE = {"base_url": "http://127.0.0.1:1", "org": "acme", "app": "parlor"}

FILES = ("one.pem", "two.pem", "three.pem")
Read = Callable[[TargetConfig], Any]


def key_of(role: str) -> Read:
    return lambda config: str(getattr(config, role).key)


def keys(*written: str) -> frozenset[AppKey]:
    return frozenset(AppKey.parse(text, where="test") for text in written)


# option: (command line, variable, key of the file, how to read it, then what each of the three gives)
OPTIONS: dict[str, tuple[Any, str, str, Read, tuple[Any, Any, Any]]] = {
    "base-url": (
        "http://localhost:1", "http://localhost:2", '"http://localhost:3"',
        lambda config: config.base_url, ("http://localhost:1", "http://localhost:2", "http://localhost:3"),
    ),
    "org": ("o1", "o2", '"o3"', key_of("main"), ("o1#parlor", "o2#parlor", "o3#parlor")),
    "app": ("a1", "a2", '"a3"', key_of("main"), ("acme#a1", "acme#a2", "acme#a3")),
    "neighbour-app": ("n/1", "n/2", '"n/3"', key_of("neighbour"), ("n#1", "n#2", "n#3")),
    "closed-app": ("c/1", "c#2", '"c#3"', key_of("closed"), ("c#1", "c#2", "c#3")),
    "observer-url": (
        "http://localhost:1/x", "http://localhost:2/x", '"http://localhost:3/x/"',
        lambda config: config.observer_url,
        ("http://localhost:1/x", "http://localhost:2/x", "http://localhost:3/x"),
    ),
    "confirm-app": (
        ["a#1", "b#1"], "a#2, b/2 c#2", '["a#3", "b/3"]',
        lambda config: config.confirmed, (keys("a#1", "b#1"), keys("a#2", "b#2", "c#2"), keys("a#3", "b#3")),
    ),
    "ca-file": (
        "one.pem", "two.pem", '"three.pem"', lambda config: config.network.trust.ca_file, FILES,
    ),
    "client-cert": (
        "one.pem", "two.pem", '"three.pem"', lambda config: config.network.trust.client_cert, FILES,
    ),
    "ignore-proxy": (True, "on", "true", lambda config: config.network.ignores_proxies, (True, True, True)),
    "rate": ("1", "2.5", "3", lambda config: config.rate, (1.0, 2.5, 3.0)),
    "allow-burst": (True, "yes", "true", lambda config: config.allow_burst, (True, True, True)),
    "exclusive": (True, "1", "true", lambda config: config.exclusive, (True, True, True)),
}  # fmt: skip


@pytest.fixture(scope="module")
def certificates() -> bytes:
    """A key, its certificate, and that of the authority."""
    authority = trustme.CA()
    made = authority.issue_cert("client@example.test").private_key_and_cert_chain_pem
    return made.bytes() + authority.cert_pem.bytes()


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize(
    ("given", "winner"),
    [
        ("cef", "c"), ("ce", "c"), ("cf", "c"), ("ef", "e"), ("c", "c"), ("e", "e"), ("f", "f"),
    ],
)  # fmt: skip
def test_the_nearest_source_wins(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    certificates: bytes,
    option: str,
    given: str,
    winner: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        Path(name).write_bytes(certificates)
    line, variable, key, read, expected = OPTIONS[option]
    attribute = option.replace("-", "_")
    options: dict[str, Any] = {**BASE, attribute: line} if "c" in given else dict(BASE)
    if "c" not in given:
        options.pop(attribute, None)
    environ = {**SECRETS, **({f"ROAMSPEC_{attribute.upper()}": variable} if "e" in given else {})}
    file = tmp_path / "roamspec.toml"
    file.write_text(f"{option} = {key}\n" if "f" in given else "", encoding="utf-8")

    assert read(resolve(options, environ, file)) == expected["cef".index(winner)]


@pytest.mark.parametrize("option", ["allow-burst", "exclusive"])
@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", False),
        ("false", False),
        ("No", False),
        ("off", False),
        ("1", True),
        ("TRUE", True),
        ("on", True),
    ],
)
def test_a_flag_in_the_environment_overrules_the_file(
    tmp_path: Path, option: str, word: str, value: bool
) -> None:
    file = tmp_path / "roamspec.toml"
    file.write_text(f"{option} = {str(not value).lower()}\n", encoding="utf-8")
    attribute = option.replace("-", "_")

    config = resolve({attribute: False}, {f"ROAMSPEC_{attribute.upper()}": word}, file)

    assert getattr(config, attribute) is value


def test_an_empty_variable_counts_as_absent(tmp_path: Path) -> None:
    file = tmp_path / "roamspec.toml"
    file.write_text('neighbour-app = "acme/salon"\n', encoding="utf-8")

    config = resolve(BASE, {**SECRETS, "ROAMSPEC_NEIGHBOUR_APP": "", "ROAMSPEC_RATE": " "}, file)

    assert config.neighbour is not None
    assert config.rate is None


def test_a_whole_app_key_wins_over_an_org_from_further_away() -> None:
    options = {"base_url": "http://localhost:1", "app": "other/lounge"}

    config = resolve(options, {**SECRETS, "ROAMSPEC_ORG": "acme"}, None)

    assert config.main is not None
    assert config.main.key == AppKey("other", "lounge")


def test_underscores_will_do_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "roamspec.toml"
    file.write_text('base_url = "http://localhost:1"\norg = "acme"\napp = "parlor"\n', encoding="utf-8")

    assert resolve({}, SECRETS, file).base_url == "http://localhost:1"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('base-ulr = "x"', "the key 'base-ulr' is not known; did you mean 'base-url'?"),
        ('zzz = "x"', "the key 'zzz' is not known; choose from base-url, ready-file, org, app,"),
        ("[target]\nrate = 3", "the key 'target' is not known"),
        ('client-secret = "hunter22"', "'client-secret': credentials are only read from the environment"),
        ('neighbour_client_id = "hunter22"', "'neighbour_client_id': credentials are only read from"),
        ('app-token = "hunter22"', "'app-token': credentials are only read from"),
        ('rate = "3"', "rate: '3' is not valid; write a number."),
        ("rate = true", "rate: True is not valid; write a number."),
        ("rate = 0", "rate: 0 is not valid; give a number above 0."),
        ("exclusive = 1", "exclusive: 1 is not valid; write true or false."),
        ("org = 7", "org: 7 is not valid; write text in quotes."),
        ("confirm-app = [1]", "confirm-app: [1] is not valid; write a list of texts."),
        ('rate = 1\n"rate" = 2', " is not valid TOML: "),
        ("base-url = 1\nbase_url = 2", "the key 'base-url' is given twice"),
        ("rate = ", " is not valid TOML: "),
        ('base-url = "ftp://localhost"', "base-url: the scheme 'ftp'"),
        (b"org = '\xff'", "is not UTF-8 (byte 7)"),
    ],
)
def test_a_key_that_will_not_do_is_named_with_its_file(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    file = tmp_path / "roamspec.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(ConfigurationError) as caught:
        resolve({}, {}, file)

    text = str(caught.value)
    assert text.startswith(str(file))
    assert sentence in text
    assert "hunter22" not in text
    assert "\n" not in text


def test_a_flag_that_is_neither_yes_nor_no_is_rejected() -> None:
    with pytest.raises(ConfigurationError, match="ROAMSPEC_EXCLUSIVE: 'maybe' is neither yes nor no"):
        resolve({}, {"ROAMSPEC_EXCLUSIVE": "maybe"}, None)
