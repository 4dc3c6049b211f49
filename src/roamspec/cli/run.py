"""`roamspec run`: judges a target and reports what was found."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.conclusion import conclude
from roamspec.cli.conduct import conduct
from roamspec.cli.event_file import EventFile
from roamspec.cli.faults import add_fault_option, known_faults
from roamspec.cli.output import say
from roamspec.cli.parser import Parser, one_of, whole_number
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import (
    add_acceptance_options,
    add_events_option,
    add_judging_options,
    add_limit_options,
    add_report_options,
    add_timeout_option,
)
from roamspec.cli.target_options import add_target_options, resolve_target
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue
from roamspec.contract.revisions import catalogue_at
from roamspec.errors import UsageError
from roamspec.report.plan import plan_text
from roamspec.report.progress import Progress
from roamspec.report.shelter import Shelter
from roamspec.report.tally import Tally
from roamspec.report.terminal import Terminal
from roamspec.seeds import SEED_MAX, drawn_seed

if TYPE_CHECKING:
    from roamspec.runner.settings import RunSettings

DESCRIPTION = """\
Runs the conformance checks and gives a verdict.

exit status:
  0  conforming
  1  non-conforming: at least one decisive requirement failed
  2  usage or configuration error; nothing was sent
  3  the target could not be tested
  4  the suite itself failed, or the run was cut short"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        type=one_of("quick", "standard", "deep"),
        default="standard",
        metavar="NAME",
        help="quick, standard (the default) or deep",
    )
    add_judging_options(parser)
    add_limit_options(parser)
    parser.add_argument(
        "--revision",
        type=whole_number(1, 9999),
        metavar="R",
        help="judge by the requirements as they were at revision R (default: the latest)",
    )
    parser.add_argument(
        "--workers", type=whole_number(1, 256), default=1, metavar="N", help="run checks in N processes"
    )
    parser.add_argument(
        "--seed", type=whole_number(0, SEED_MAX), metavar="N", help="repeat a run; default: random, printed"
    )
    parser.add_argument(
        "--max-failures",
        type=whole_number(1, 10_000),
        default=0,
        metavar="N",
        help="end the run after N blocking failures",
    )
    add_acceptance_options(parser)
    add_report_options(parser)
    add_events_option(parser)
    add_timeout_option(parser)
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print the plan: requirements, calls and time; send nothing to the target",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="with --dry-run: list the requirements")
    add_fault_option(parser)
    add_target_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Everything that can be wrong without asking the target is found before anything is sent."""
    from roamspec.runner.settings import RunSettings

    config = resolve_target(arguments, writes=not arguments.dry_run)
    if arguments.fault and not config.embedded:
        raise UsageError("--fault breaks the embedded emulator; leave out --base-url, or leave out --fault.")
    faults = known_faults(arguments.fault)
    contract = load_contract()
    catalogue = catalogue_at(arguments.revision, contract=contract)
    requirements = _selected(catalogue, arguments.req)
    accepted = accepted_failures(arguments.waivers, arguments.baseline, catalogue)
    settings = RunSettings(
        config=config,
        profile=arguments.profile,
        seed=drawn_seed() if arguments.seed is None else arguments.seed,
        workers=arguments.workers,
        requirements=requirements,
        report_dir=arguments.report_dir,
        faults=faults,
        revision=arguments.revision,
        max_failures=arguments.max_failures,
        accepted=accepted.names(catalogue, datetime.now(UTC).date()),
    )
    if arguments.dry_run:
        return _print_plan(settings, verbose=arguments.verbose)
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit, secrets=config.secrets)
    tally = Tally(
        catalogue,
        contract.sha256,
        strict=arguments.strict,
        asked={one.capability: one.where for one in config.asked},
        max_inconclusive=arguments.max_inconclusive,
        accepted=accepted,
    )
    progress = Progress(sys.stderr, Terminal.of(sys.stderr), failures=lambda: tally.failures)
    shelter = Shelter(progress, "progress line")
    with EventFile(arguments.events, config.secrets) as events:
        listeners = [shelter, *events.listeners]
        problem = conduct(settings, tally, listeners, files, timeout_s=arguments.timeout)
        return publish(tally, files, [problem, shelter.broken], events)


def _print_plan(settings: "RunSettings", *, verbose: bool) -> int:
    from roamspec.runner.rehearsal import rehearse

    config = settings.config
    target = f"{config.base_url} ({config.main.key})" if config.main else "the embedded emulator"
    rehearsal = rehearse(settings)
    width = Terminal.of(sys.stdout).width
    say(plan_text(rehearsal, target=target, profile=settings.profile, width=width, verbose=verbose))
    return 0


def _selected(catalogue: Catalogue, patterns: Sequence[str]) -> tuple[str, ...]:
    """The IDs that the patterns select, empty for all; UsageError for a pattern that selects nothing."""
    if not patterns:
        return ()
    return tuple(requirement.id for requirement in catalogue.select(patterns))


def publish(tally: Tally, files: ReportFiles, problems: Sequence[str | None], events: EventFile) -> int:
    """Write the files, print the summary, say what went wrong beside it; the exit status."""
    conclusion = conclude(tally.report(), files)
    events.conclude(conclusion.report)
    return conclusion.publish([*problems, events.broken])
