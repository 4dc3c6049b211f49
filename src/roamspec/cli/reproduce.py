"""`roamspec reproduce`: shows one failure of a report again, or writes it as a shell script."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from roamspec.cli import run
from roamspec.cli.conclusion import conclude
from roamspec.cli.language import texts
from roamspec.cli.output import complain, say, say_text
from roamspec.cli.parser import Parser
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import add_timeout_option
from roamspec.cli.run_command import run_to_end
from roamspec.cli.target_options import add_target_options
from roamspec.config.options import OPTIONS
from roamspec.contract.load import load_contract
from roamspec.contract.revisions import catalogue_at
from roamspec.errors import TargetError, UsageError
from roamspec.report.exchange_text import shown
from roamspec.report.reading import read_report
from roamspec.report.recorded_finding import Finding, finding
from roamspec.report.shell_script import script_of
from roamspec.results.aggregate import Aggregate

DESCRIPTION = """\
Repeats the failed check with new users and messages, and prints each request
and response. The target is that of the report, unless options give another one.
With --script it prints a shell script that does the same with curl and jq, and
sends nothing.

exit status:
  0  the requirement no longer fails (or the script was written)
  1  it still fails
  2  usage error, or the failure cannot be written as a script
  3  the target could not be tested
  4  roamspec itself failed, or was cut short"""

_OF_THE_TARGET: Final = ("--base-url", "--org", "--app", "--neighbour-app", "--closed-app", "--observer-url")


def add_arguments(parser: Parser) -> None:
    parser.add_argument("report", type=Path, metavar="REPORT", help="the report.json of a run, or its folder")
    parser.add_argument("requirement", metavar="REQUIREMENT", help="the ID of a requirement that failed")
    parser.add_argument(
        "--script", action="store_true", help="print a shell script that needs curl, jq and a token"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the users, groups and messages until `roamspec cleanup`"
    )
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/reproduce"),
        metavar="DIR",
        help="where the new report and the ledger go (default: reports/reproduce)",
    )
    add_timeout_option(parser)
    add_target_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    found = finding(read_report(arguments.report), arguments.requirement)
    if arguments.script:
        if arguments.keep:
            raise UsageError("--keep cannot be used with --script; set KEEP=1 for the script itself.")
        say(script_of(found))
        return 0
    return _again(found, arguments)


def _again(found: Finding, arguments: argparse.Namespace) -> int:
    if not found.run_again:
        kind = found.report["target"]["kind"]
        raise UsageError(f"The report is of {_KINDS.get(kind, kind)}, which cannot be called again.")
    options = _options(found, arguments)
    parser = Parser(prog="roamspec run", description="")
    run.add_arguments(parser)
    asked = parser.parse([*options, "--report-dir", str(arguments.report_dir)])
    asked.keep_failed = False
    settings = run.settings_of(asked)
    if arguments.keep and settings.config.embedded:
        raise UsageError(
            "--keep: the embedded emulator ends with this command, and what it holds with it; start "
            "`roamspec emulate` with the same faults, and give its --ready-file."
        )
    settings = replace(
        settings,
        checks=(found.check["id"],),
        keep="all" if arguments.keep else "nothing",
        workers=1,
        shard=None,  # a variable of a pipeline speaks of its run
    )
    contract = load_contract()
    files = ReportFiles.prepare(arguments.report_dir, None, secrets=settings.config.secrets)
    aggregate = Aggregate(catalogue_at(settings.revision, contract=contract), contract.sha256)
    problem = run_to_end(settings, aggregate, [], files, timeout_s=arguments.timeout)
    conclusion = conclude(aggregate.report(), files)
    for sentence in (problem, *conclusion.unwritten):
        if sentence:
            complain(sentence)
    return _publish(conclusion.report, found)


_KINDS: Final = {"cassette": "recordings", "sdk": "the calls of an SDK"}


def _options(found: Finding, arguments: argparse.Namespace) -> list[str]:
    """The options of the run, with those of this command in place of the same of the report."""
    given = list(_given(vars(arguments)))
    elsewhere = any(option in given for option in ("--base-url", "--ready-file"))
    replaced = {word for word in given if word.startswith("--")}
    if elsewhere:
        replaced |= {*_OF_THE_TARGET, "--fault"}
    return [*_without(found.command, replaced), *given]


def _given(options: dict[str, Any]) -> Sequence[str]:
    words: list[str] = []
    for option in OPTIONS.values():
        value = options.get(option.attribute)
        if value in (None, False, []):
            continue
        values = value if isinstance(value, list) else [value]
        for each in values:
            words += [f"--{option.name}"] if each is True else [f"--{option.name}", str(each)]
    return words


def _without(command: Sequence[str], replaced: set[str]) -> list[str]:
    """The words of a command line without these options and their values."""
    kept: list[str] = []
    skips = False
    for word in command:
        if word.startswith("--"):
            skips = word in replaced
        if not skips:
            kept.append(word)
    return kept


def _publish(report: dict[str, Any], found: Finding) -> int:
    item = next(one for one in report["requirements"] if one["id"] == found.requirement["id"])
    if report["ending"] != "complete":
        return int(report["exit_status"])
    for note in report["notes"]:
        sys.stderr.write(f"roamspec: {texts().sentence(note)}\n")
    say_text(shown(item, texts()))
    if item["verdict"] == "fail":
        return 1
    return 0 if item["verdict"] == "pass" else TargetError.exit_status
