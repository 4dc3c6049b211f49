"""`roamspec run`: judges a target and reports what was found."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from roamspec.cli.conduct import conduct
from roamspec.cli.faults import add_fault_option, known_faults
from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser, one_of, span, whole_number
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import add_judging_options, add_report_options
from roamspec.cli.target_options import add_target_options, resolve_target
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.errors import SuiteError, UsageError
from roamspec.report.console import summary
from roamspec.report.plan import plan_text
from roamspec.report.progress import Progress
from roamspec.report.shelter import Shelter
from roamspec.report.tally import Tally
from roamspec.report.terminal import Terminal

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
    parser.add_argument(
        "--workers", type=whole_number(1, 256), default=1, metavar="N", help="run checks in N processes"
    )
    parser.add_argument(
        "--seed", type=whole_number(0, 2**32 - 1), metavar="N", help="repeat a run; default: random, printed"
    )
    parser.add_argument(
        "--for",
        dest="campaign_s",
        type=span,
        default=0.0,
        metavar="SPAN",
        help="with --profile deep: draw sequences for so long (such as 90s, 30m, 2h), whatever they cost",
    )
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="with --for: go on with an operation after its first failure",
    )
    add_report_options(parser)
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
    _check_campaign(arguments)
    faults = known_faults(arguments.fault)
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    requirements = _selected(catalogue, arguments.req)
    settings = RunSettings(
        config=config,
        profile=arguments.profile,
        seed=secrets.randbelow(2**32) if arguments.seed is None else arguments.seed,
        workers=arguments.workers,
        requirements=requirements,
        report_dir=arguments.report_dir,
        faults=faults,
        campaign_s=arguments.campaign_s,
        keep_going=arguments.keep_going,
        tell=_tell,
    )
    if arguments.dry_run:
        return _print_plan(settings, verbose=arguments.verbose)
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit, secrets=config.secrets)
    tally = Tally(catalogue, contract.sha256, strict=arguments.strict)
    progress = Progress(sys.stderr, Terminal.of(sys.stderr), failures=lambda: tally.failures)
    shelter = Shelter(progress, "progress line")
    problem = conduct(settings, tally, [shelter], files)
    return publish(tally, files, [problem, shelter.broken])


def _check_campaign(arguments: argparse.Namespace) -> None:
    if arguments.keep_going and not arguments.campaign_s:
        raise UsageError("--keep-going belongs to a campaign; add --for SPAN, or leave it out.")
    if arguments.campaign_s and arguments.profile != "deep":
        raise UsageError("--for draws sequences for a while, which only --profile deep does; add that.")
    if arguments.campaign_s and arguments.dry_run:
        raise UsageError("--for has no plan: what a campaign sends depends on its time; leave out --dry-run.")


def _tell(text: str) -> None:
    sys.stderr.write(f"roamspec: {text}\n")


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


def publish(tally: Tally, files: ReportFiles, problems: Sequence[str | None]) -> int:
    """Write the files, print the summary, say what went wrong beside it; the exit status."""
    report = tally.report()
    unwritten = files.write(report)
    terminal = Terminal.of(sys.stdout)
    if report["checks"]["finished"] or report["ending"] == "complete":
        say(summary(report, path=str(files.report), width=terminal.width, colour=terminal.colour))
    elif not unwritten:
        say(f"Report: {files.report}\n")
    for sentence in [*problems, *unwritten]:
        if sentence:
            complain(sentence)
    return SuiteError.exit_status if unwritten else tally.exit_status()
