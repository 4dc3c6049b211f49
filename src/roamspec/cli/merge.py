"""`roamspec merge`: one verdict from the shards of a run."""

import argparse
from pathlib import Path

from roamspec import __version__
from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.event_file import EventFile
from roamspec.cli.parser import Parser
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import (
    add_acceptance_options,
    add_events_option,
    add_limit_options,
    add_report_options,
)
from roamspec.cli.run import publish
from roamspec.contract.load import load_contract
from roamspec.contract.revisions import catalogue_at
from roamspec.errors import UsageError
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import PartOfRun

DESCRIPTION = """\
Merges what `roamspec run --shard I/N` has left in the report folders of all
shards, and gives the verdict of the whole run. Waivers and a baseline decide
here, also where the shards had none.

exit status:
  0  conforming
  1  non-conforming: at least one blocking requirement failed
  2  a shard is missing, doubled, unfinished or configured differently
  3  too little was judged
  4  the suite itself failed"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "folders", nargs="+", type=Path, metavar="DIR", help="the report folder of a shard, once for each"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="every failure is blocking; inconclusive counts as a failure (default: as the shards were run)",
    )
    add_limit_options(parser)
    add_report_options(parser)
    add_acceptance_options(parser)
    add_events_option(parser)


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.report.event_log import read_shard
    from roamspec.results.merging import merge

    _refuse_own_folder(arguments.report_dir, arguments.folders)
    logs = [read_shard(folder) for folder in arguments.folders]
    events, part = list(merge(logs)), logs[0].part
    catalogue = catalogue_at(_revision(part), contract=load_contract())
    accepted = accepted_failures(arguments.waivers, arguments.baseline, catalogue)
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit)
    aggregate = Aggregate(
        catalogue,
        load_contract().sha256,
        strict=arguments.strict or part.strict,
        asked=part.asked,
        max_inconclusive=arguments.max_inconclusive,
        accepted=accepted,
    )
    with EventFile(arguments.events) as log:
        files.clear()
        for event in events:
            for listener in (aggregate, *log.listeners):
                listener(event)
        return publish(aggregate, files, [], log, color=arguments.color)


def _refuse_own_folder(report_dir: Path, folders: list[Path]) -> None:
    """The merged report would take the place of a shard's."""
    if any(folder.resolve() == report_dir.resolve() for folder in folders):
        raise UsageError(f"--report-dir: {report_dir} is the folder of a shard; name another.")


def _revision(part: PartOfRun) -> int:
    """UsageError where another roamspec has run the shards: what it judged cannot be looked up here."""
    said = part.configuration
    version, contract = said.get("version of roamspec", ""), said.get("contract", "")
    if version != __version__ or contract != load_contract().sha256:
        raise UsageError(
            f"The shards were run by roamspec {version or '?'}, and this is {__version__}, or has another "
            "contract; merge them with the roamspec that has run them."
        )
    return int(said["revision"])
