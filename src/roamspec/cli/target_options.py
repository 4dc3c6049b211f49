"""The target options, as every command that sends to a target takes them."""

import argparse
from pathlib import Path

from roamspec.cli.parser import Parser, environment
from roamspec.config.options import OPTIONS, RUN_OPTIONS
from roamspec.config.target_config import TargetConfig, resolve
from roamspec.config.toml_file import FILE_NAME

CREDENTIALS_HELP = (
    "Credentials are only read from the environment: ROAMSPEC_CLIENT_ID and\n"
    "ROAMSPEC_CLIENT_SECRET, or ROAMSPEC_APP_TOKEN; for the two further apps\n"
    "ROAMSPEC_NEIGHBOUR_... and ROAMSPEC_CLOSED_..., or the same credentials."
)


def add_target_options(parser: Parser) -> None:
    group = parser.add_argument_group(
        "target",
        f"Each option is also a variable (ROAMSPEC_BASE_URL, ...) and a key in\n{FILE_NAME}.\n"
        f"{CREDENTIALS_HELP}",
    )
    for option in OPTIONS.values():
        name = f"--{option.name}"
        if option.kind == "flag":
            group.add_argument(name, action="store_true", help=option.help)
        elif option.kind == "texts":
            group.add_argument(name, action="append", default=[], metavar=option.metavar, help=option.help)
        else:
            group.add_argument(name, metavar=option.metavar, help=option.help)


def add_shard_options(parser: Parser) -> None:
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
