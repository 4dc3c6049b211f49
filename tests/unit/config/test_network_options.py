"""Certificates and proxies from options and environment, and the one sentence for what cannot be used."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from roamspec.config.target_config import TargetConfig, resolve
from roamspec.errors import ConfigurationError
from roamspec.runner.settings import RunSettings, effort_of

SECRETS = {"ROAMSPEC_CLIENT_ID": "the-id", "ROAMSPEC_CLIENT_SECRET": "the-secret"}
CLIENT_NAME = "client@example.test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`ca.pem`, `client.pem` with key and certificate, `cert.pem` and `key.pem` with one of them each."""
    made = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    client = authority.issue_cert(CLIENT_NAME)
    authority.cert_pem.write_to_path(made / "ca.pem")
    client.private_key_and_cert_chain_pem.write_to_path(made / "client.pem")
    client.cert_chain_pems[0].write_to_path(made / "cert.pem")
    client.private_key_pem.write_to_path(made / "key.pem")
    (made / "empty.pem").touch()
    (made / "no.pem").write_text("no certificate\n", encoding="utf-8")
    return made


@pytest.fixture(autouse=True)
def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def service(url: str = "https://127.0.0.1:1", *, options: Any = None, **environ: str) -> TargetConfig:
    given = {"base_url": url, "org": "acme", "app": "parlor", **(options or {})}
    return resolve(given, SECRETS | environ, None)


