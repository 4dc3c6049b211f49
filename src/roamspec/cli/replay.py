"""`roamspec replay`: judges recordings without any network."""

import argparse
from pathlib import Path

from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.event_file import EventFile
from roamspec.cli.parser import Parser, whole_number
from roamspec.cli.progress_line import progress_line
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import (
    add_acceptance_options,
    add_events_option,
    add_judging_options,
    add_limit_options,
    add_report_options,
    add_timeout_option,
)
from roamspec.cli.run import publish
from roamspec.cli.run_command import emit_to_end
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import RunStarted

DESCRIPTION = """\
Judges recorded exchanges with the current contract and checks; the network is
blocked. A check without a recording, a recording without a check, and a check
that sends a request outside its recording are errors.

exit status:
  0  conforming
  1  non-conforming: at least one blocking requirement failed
  2  a recording or an option cannot be used
  3  too little was judged
  4  a recording is missing, unused or outdated, or the suite itself failed"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DIR",
        help="the recordings (default: the installed ones of the emulator)",
    )
    add_judging_options(parser)
    add_limit_options(parser)
    parser.add_argument(
        "--oldest",
        type=whole_number(0, 36500),
        default=90,
        metavar="DAYS",
        help="report recordings of a service that are older (default: 90)",
    )
    add_report_options(parser)
    add_acceptance_options(parser)
    add_events_option(parser)
    add_timeout_option(parser)


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.recording.replay import open_recordings, replay, selected_of
    from roamspec.resources import folder

    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    requirements = selected_of(catalogue, arguments.req)
    accepted = accepted_failures(arguments.waivers, arguments.baseline, catalogue)
    recordings = open_recordings(arguments.folder or folder("cassettes") / "emulator")
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit)
    aggregate = Aggregate(
        catalogue,
        contract.sha256,
        strict=arguments.strict,
        max_inconclusive=arguments.max_inconclusive,
        accepted=accepted,
    )
    progress = progress_line(aggregate, color=arguments.color)
    selected = frozenset(requirements) or None
    unbegun = RunStarted(recordings.target, "standard", 0, started_at="", planned_checks=0, selected=selected)
    with EventFile(arguments.events) as events:
        problem = emit_to_end(
            lambda listeners: replay(
                recordings, listeners, requirements=requirements, oldest_days=arguments.oldest
            ),
            unbegun,
            aggregate,
            [progress, *events.listeners],
            files,
            timeout_s=arguments.timeout,
        )
        return publish(aggregate, files, [problem, progress.broken], events, color=arguments.color)
