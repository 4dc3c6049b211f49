"""The target options, as every command that sends to a target takes them."""

import argparse
from pathlib import Path

from roamspec.cli.parser import Parser, environment
from roamspec.config.network_options import resolve_network
from roamspec.config.options import OPTIONS, RUN_OPTIONS, OptionSources, TargetOption
from roamspec.config.target_config import TargetConfig, resolve
from roamspec.config.toml_file import FILE_NAME
from roamspec.transport.network_settings import Network

_NETWORK = ("ca-file", "client-cert", "client-key", "ignore-proxy")

CREDENTIALS_HELP = (
    "Credentials are only read from the environment: ROAMSPEC_CLIENT_ID and\n"
    "ROAMSPEC_CLIENT_SECRET, or ROAMSPEC_APP_TOKEN; for the two further apps\n"
    "ROAMSPEC_NEIGHBOUR_... and ROAMSPEC_CLOSED_..., or the same credentials."
)


def add_target_options(parser: Parser) -> None:
    """Add every option of a target, one for each that `config.options` knows."""
    group = parser.add_argument_group(
        "target",
        f"Each option is also a variable (ROAMSPEC_BASE_URL, ...) and a key in\n{FILE_NAME}.\n"
        f"{CREDENTIALS_HELP}",
    )
    for option in OPTIONS.values():
        _add(group, option)


def _add(group: argparse._ActionsContainer, option: TargetOption) -> None:
    name = f"--{option.name}"
    if option.kind == "flag":
        group.add_argument(name, action="store_true", help=option.help)
    elif option.kind == "texts":
        group.add_argument(name, action="append", default=[], metavar=option.metavar, help=option.help)
    else:
        group.add_argument(name, metavar=option.metavar, help=option.help)


def add_network_options(parser: Parser) -> None:
    """How to reach an address that is no target of a run: certificates and proxies."""
    for name in _NETWORK:
        _add(parser, OPTIONS[name])


def resolve_network_to(url: str, arguments: argparse.Namespace) -> Network:
    """How to reach `url`, from these options and the environment; ConfigurationError for what cannot be."""
    # A ready file in the environment belongs to a run.
    ready_file = OPTIONS["ready-file"].variable
    environ = {name: value for name, value in environment().items() if name != ready_file}
    given = {OPTIONS[name].attribute: getattr(arguments, OPTIONS[name].attribute) for name in _NETWORK}
    return resolve_network(OptionSources(given, environ, None), environ, [url])


def add_shard_options(parser: Parser) -> None:
    """Add the options of a run on many machines."""
    group = parser.add_argument_group(
        "many machines", f"Each option is also a variable (ROAMSPEC_SHARD, ...) and a key in\n{FILE_NAME}."
    )
    for option in RUN_OPTIONS.values():
        group.add_argument(f"--{option.name}", metavar=option.metavar, help=option.help)


def resolve_target(arguments: argparse.Namespace, *, writes: bool = True) -> TargetConfig:
    """From the parsed options, the environment, and `roamspec.toml` in the current folder if there is one.

    What only looks, and does not write to the target, needs no confirmation.
    """
    return resolve(vars(arguments), environment(), toml_file(), writes=writes)


def toml_file() -> Path | None:
    """`roamspec.toml` in the current folder, if there is one."""
    file = Path(FILE_NAME)
    return file if file.exists() else None
