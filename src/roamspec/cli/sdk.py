"""`roamspec sdk`: runs the command that tests an SDK, and judges the calls that it made."""

import argparse
from functools import partial
from typing import TYPE_CHECKING

from roamspec.cli.language import texts
from roamspec.cli.output import complain
from roamspec.cli.parser import Parser, whole_number
from roamspec.cli.report_options import add_acceptance_options, add_judging_options, add_report_options
from roamspec.interruption import terminated_as_interrupted
from roamspec.sdk.emulator_run import EmulatorRun
from roamspec.sdk.hosts import LOOPBACK, warning
from roamspec.seeds import SEED_MAX

if TYPE_CHECKING:
    from roamspec.cli.conclusion import Conclusion

DESCRIPTION = """\
Runs a command that tests an SDK against an emulator of its own, and judges the
calls that it made. The command finds addresses and credentials in variables
such as ROAMSPEC_BASE_URL, and in its arguments as placeholders: {base_url}.

exit status:
  0  the calls conform
  1  they do not, or the command failed, or coverage was too low
  2  usage error, or the command cannot be started
  3  no call arrived, or none that could be judged
  4  the command did not end in time, or the run was cut short"""

_TIMEOUT_S = 900


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--resilience",
        "--conduct",
        dest="conduct",
        action="store_true",
        help="also run the command with rate limits, server errors, expired tokens and lost responses",
    )
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        metavar="H",
        help="where the emulator listens, for a command in a container: an address, or 0.0.0.0 for all",
    )
    parser.add_argument(
        "--scenario",
        metavar="FILE",
        help="seed this JSON file first, or a built-in one: plain (the default) or awkward",
    )
    parser.add_argument(
        "--expect-refusals",
        action="append",
        default=[],
        metavar="PATTERN",
        help="calls that are expected to be rejected: a test, a target, an operation, operation:row",
    )
    parser.add_argument(
        "--min-coverage",
        action="append",
        default=[],
        metavar="[KIND=]PERCENT",
        help="end with 1 below this; KIND is operations, parameters, defaults or error-rows",
    )
    parser.add_argument(
        "--timeout",
        type=whole_number(1, 86_400),
        default=_TIMEOUT_S,
        metavar="S",
        help=f"seconds for each run of the command (default: {_TIMEOUT_S})",
    )
    add_judging_options(parser)
    add_acceptance_options(parser)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="assignments",
        metavar="NAME=VALUE",
        help="a setting of the emulator",
    )
    parser.add_argument(
        "--seed",
        type=whole_number(0, SEED_MAX),
        metavar="N",
        help="seed of the disturbances (default: random, printed)",
    )
    add_report_options(parser)
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND [ARG...]")


def execute(arguments: argparse.Namespace) -> int:
    """The emulator starts before anything else is read: it gets ready while the rest is."""
    conclusion: Conclusion | None = None
    with terminated_as_interrupted():
        try:
            with EmulatorRun(arguments.host) as stage:
                from roamspec.cli.sdk_session import execute_on

                if sentence := warning(arguments.host):
                    complain(sentence)

                conclusion = execute_on(stage, arguments)
        except BaseException:
            if conclusion is not None:
                conclusion.withdraw()
            raise
    from roamspec.sdk.console import blocks

    return conclusion.publish(more=partial(blocks, lang=texts().lang), color=arguments.color)
