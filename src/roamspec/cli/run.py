"""`roamspec run`: judges a target and reports what was found."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.conclusion import conclude
from roamspec.cli.event_file import EventFile
from roamspec.cli.faults import add_fault_option, known_faults
from roamspec.cli.language import texts
from roamspec.cli.output import say
from roamspec.cli.parser import Parser, environment, one_of, span, whole_number
from roamspec.cli.progress_line import progress_line
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import (
    add_acceptance_options,
    add_events_option,
    add_judging_options,
    add_limit_options,
    add_report_options,
    add_seed_option,
    add_timeout_option,
)
from roamspec.cli.run_command import run_to_end
from roamspec.cli.target_options import add_shard_options, add_target_options, resolve_target, toml_file
from roamspec.config.run_variables import (
    PROFILE_VARIABLE,
    PROFILES,
    chosen_patterns,
    chosen_profile,
    chosen_seed,
)
from roamspec.config.shard_option import ShardOption, chosen_shard
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue
from roamspec.contract.revisions import catalogue_at
from roamspec.errors import UsageError
from roamspec.output_files import remove_output
from roamspec.report.costs import Costs
from roamspec.report.terminal import Color, Terminal
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Listener

if TYPE_CHECKING:
    from roamspec.runner.settings import RunSettings

DESCRIPTION = """\
Runs the conformance checks and gives a verdict. Arguments after `--` go to
pytest, whose own reports are shown then: roamspec run -- -x --pdb

exit status:
  0  conforming
  1  non-conforming: at least one blocking requirement failed
  2  usage or configuration error; nothing was sent
  3  the target could not be tested
  4  the suite itself failed, or the run was cut short"""


def add_arguments(parser: Parser) -> None:
    parser.hands_on = "pytest_arguments"
    parser.add_argument(
        "--profile",
        type=one_of(*PROFILES),
        metavar="NAME",
        help=f"quick, standard (the default) or deep ({PROFILE_VARIABLE})",
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
    add_seed_option(parser)
    parser.add_argument(
        "--max-failures",
        type=whole_number(1, 10_000),
        default=0,
        metavar="N",
        help="end the run after N blocking failures",
    )
    add_acceptance_options(parser)
    parser.add_argument(
        "--for",
        dest="campaign_s",
        type=span,
        default=0.0,
        metavar="SPAN",
        help="with --profile deep: draw sequences for this time (such as 90s, 30m, 2h), without a "
        "request limit",
    )
    parser.add_argument(
        "--keep-going",
        action="store_true",
        help="with --for: go on with an operation after its first failure",
    )
    add_report_options(parser)
    add_events_option(parser)
    add_timeout_option(parser)
    parser.add_argument(
        "--costs",
        action="store_true",
        help="print the requests and seconds of each check, and how many requests are left",
    )
    parser.add_argument(
        "--keep-failed",
        action="store_true",
        help="keep the users, groups and messages of failed checks until `roamspec cleanup`",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print the plan: requirements, calls and time; send nothing to the target",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="with --dry-run: list the requirements")
    add_fault_option(parser)
    add_shard_options(parser)
    add_target_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Everything that can be wrong without asking the target is found before anything is sent."""
    from roamspec.suite.exploration_limits import MOST_REQUESTS

    settings = settings_of(arguments)
    if arguments.dry_run:
        return _print_plan(settings, verbose=arguments.verbose)
    contract = load_contract()
    catalogue = catalogue_at(arguments.revision, contract=contract)
    accepted = accepted_failures(arguments.waivers, arguments.baseline, catalogue)
    settings = replace(settings, accepted=accepted.reasons(catalogue, datetime.now(UTC).date()))
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit, secrets=settings.config.secrets)
    of_shard = _log_of_shard(settings)
    aggregate = Aggregate(
        catalogue,
        contract.sha256,
        strict=arguments.strict,
        asked={one.capability: one.where for one in settings.config.asked},
        max_inconclusive=arguments.max_inconclusive,
        accepted=accepted,
    )
    progress = progress_line(aggregate, color=arguments.color)
    costs = Costs()
    # Where pytest writes what it does, a line of ours would be in its way.
    shown = [] if settings.pytest_arguments else [progress]
    with EventFile(arguments.events, settings.config.secrets, of_shard=of_shard) as events:
        listeners: list[Listener] = [*shown, costs, *events.listeners]
        problem = run_to_end(settings, aggregate, listeners, files, timeout_s=arguments.timeout)
        # What a shard may send depends on the checks that fall to it.
        most = MOST_REQUESTS[settings.profile] if settings.shard is None else None
        table = [costs.lines(most, lang=texts().lang)] if arguments.costs else []
        return publish(aggregate, files, [problem, progress.broken], events, table, color=arguments.color)