def refusal(url: str = "https://127.0.0.1:1", *, options: Any = None, **environ: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        service(url, options=options, **environ)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def subjects(config: TargetConfig) -> int:
    return len(config.network.trust.context.get_ca_certs())


# Whom to trust


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_the_variables_of_other_tools_replace_the_usual_authorities(variable: str) -> None:
    config = service(**{variable: "ca.pem"})

    assert config.network.trust.source == variable
    assert subjects(config) == 1


def test_without_any_the_usual_authorities_are_trusted() -> None:
    assert subjects(service()) > 50


@pytest.mark.parametrize("variable", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
def test_a_folder_of_authorities(folder: Path, variable: str) -> None:
    trust = service(**{variable: str(folder)}).network.trust

    assert (trust.ca_file, trust.ca_folder, trust.source) == (None, str(folder), variable)


def test_the_option_wins_over_the_variables() -> None:
    config = service(options={"ca_file": "ca.pem"}, SSL_CERT_FILE="missing.pem", REQUESTS_CA_BUNDLE="no.pem")

    assert config.network.trust.ca_file == "ca.pem"
    assert config.network.trust.ca_folder is None
    assert subjects(config) == 1


def test_openssl_s_variables_win_over_that_of_requests() -> None:
    trust = service(SSL_CERT_FILE="ca.pem", REQUESTS_CA_BUNDLE="missing.pem").network.trust
    assert (trust.ca_file, trust.source) == ("ca.pem", "SSL_CERT_FILE")


@pytest.mark.parametrize(
    ("url", "environ"),
    [
        ("http://127.0.0.1:1", {"SSL_CERT_FILE": "missing.pem"}),
        ("http://127.0.0.1:1", {"HTTP_PROXY": "socks5://127.0.0.1:1"}),
        ("https://127.0.0.1:1", {"HTTPS_PROXY": "socks5://127.0.0.1:1"}),
    ],
)
def test_what_is_not_needed_need_not_be_right(url: str, environ: dict[str, str]) -> None:
    service(url, **environ)


@pytest.mark.parametrize(
    ("options", "environ", "said"),
    [
        (
            {"ca_file": "missing.pem"},
            {},
            "--ca-file: missing.pem cannot be read (No such file",
        ),
        ({"ca_file": "."}, {}, "--ca-file: . cannot be read (Is a directory)."),
        ({"ca_file": "empty.pem"}, {}, "--ca-file: no certificates in PEM form can be read from empty.pem"),
        ({"ca_file": "no.pem"}, {}, "--ca-file: no certificates in PEM form can be read from no.pem"),
        ({}, {"ROAMSPEC_CA_FILE": "missing.pem"}, "ROAMSPEC_CA_FILE: missing.pem cannot be read"),
        ({}, {"SSL_CERT_FILE": "missing.pem"}, "SSL_CERT_FILE: no certificates in PEM form can be read"),
        ({}, {"REQUESTS_CA_BUNDLE": "no.pem"}, "REQUESTS_CA_BUNDLE: no certificates in PEM form can be read"),
        ({}, {"SSL_CERT_DIR": "missing"}, "SSL_CERT_DIR: no certificates in PEM form can be read"),
        ({"client_key": "key.pem"}, {}, "--client-key needs its certificate; give --client-cert FILE."),
        ({"client_cert": "cert.pem"}, {}, "--client-cert: no certificate with its key"),
        ({"client_cert": "no.pem"}, {}, "--client-cert: no certificate with its key"),
        ({"client_cert": "missing.pem"}, {}, "--client-cert: missing.pem cannot be read"),
        (
            {"client_cert": "ca.pem", "client_key": "key.pem"},
            {},
            "--client-cert and --client-key: no certificate with its key in PEM form was found "
            "(KEY_VALUES_MISMATCH)",
        ),
    ],
)
def test_what_cannot_be_used(options: Any, environ: dict[str, str], said: str) -> None:
    assert refusal(options=options, **environ).startswith(said)


def test_a_wrong_file_is_reported_without_a_service_too() -> None:
    with pytest.raises(ConfigurationError, match=r"--ca-file: missing\.pem cannot be read"):
        resolve({"ca_file": "missing.pem"}, {}, None)


# Who we are


@pytest.mark.parametrize(
    "options",
    [{"client_cert": "client.pem"}, {"client_cert": "cert.pem", "client_key": "key.pem"}],
)
def test_a_client_certificate(options: Any) -> None:
    trust = service(options=options).network.trust
    assert (trust.client_cert, trust.client_key) == (options["client_cert"], options.get("client_key"))
    assert trust.context


def test_an_encrypted_key_needs_its_password(folder: Path) -> None:
    key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    Path("locked.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"open sesame"),
        )
    )
    options = {"client_cert": "cert.pem", "client_key": "locked.pem"}

    assert "the password of an encrypted one in ROAMSPEC_CLIENT_KEY_PASSWORD" in refusal(options=options)
    config = service(options=options, ROAMSPEC_CLIENT_KEY_PASSWORD="open sesame")
    assert config.network.trust.context
    assert "open sesame" not in repr(config)


# Proxies


def test_the_password_of_a_proxy_is_shown_nowhere() -> None:
    config = service("http://127.0.0.1:1", HTTPS_PROXY="http://me:p%40ssword@proxy.test:3128")

    assert "ssword" not in repr(config)
    assert {"me:p%40ssword", "me:p@ssword", "bWU6cEBzc3dvcmQ="} <= set(config.secrets)


def test_a_variable_that_names_no_proxy_is_reported_without_its_value() -> None:
    options = {"confirm_app": ["acme/parlor"]}
    said = refusal("https://im.example.test", options=options, HTTPS_PROXY="socks5://me:hidden@proxy.test")

    assert said == (
        "HTTPS_PROXY does not contain the address of an HTTP proxy; write it as http://HOST:PORT, or give "
        "--ignore-proxy (ROAMSPEC_IGNORE_PROXY) to call without one."
    )
    ignored = {**options, "ignore_proxy": True}
    service("https://im.example.test", options=ignored, HTTPS_PROXY="socks5://me:hidden@proxy.test")


# Handed on


def test_workers_get_the_same() -> None:
    config = service(
        options={"ca_file": "ca.pem", "client_cert": "client.pem"}, HTTPS_PROXY="http://me:pw@proxy.test"
    )
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301


def test_the_line_that_runs_a_finding_again_has_the_options() -> None:
    options = {"ca_file": "ca.pem", "client_cert": "cert.pem", "client_key": "key.pem", "ignore_proxy": True}

    command = effort_of(RunSettings(service(options=options)), {}).command

    assert command[-7:] == (
        "--ca-file", "ca.pem", "--client-cert", "cert.pem", "--client-key", "key.pem", "--ignore-proxy",
    )  # fmt: skip
    by_variable = effort_of(RunSettings(service(SSL_CERT_FILE="ca.pem")), {}).command
    assert "--ca-file" not in by_variable
