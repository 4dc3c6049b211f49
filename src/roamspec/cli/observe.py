"""`roamspec observe`: a run whose online devices a command of yours watches."""

import argparse

from roamspec.cli import run
from roamspec.cli.parser import Parser, environment
from roamspec.cli.target_options import resolve_target
from roamspec.config.target_config import TargetConfig
from roamspec.errors import UsageError
from roamspec.interruption import terminated_as_interrupted
from roamspec.session.observer_command import observing

DESCRIPTION = """\
Runs the conformance checks as `roamspec run` does, with online devices observed
by a command, which is started first and stopped at the end. It reads the target
from ROAMSPEC_BASE_URL, ROAMSPEC_ORG and ROAMSPEC_APP, the credentials from the
same variables as this command, and prints one line:
{"observer_url": "http://..."}.

exit status: as for `roamspec run`; 3 when the command prints no address"""


def add_arguments(parser: Parser) -> None:
    run.add_arguments(parser)
    parser.hands_on = "command"


def execute(arguments: argparse.Namespace) -> int:
    command = arguments.command
    arguments.pytest_arguments = ()
    if not command:
        raise UsageError("observe: give the command after --, as in: roamspec observe -- node observer.mjs.")
    config = resolve_target(arguments, writes=not arguments.dry_run)
    if config.observer_url is not None:
        raise UsageError(
            "observe: --observer-url already gives an observer; leave it out, or use `roamspec run`."
        )
    if config.embedded:
        raise UsageError(
            "observe: the embedded emulator has an observer of its own; give a service with --base-url."
        )
    if arguments.dry_run:
        return run.execute(arguments)
    with terminated_as_interrupted(), observing(command, _surroundings(config)) as address:
        arguments.observer_url = address
        return run.execute(arguments)


def _surroundings(config: TargetConfig) -> dict[str, str]:
    known = {"ROAMSPEC_BASE_URL": config.base_url or ""}
    if config.main is not None:
        known |= {"ROAMSPEC_ORG": config.main.key.org, "ROAMSPEC_APP": config.main.key.app}
    if config.neighbour is not None:
        known["ROAMSPEC_NEIGHBOUR_APP"] = config.neighbour.key.path
    return environment() | known