def _log_of_shard(settings: "RunSettings") -> Path | None:
    """Where a shard writes its events; a whole run takes away what an earlier shard has left there."""
    from roamspec.report.event_log import FILE_NAME

    file = settings.report_dir / FILE_NAME
    if settings.shard is not None:
        return file
    try:
        remove_output(file)
    except OSError as error:
        raise UsageError(
            f"{file} is from an earlier run and cannot be removed ({error.strerror})."
        ) from error
    return None


def settings_of(arguments: argparse.Namespace) -> "RunSettings":
    """What a run is asked to do by these arguments; a RoamspecError for what cannot be."""
    from roamspec.runner.settings import RunSettings

    config = resolve_target(arguments, writes=not arguments.dry_run)
    if arguments.fault and not config.embedded:
        raise UsageError("--fault is for the embedded emulator; leave out --base-url, or leave out --fault.")
    _check_campaign(arguments)
    if arguments.keep_failed and config.embedded:
        raise UsageError(
            "--keep-failed: the embedded emulator ends with the run, and what it holds with it; start "
            "`roamspec emulate`, and give its --ready-file."
        )
    faults = known_faults(arguments.fault)
    contract = load_contract()
    catalogue = catalogue_at(arguments.revision, contract=contract)
    chosen = chosen_shard(vars(arguments), environment(), toml_file())
    if chosen.shard is not None and arguments.campaign_s:
        raise UsageError(
            "--for cannot be combined with --shard: a campaign is one check, which cannot be divided; leave "
            "one of them out."
        )
    requirements = _selected(catalogue, chosen_patterns(arguments.req, environment()))
    return RunSettings(
        config=config,
        profile=chosen_profile(arguments.profile, environment()),
        seed=chosen_seed(arguments.seed, environment(), shared=chosen.shard is not None),
        workers=arguments.workers,
        requirements=requirements,
        report_dir=arguments.report_dir,
        faults=faults,
        revision=arguments.revision,
        strict=arguments.strict,
        pytest_arguments=arguments.pytest_arguments,
        max_failures=arguments.max_failures,
        campaign_s=arguments.campaign_s,
        keep_going=arguments.keep_going,
        tell=_print_note,
        keep="failed" if arguments.keep_failed else "nothing",
        shard=chosen.shard,
        durations=_durations(chosen),
    )


def _durations(chosen: ShardOption) -> dict[str, float]:
    if chosen.durations is None:
        return {}
    from roamspec.report.event_log import durations_of

    return durations_of(chosen.durations, chosen.where)


def _check_campaign(arguments: argparse.Namespace) -> None:
    if arguments.keep_going and not arguments.campaign_s:
        raise UsageError("--keep-going needs --for SPAN; add it, or leave --keep-going out.")
    if arguments.campaign_s and arguments.profile != "deep":
        raise UsageError("--for needs --profile deep; add it.")
    if arguments.campaign_s and arguments.dry_run:
        raise UsageError(
            "--for cannot be combined with --dry-run, because its number of requests depends on its time; "
            "leave one of them out."
        )


def _print_note(text: str) -> None:
    sys.stderr.write(f"roamspec: {text}\n")


def _print_plan(settings: "RunSettings", *, verbose: bool) -> int:
    from roamspec.runner.dry_run import dry_run
    from roamspec.runner.dry_run_text import plan_text

    config = settings.config
    target = f"{config.base_url} ({config.main.key})" if config.main else "the embedded emulator"
    plan = dry_run(settings)
    width = Terminal.of(sys.stdout).width
    say(plan_text(plan, target=target, profile=settings.profile, width=width, verbose=verbose))
    return 0


def _selected(catalogue: Catalogue, patterns: Sequence[str]) -> tuple[str, ...]:
    """The IDs that the patterns select, empty for all; UsageError for a pattern that selects nothing."""
    if not patterns:
        return ()
    return tuple(requirement.id for requirement in catalogue.select(patterns))


def publish(
    aggregate: Aggregate,
    files: ReportFiles,
    problems: Sequence[str | None],
    events: EventFile,
    more: Sequence[Sequence[str]] = (),
    *,
    color: Color = "auto",
) -> int:
    """Write the files, print the summary with `more` blocks, and what went wrong beside; the exit status."""
    conclusion = conclude(aggregate.report(), files)
    events.conclude(conclusion.report)
    return conclusion.publish([*problems, events.broken], lambda _report, _width: more, color)
