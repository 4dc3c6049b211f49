"""What a target configuration accepts, and the one sentence for what it does not."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from roamspec.appkey import AppKey
from roamspec.config.required_capabilities import Asked
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig, resolve
from roamspec.errors import ConfigurationError

LOCAL = "http://127.0.0.1:8080"
REMOTE = "https://im.example.com"
MAIN = AppKey("acme", "parlor")
SECRETS = {"ROAMSPEC_CLIENT_ID": "the-id", "ROAMSPEC_CLIENT_SECRET": "the-secret"}
SERVICE = {"base_url": LOCAL, "org": "acme", "app": "parlor"}

Change = Mapping[str, Any]


def service(options: Change | None = None, environ: Change | None = None) -> TargetConfig:
    """The configuration of a local service with some options and variables changed; None takes one away."""
    merged = {**SECRETS, **(environ or {})}
    return resolve({**SERVICE, **(options or {})}, {k: v for k, v in merged.items() if v is not None}, None)


def refusal(call: Callable[..., Any], *arguments: Any) -> str:
    """The sentence with which the call is rejected: one line that ends as a sentence does."""
    with pytest.raises(ConfigurationError) as caught:
        call(*arguments)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence[-1] in ".?"
    return sentence


def test_nothing_given_is_the_embedded_emulator() -> None:
    config = resolve({}, {}, None)

    assert config == TargetConfig()
    assert config.embedded
    assert config.loopback
    assert config.apps == ()


def test_credentials_in_the_environment_do_not_make_a_service() -> None:
    assert resolve({}, SECRETS, None) == TargetConfig()


def test_a_service_with_everything() -> None:
    config = service(
        {
            "neighbour_app": "acme/salon",
            "closed_app": "acme#cellar",
            "observer_url": "http://127.0.0.1:8080/_emulator/observer/",
            "rate": "12.5",
            "allow_burst": True,
            "exclusive": True,
            "confirm_app": ["acme#parlor", "acme/salon"],
        }
    )

    same = Credentials("the-id", "the-secret")
    assert config == TargetConfig(
        base_url=LOCAL,
        main=AppConfig(MAIN, same),
        neighbour=AppConfig(AppKey("acme", "salon"), same),
        closed=AppConfig(AppKey("acme", "cellar"), same),
        observer_url="http://127.0.0.1:8080/_emulator/observer",
        rate=12.5,
        allow_burst=True,
        exclusive=True,
        confirmed=frozenset({MAIN, AppKey("acme", "salon")}),
        asked=(
            Asked("neighbour-app", "--neighbour-app"),
            Asked("closed-app", "--closed-app"),
            Asked("devices", "--observer-url"),
        ),
    )
    assert [str(app.key) for app in config.apps] == ["acme#parlor", "acme#salon", "acme#cellar"]


def test_what_is_asked_for_is_named_after_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "roamspec.toml"
    file.write_text('closed_app = "acme/cellar"\n', encoding="utf-8")
    environ = {**SECRETS, "ROAMSPEC_OBSERVER_URL": LOCAL, "ROAMSPEC_REQUIRE": "lists"}

    config = resolve(SERVICE, environ, file)
    required = resolve({"require": ["devices", "import"]}, {"ROAMSPEC_REQUIRE": "lists"}, None)

    assert config.asked == (
        Asked("closed-app", f"{file}: closed-app"),
        Asked("devices", "ROAMSPEC_OBSERVER_URL"),
        Asked("lists", "ROAMSPEC_REQUIRE lists"),
    )
    assert required.asked == (Asked("devices", "--require devices"), Asked("import", "--require import"))


def test_an_unknown_capability_names_the_nearest() -> None:
    assert refusal(resolve, {"require": ["device"]}, {}, None) == (
        "--require: 'device' is not a capability; did you mean 'devices'?"
    )
    assert "choose from chatroom, closed-app, devices, import," in refusal(
        resolve, {}, {"ROAMSPEC_REQUIRE": "xyzzy"}, None
    )


@pytest.mark.parametrize("app", ["acme/parlor", "acme#parlor"])
def test_the_app_key_may_be_written_whole(app: str) -> None:
    config = resolve({"base_url": LOCAL, "app": app}, SECRETS, None)

    assert config.main is not None
    assert config.main.key == MAIN


def test_a_whole_app_key_that_contradicts_the_org_is_rejected() -> None:
    assert refusal(service, {"org": "other", "app": "acme/parlor"}) == (
        "--org says 'other', but --app says 'acme/parlor'."
    )


@pytest.mark.parametrize(
    ("options", "environ", "named"),
    [
        (
            {},
            {},
            ["--org (ROAMSPEC_ORG)", "--app (ROAMSPEC_APP)", "ROAMSPEC_CLIENT_ID", "ROAMSPEC_APP_TOKEN"],
        ),
        ({"org": "acme"}, SECRETS, ["--app (ROAMSPEC_APP)"]),
        ({"app": "parlor"}, SECRETS, ["--org (ROAMSPEC_ORG)"]),
        ({"org": "acme", "app": "parlor"}, {}, ["ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET"]),
    ],
)
def test_a_service_without_what_it_needs_names_what_is_missing(
    options: Change, environ: Mapping[str, str], named: list[str]
) -> None:
    sentence = refusal(resolve, {"base_url": LOCAL, **options}, environ, None)

    assert sentence.startswith(f"{LOCAL} cannot be tested yet; also give ")
    present = [part for part in ("--org", "--app", "CLIENT_ID") if part in sentence]
    assert present == [part for part in ("--org", "--app", "CLIENT_ID") if any(part in n for n in named)]
    assert all(name in sentence for name in named)


@pytest.mark.parametrize("name", ["org", "app", "neighbour_app", "closed_app", "observer_url"])
def test_an_option_of_a_service_without_its_address_is_rejected(name: str) -> None:
    option = "--" + name.replace("_", "-")

    assert refusal(resolve, {name: "x"}, {}, None).startswith(
        f"{option} is for a running service; give --base-url"
    )


def test_a_variable_of_a_service_without_its_address_is_rejected() -> None:
    assert refusal(resolve, {}, {"ROAMSPEC_ORG": "acme"}, None).startswith(
        "ROAMSPEC_ORG is for a running service"
    )


def test_an_empty_address_is_not_taken_for_the_emulator() -> None:
    assert refusal(resolve, {}, {"ROAMSPEC_BASE_URL": ""}, None).startswith("ROAMSPEC_BASE_URL: it is empty")


# Credentials


def test_an_app_token_is_enough() -> None:
    config = resolve(SERVICE, {"ROAMSPEC_APP_TOKEN": "YWMtToken"}, None)

    assert config.main == AppConfig(MAIN, Credentials(app_token="YWMtToken"))
    assert config.secrets == ("YWMtToken",)


def test_id_secret_and_token_may_all_be_given() -> None:
    config = service(environ={"ROAMSPEC_APP_TOKEN": "YWMtToken"})

    assert config.main == AppConfig(MAIN, Credentials("the-id", "the-secret", "YWMtToken"))


@pytest.mark.parametrize("role", ["neighbour", "closed"])
def test_a_further_app_may_have_credentials_of_its_own(role: str) -> None:
    prefix = f"ROAMSPEC_{role.upper()}"
    environ = {f"{prefix}_CLIENT_ID": "its-id", f"{prefix}_CLIENT_SECRET": "its-secret"}

    config = service({f"{role}_app": "acme/other"}, environ)

    assert getattr(config, role) == AppConfig(AppKey("acme", "other"), Credentials("its-id", "its-secret"))
    assert config.secrets == ("the-secret", "its-secret")


def test_a_further_app_never_gets_the_token_of_the_main_one() -> None:
    config = service({"neighbour_app": "acme/other"}, {"ROAMSPEC_APP_TOKEN": "YWMtToken"})

    assert config.neighbour == AppConfig(AppKey("acme", "other"), Credentials("the-id", "the-secret"))


def test_a_further_app_needs_credentials_when_the_main_one_has_a_token_alone() -> None:
    options = {**SERVICE, "closed_app": "acme/other"}

    sentence = refusal(resolve, options, {"ROAMSPEC_APP_TOKEN": "YWMtToken"}, None)

    assert sentence.startswith("--closed-app needs credentials of its own")
    assert "ROAMSPEC_CLOSED_CLIENT_ID and ROAMSPEC_CLOSED_CLIENT_SECRET" in sentence


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        ("ROAMSPEC_CLIENT_ID", "ROAMSPEC_CLIENT_SECRET"),
        ("ROAMSPEC_CLIENT_SECRET", "ROAMSPEC_CLIENT_ID"),
    ],
)
def test_half_of_a_pair_is_rejected(there: str, missing: str) -> None:
    sentence = refusal(service, None, {missing: None})

    assert sentence == f"{missing} is missing; {there} is set and needs it."


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("ROAMSPEC_CLIENT_SECRET", "hunter22\n", "white space"),
        ("ROAMSPEC_CLIENT_ID", " hunter22", "white space"),
        ("ROAMSPEC_APP_TOKEN", "hünter22", "plain ASCII"),
        ("ROAMSPEC_APP_TOKEN", "Bearer hunter22", "begins with 'Bearer '"),
    ],
)
def test_a_credential_that_cannot_be_sent_is_rejected_unshown(variable: str, value: str, reason: str) -> None:
    sentence = refusal(service, None, {variable: value})

    assert sentence.startswith(variable)
    assert reason in sentence
    assert "nter22" not in sentence


def test_secrets_are_never_shown() -> None:
    config = service({"neighbour_app": "a/b"}, {"ROAMSPEC_APP_TOKEN": "the-token"})

    for text in (repr(config), str(config), f"{config}", repr(config.main)):
        assert not re.search("the-(id|secret|token)", text)
    assert repr(Credentials("the-id", "the-secret")) == (
        "Credentials(client_id=<redacted:client-id>, client_secret=<redacted:client-secret>, app_token=None)"
    )


# Apps that may be written to


@pytest.mark.parametrize("written", ["acme#parlor", "acme/parlor"])
def test_another_machine_is_called_once_each_app_is_confirmed(written: str) -> None:
    config = service({"base_url": REMOTE, "confirm_app": [written]})

    assert config.confirmed == {MAIN}
    assert not config.loopback


@pytest.mark.parametrize(
    ("confirmed", "asked"),
    [
        ([], "--confirm-app acme#parlor --confirm-app acme#salon --confirm-app acme#cellar"),
        (["acme#parlor"], "--confirm-app acme#salon --confirm-app acme#cellar"),
        (["acme/cellar", "acme/parlor"], "--confirm-app acme#salon"),
        (["acme#Parlor", "acme#salon", "acme#cellar"], "--confirm-app acme#parlor"),
    ],
)
def test_another_machine_is_rejected_until_then(confirmed: list[str], asked: str) -> None:
    options = {"neighbour_app": "acme/salon", "closed_app": "acme/cellar", "confirm_app": confirmed}

    sentence = refusal(service, {"base_url": REMOTE, **options})

    assert sentence == (
        f"{REMOTE} is not this machine, and the run writes to the apps named; confirm with {asked}."
    )


@pytest.mark.parametrize(
    ("options", "roles"),
    [
        ({"neighbour_app": "acme#parlor"}, "the main and as the neighbour"),
        ({"closed_app": "acme#parlor"}, "the main and as the closed"),
        ({"neighbour_app": "acme/x", "closed_app": "acme#x"}, "the neighbour and as the closed"),
    ],
)
def test_one_app_in_two_roles_is_rejected(options: Change, roles: str) -> None:
    assert roles in refusal(service, options)


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"neighbour_app": "salon"}, "--neighbour-app: 'salon' is not an App Key"),
        ({"closed_app": "a/b/c"}, "--closed-app: 'a/b/c' is not an App Key"),
        ({"confirm_app": ["parlor"]}, "--confirm-app: 'parlor' is not an App Key"),
        ({"org": "ac me"}, "--org and --app: 'ac me/parlor' is not an App Key"),
        ({"app": ".."}, "--org and --app: 'acme/..' is not an App Key"),
        ({"rate": "0"}, "--rate: 0 is not valid"),
        ({"rate": "-3"}, "--rate: -3 is not valid"),
        ({"rate": "nan"}, "--rate: nan is not valid"),
        ({"rate": "inf"}, "--rate: inf is not valid"),
        ({"rate": "fast"}, "--rate: 'fast' is not a number"),
        ({"observer_url": "127.0.0.1:9"}, "--observer-url: there is no scheme"),
    ],
)
def test_a_value_that_will_not_do_is_named(options: Change, where: str) -> None:
    assert refusal(service, options).startswith(where)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("ROAMSPEC_BASEURL", "ROAMSPEC_BASE_URL"),
        ("ROAMSPEC_NEIGHBOR_APP", "ROAMSPEC_NEIGHBOUR_APP"),
        ("ROAMSPEC_CONFIRM_APPS", "ROAMSPEC_CONFIRM_APP"),
    ],
)
def test_a_misspelt_variable_is_not_overlooked(variable: str, meant: str) -> None:
    assert refusal(resolve, {}, {variable: "x"}, None) == f"{variable} is not known; did you mean {meant}?"


@pytest.mark.parametrize(
    "variable", ["ROAMSPEC_TOKEN", "ROAMSPEC_APP_KEY", "ROAMSPEC_WS_URL", "XROAMSPEC_BASEURL"]
)
def test_other_variables_are_left_alone(variable: str) -> None:
    assert resolve({}, {variable: "x"}, None) == TargetConfig()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert refusal(resolve, {}, {}, tmp_path).startswith(f"{tmp_path} cannot be read: Is a directory")


def test_credentials_know_where_they_come_from() -> None:
    options = {"neighbour_app": "acme/salon", "closed_app": "acme/cellar"}
    config = service(options, {"ROAMSPEC_NEIGHBOUR_CLIENT_ID": "i", "ROAMSPEC_NEIGHBOUR_CLIENT_SECRET": "s"})

    assert config.neighbour is not None
    assert config.closed is not None
    assert config.neighbour.credentials.variables[0] == "ROAMSPEC_NEIGHBOUR_CLIENT_ID"
    assert config.closed.credentials.variables[0] == "ROAMSPEC_CLIENT_ID"
