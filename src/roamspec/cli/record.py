"""`roamspec record`: writes recordings of a target."""

import argparse
import sys
from pathlib import Path

from roamspec.cli.language import texts
from roamspec.cli.output import complain, say, say_text
from roamspec.cli.parser import Parser
from roamspec.cli.report_options import add_timeout_option
from roamspec.cli.target_options import add_target_options, resolve_target
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.interruption import terminated_as_interrupted, time_limit
from roamspec.report.progress import Progress
from roamspec.report.terminal import Terminal
from roamspec.report.terminal_text import wrap
from roamspec.report.text import visible
from roamspec.results.aggregate import Aggregate

DESCRIPTION = """\
Runs the example-based checks against a target and writes one recording of each
that did not fail. A new recording replaces an old one only after its check
passed, was replayed once, and the secret scan found nothing.

exit status:
  0  everything was recorded
  1  at least one check failed, or could not be replayed: it was not recorded
  2  usage or configuration error; nothing was sent
  3  the target could not be tested
  4  the secret scan rejected a recording, or the suite itself failed"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--cassettes",
        type=Path,
        metavar="DIR",
        help="where recordings go (default: cassettes/emulator or cassettes/service)",
    )
    parser.add_argument(
        "--req",
        action="append",
        default=[],
        metavar="PATTERN",
        help="record only the checks of these: an ID (with * and ?, with or without its operation), an "
        "operation or a family",
    )
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/latest"),
        metavar="DIR",
        help="where the ledger of what is made on a service goes (default: reports/latest)",
    )
    add_timeout_option(parser)
    add_target_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    config = resolve_target(arguments)
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    from roamspec.recording.record import record
    from roamspec.recording.replay import selected_of
    from roamspec.runner.settings import RunSettings

    settings = RunSettings(
        config=config,
        requirements=selected_of(catalogue, arguments.req),
        report_dir=arguments.report_dir,
    )
    aggregate = Aggregate(catalogue, contract.sha256)
    progress = Progress(
        sys.stderr, Terminal.of(sys.stderr), failures=lambda: aggregate.failures, lang=texts().lang
    )
    with terminated_as_interrupted(), time_limit(arguments.timeout):
        result = record(settings, arguments.cassettes, [aggregate, progress])
    width = Terminal.of(sys.stdout).width
    counted = (
        f"{result.folder}: {len(result.written)} written, {len(result.unchanged)} as before, "
        f"{len(result.removed)} removed, {len(result.refused)} not recorded; {result.requests:,} requests\n"
    )
    say(texts().sentence(counted))
    for check, reason in result.refused.items():
        said = f"{check}: {texts().sentence(reason)}"
        say_text("\n".join(wrap(visible(said), width, first="  ", rest="    ")) + "\n")
    for note in dict.fromkeys(result.notes):
        said = visible(texts().sentence(note))
        say_text("\n".join(wrap(said, width, first=texts().gettext("Note: "))) + "\n")
    for secret in result.secrets:
        complain(secret)
    return result.exit_status
