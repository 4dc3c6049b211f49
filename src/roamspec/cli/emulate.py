"""`roamspec emulate`: the emulator alone."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from roamspec.appkey import AppKey
from roamspec.cli.parser import Parser
from roamspec.emulator import options
from roamspec.errors import UsageError

DESCRIPTION = """\
Serves the five deletions and the API around them, until it is stopped
(Ctrl-C or SIGTERM). Prints one line of JSON with its addresses, apps and
credentials, and on standard error the address of its window for a browser
(/_emulator/ui)."""


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
    chosen = replace(options.options_from(arguments), announce_ui=True)
    return serve(chosen, FaultExtension(chosen.fault_files), _judge_calls)


def _judge_calls(entries: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Loaded with the first call that the window shows."""
    from roamspec.sdk.exchange_verdict import judge_entries

    return judge_entries(entries)
