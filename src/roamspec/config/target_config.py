"""What a run may send to, resolved from the command line, the environment and `roamspec.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from roamspec.appkey import AppKey
from roamspec.config.addresses import base_address, is_loopback
from roamspec.config.credentials import Credentials, CredentialVariables
from roamspec.config.network_options import resolve_network
from roamspec.config.options import OPTIONS, OptionSources
from roamspec.config.required_capabilities import Asked, asked_for
from roamspec.errors import ConfigurationError
from roamspec.transport.network_settings import Network

__all__ = ["AppConfig", "Credentials", "TargetConfig", "is_loopback", "resolve"]


@dataclass(frozen=True, slots=True)
class AppConfig:
    """One app of the target and what opens it."""

    key: AppKey
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class TargetConfig:
    """Everything a person decided about the target.

    `base_url` has no slash at its end; None means the embedded emulator, and then the apps and the
    observer are None too. `rate` is in calls per second and operation, None for the default.
    `deadline` is in seconds for a whole response, None for the default.
    `confirmed` names the apps that may be written to although they are not on this machine.
    """

    base_url: str | None = None
    main: AppConfig | None = None
    neighbour: AppConfig | None = None
    closed: AppConfig | None = None
    observer_url: str | None = None
    rate: float | None = None
    deadline: float | None = None
    allow_burst: bool = False
    exclusive: bool = False
    confirmed: frozenset[AppKey] = frozenset()
    network: Network = field(default_factory=Network)
    asked: tuple[Asked, ...] = ()
    """What must work, because somebody asked for it."""

    @property
    def embedded(self) -> bool:
        """Whether the run starts its own emulator."""
        return self.base_url is None

    @property
    def loopback(self) -> bool:
        """Whether nothing but this machine is called."""
        return self.base_url is None or is_loopback(self.base_url)

    @property
    def apps(self) -> tuple[AppConfig, ...]:
        """Every app that the run may write to."""
        return tuple(app for app in (self.main, self.neighbour, self.closed) if app is not None)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not appear in anything roamspec writes."""
        of_apps = (secret for app in self.apps for secret in app.credentials.secrets)
        return tuple(dict.fromkeys((*of_apps, *self.network.proxies.secrets)))


def resolve(
    options: Mapping[str, Any], environ: Mapping[str, str], file: Path | None, *, writes: bool = True
) -> TargetConfig:
    """The configuration, or a ConfigurationError that names the option, variable or key at fault.

    `options` holds the command line's options by attribute name (`base_url`); what is absent, None, False
    or an empty list was not given. Whoever `writes` to anything but loopback needs a confirmation.
    """
    sources = OptionSources(options, environ, file)
    environ = sources.credentials
    rate, deadline = sources.number("rate"), sources.number("deadline")
    allow_burst = sources.flag("allow-burst")
    exclusive = sources.flag("exclusive")
    confirmed = frozenset(AppKey.parse(one.value, where=one.where) for one in sources.texts("confirm-app"))
    address = sources.text("base-url")
    if address is None:
        _refuse_without_address(sources)
        resolve_network(sources, environ, ())
        return TargetConfig(
            rate=rate,
            deadline=deadline,
            allow_burst=allow_burst,
            exclusive=exclusive,
            confirmed=confirmed,
            asked=asked_for(sources),
        )
    base_url = base_address(address.value, where=address.where)
    observer = sources.text("observer-url")
    observer_url = base_address(observer.value, where=observer.where) if observer else None
    main = _main_app(sources, environ, base_url)
    config = TargetConfig(
        base_url=base_url,
        main=main,
        neighbour=_further_app(sources, environ, "neighbour", main.credentials),
        closed=_further_app(sources, environ, "closed", main.credentials),
        observer_url=observer_url,
        rate=rate,
        deadline=deadline,
        allow_burst=allow_burst,
        exclusive=exclusive,
        confirmed=confirmed,
        network=resolve_network(sources, environ, [url for url in (base_url, observer_url) if url]),
        asked=asked_for(sources),
    )
    _refuse_same_apps(config)
    if writes:
        _refuse_unconfirmed(config)
    return config


def _refuse_without_address(sources: OptionSources) -> None:
    for name in ("org", "app", "neighbour-app", "closed-app", "observer-url"):
        given = sources.text(name)
        if given:
            raise ConfigurationError(
                f"{given.where} is for a running service; give --base-url ({OPTIONS['base-url'].variable}), "
                "or leave both out to test the embedded emulator."
            )


def _main_app(sources: OptionSources, environ: Mapping[str, str], base_url: str) -> AppConfig:
    org, app = sources.text("org"), sources.text("app")
    key: AppKey | None = None
    if app and any(separator in app.value for separator in "/#"):
        key = AppKey.parse(app.value, where=app.where)
        if org and org.rank <= app.rank and org.value != key.org:
            raise ConfigurationError(f"{org.where} says {org.value!r}, but {app.where} says {app.value!r}.")
    elif org and app:
        where = org.where if org.where == app.where else f"{org.where} and {app.where}"
        key = AppKey.parse(f"{org.value}/{app.value}", where=where)
    variables = CredentialVariables.of()
    credentials = variables.read(environ)
    if key and credentials:
        return AppConfig(key, credentials)
    missing = (
        []
        if key
        else [
            f"--{name} ({OPTIONS[name].variable})"
            for name, given in (("org", org), ("app", app))
            if not given
        ]
    )
    if not credentials:
        missing.append(str(variables))
    raise ConfigurationError(f"{base_url} cannot be tested yet; also give {'; '.join(missing)}.")


def _further_app(
    sources: OptionSources, environ: Mapping[str, str], name: str, main: Credentials
) -> AppConfig | None:
    given = sources.text(f"{name}-app")
    if given is None:
        return None
    key = AppKey.parse(given.value, where=given.where)
    variables = CredentialVariables.of(name)
    credentials = variables.read(environ) or main.for_another_app()
    if credentials is None:
        raise ConfigurationError(
            f"{given.where} needs credentials of its own, because an app token opens one app alone: "
            f"set {variables}."
        )
    return AppConfig(key, credentials)


def _refuse_same_apps(config: TargetConfig) -> None:
    named: dict[AppKey, str] = {}
    for role, app in (("main", config.main), ("neighbour", config.neighbour), ("closed", config.closed)):
        if app is not None:
            if app.key in named:
                raise ConfigurationError(
                    f"{app.key} is named both as the {named[app.key]} and as the {role} app; they must be "
                    "different apps."
                )
            named[app.key] = role


def _refuse_unconfirmed(config: TargetConfig) -> None:
    unconfirmed = [app.key for app in config.apps if app.key not in config.confirmed]
    if unconfirmed and not config.loopback:
        options = " ".join(f"--confirm-app {key}" for key in unconfirmed)
        raise ConfigurationError(
            f"{config.base_url} is not this machine, and the run writes to the apps named; confirm with "
            f"{options}."
        )
