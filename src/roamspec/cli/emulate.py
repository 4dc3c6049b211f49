"""`roamspec emulate`: the emulator alone."""

import argparse

from roamspec.appkey import AppKey
from roamspec.cli.parser import Parser
from roamspec.emulator import options
from roamspec.errors import UsageError

DESCRIPTION = """\
Serves the five deletions and the API around them, until it is stopped
(Ctrl-C or SIGTERM). Prints one line of JSON with its addresses, apps and
credentials."""


def add_arguments(parser: Parser) -> None:
    options.add_arguments(parser)


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.emulator.server import serve
    from roamspec.faults.extension import FaultExtension

    if any(separator in arguments.app for separator in "/#"):
        key = AppKey.parse(arguments.app, where="--app")
        if arguments.org not in (options.DEFAULT_ORG, key.org):
            raise UsageError(f"--org says {arguments.org!r}, but --app says {arguments.app!r}.")
        arguments.org, arguments.app = key.org, key.app
    chosen = options.options_from(arguments)
    return serve(chosen, FaultExtension(chosen.fault_files))
