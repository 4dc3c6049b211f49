"""`roamspec load`: many users at once on a target, every answer judged."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.conclusion import conclude
from roamspec.cli.faults import add_fault_option, known_faults
from roamspec.cli.language import texts
from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser, environment, span, whole_number
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.report_options import (
    add_acceptance_options,
    add_judging_options,
    add_report_options,
    add_seed_option,
)
from roamspec.cli.run_command import emit_to_end
from roamspec.cli.target_options import add_target_options, resolve_target
from roamspec.config.run_variables import chosen_patterns, chosen_seed
from roamspec.errors import UsageError
from roamspec.report.terminal import Terminal
from roamspec.results.aggregate import Aggregate

if TYPE_CHECKING:
    from roamspec.contract.requirements import Catalogue
    from roamspec.load.load_run import LoadRun
    from roamspec.load.settings import LoadSettings
    from roamspec.results.events import RunStarted

DESCRIPTION = """\
Lets many users work on a target at once: they register, send messages, read
histories and lists, and delete. Every answer is judged by the contract while
the load lasts, and the effects of some deletions are read back. `--rate`
(default: 100) is for all calls together. It needs Locust (docs/load.md).

exit status:
  0  conforming
  1  non-conforming: at least one blocking requirement failed
  2  usage or configuration error; nothing was sent
  3  the target could not be tested
  4  the load itself failed, or was cut short"""

_DEFAULT_S: Final = 30.0
_OF_THE_MASTER: Final = ("for_s", "users", "sample", "seed", "workers")
"""What a worker gets from its master."""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--for",
        dest="for_s",
        type=span,
        metavar="SPAN",
        help="how long the load lasts, such as 30s (the default), 10m or 1h",
    )
    parser.add_argument(
        "--users",
        type=whole_number(1, 10_000),
        metavar="N",
        help="how many users work at once (default: one for each 10 calls per second)",
    )
    parser.add_argument(
        "--sample",
        type=whole_number(1, 1_000_000),
        metavar="N",
        help="read back what every Nth deletion of a user did (default: 10)",
    )
    add_seed_option(parser)
    parser.add_argument(
        "--over-limits",
        action="store_true",
        help="keep to --rate alone, not to the documented limit of each operation",
    )
    add_judging_options(parser)
    add_acceptance_options(parser)
    add_report_options(parser)
    add_fault_option(parser)
    _add_machines(parser)
    add_target_options(parser)


def _add_machines(parser: Parser) -> None:
    group = parser.add_argument_group("many processes and machines, as Locust has them")
    group.add_argument(
        "--workers", type=whole_number(1, 256), metavar="N", help="call from N processes of this machine"
    )
    group.add_argument(
        "--master", action="store_true", help="make no calls, but lead the workers of other machines"
    )
    group.add_argument(
        "--expect-workers",
        type=whole_number(1, 10_000),
        metavar="N",
        help="with --master: begin once N workers have come",
    )
    group.add_argument(
        "--master-bind-host",
        metavar="HOST",
        help="with --master: the address to listen on (default: loopback only)",
    )
    group.add_argument("--worker", action="store_true", help="call as the master of another machine says")
    group.add_argument(
        "--master-host", metavar="HOST", help="with --worker: where the master is (default: this machine)"
    )
    group.add_argument(
        "--master-port",
        type=whole_number(1, 65535),
        metavar="PORT",
        help="the port of the master (default: 5557)",
    )


def execute(arguments: argparse.Namespace) -> int:
    """Everything that can be wrong without asking the target is found before anything is sent."""
    settings = settings_of(arguments)
    from roamspec.load.children import require_locust

    require_locust()
    from roamspec.load.load_run import LoadRun
    from roamspec.load.progress import LoadProgress

    catalogue = _catalogue()
    accepted = accepted_failures(arguments.waivers, arguments.baseline, catalogue)
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit, secrets=settings.config.secrets)
    terminal = Terminal.of(sys.stderr, color=arguments.color)
    progress = LoadProgress(sys.stderr, terminal, settings.plan, lang=texts().lang)
    run = LoadRun(settings, progress)
    if settings.place != "worker":
        progress.begin(_target_words(settings))
    aggregate = Aggregate(
        catalogue,
        _contract_sha256(),
        strict=arguments.strict,
        asked={one.capability: one.where for one in settings.config.asked},
        accepted=accepted,
    )
    problem = emit_to_end(run.play, _unbegun(settings), aggregate, (), files)
    progress.end()
    if settings.place == "worker":
        return _end_worker(aggregate, run, files, problem)
    return _publish(aggregate, run, files, problem, arguments)


def settings_of(arguments: argparse.Namespace) -> "LoadSettings":
    """What a load is asked to do by these arguments; a RoamspecError for what cannot be."""
    from roamspec.load.plan import DEFAULT_RATE, LoadPlan, users_for
    from roamspec.load.settings import LoadSettings
    from roamspec.load.task import MASTER_PORT

    config = resolve_target(arguments)
    if arguments.fault and not config.embedded:
        raise UsageError("--fault is for the embedded emulator; leave out --base-url, or leave out --fault.")
    _check_machines(arguments, embedded=config.embedded)
    faults = known_faults(arguments.fault)
    rate = config.rate or DEFAULT_RATE
    workers = (arguments.expect_workers if arguments.master else arguments.workers) or 1
    patterns = chosen_patterns(arguments.req, environment())
    plan = LoadPlan(
        rate=rate,
        duration_s=arguments.for_s or _DEFAULT_S,
        users=max(arguments.users or users_for(rate, workers), workers),
        seed=chosen_seed(arguments.seed, environment()),
        workers=workers,
        sample_every=arguments.sample or 10,
    )
    return LoadSettings(
        # A load writes to one app alone.
        config=replace(config, neighbour=None, closed=None, rate=rate),
        plan=plan,
        report_dir=arguments.report_dir,
        selected=frozenset(each.id for each in _catalogue().select(patterns)) if patterns else None,
        faults=faults,
        place="master" if arguments.master else "worker" if arguments.worker else "here",
        host=(arguments.master_bind_host if arguments.master else arguments.master_host) or "127.0.0.1",
        port=arguments.master_port or MASTER_PORT,
        within_limits=not (config.embedded or arguments.over_limits),
        most_rate=config.rate if arguments.worker else None,
    )


def _check_machines(arguments: argparse.Namespace, *, embedded: bool) -> None:
    if arguments.master and arguments.worker:
        raise UsageError("--master cannot be combined with --worker; a machine is one of them.")
    several = "--master" if arguments.master else "--worker"
    if (arguments.master or arguments.worker) and embedded:
        raise UsageError(
            f"{several} needs a running service, because each machine would have an emulator of its own; "
            "give --base-url."
        )
    if arguments.master and arguments.expect_workers is None:
        raise UsageError("--master needs --expect-workers N; add it.")
    if arguments.master and arguments.workers is not None:
        raise UsageError("--workers cannot be combined with --master; start the workers with --worker.")
    for option, belongs in (
        ("--expect-workers", "--master"),
        ("--master-bind-host", "--master"),
        ("--master-host", "--worker"),
    ):
        given = getattr(arguments, option.removeprefix("--").replace("-", "_"))
        if given is not None and not getattr(arguments, belongs.removeprefix("--")):
            raise UsageError(f"{option} needs {belongs}; add it, or leave {option} out.")
    of_master = [name for name in _OF_THE_MASTER if getattr(arguments, name) is not None]
    if arguments.worker and of_master:
        option = of_master[0].removesuffix("_s")
        raise UsageError(f"--{option} cannot be combined with --worker; give it to the master.")


def _catalogue() -> "Catalogue":
    from roamspec.contract.load import load_contract
    from roamspec.contract.requirements import load_catalogue
    from roamspec.load.events import load_catalogue_of

    contract = load_contract()
    return load_catalogue_of(load_catalogue(contract=contract), contract)


def _contract_sha256() -> str:
    from roamspec.contract.load import load_contract

    return load_contract().sha256


def _target_words(settings: "LoadSettings") -> str:
    config = settings.config
    if config.main is None:
        return texts().gettext("the embedded emulator")
    return f"{config.base_url} ({config.main.key})"


def _unbegun(settings: "LoadSettings") -> "RunStarted":
    from roamspec.load.events import load_started, target_info

    config = settings.config
    return load_started(settings, target_info(settings, config), "")


def _publish(
    aggregate: Aggregate,
    run: "LoadRun",
    files: ReportFiles,
    problem: str | None,
    arguments: argparse.Namespace,
) -> int:
    from roamspec.load.section import load_section
    from roamspec.load.summary import load_lines

    report = aggregate.report() | {"load": load_section(run.plan, run.tally)}
    conclusion = conclude(report, files)

    def more(report: dict[str, Any], width: int) -> Sequence[Sequence[str]]:
        return [load_lines(report["load"], texts(), width)]

    return conclusion.publish([problem], more, arguments.color)


def _end_worker(aggregate: Aggregate, run: "LoadRun", files: ReportFiles, problem: str | None) -> int:
    """A worker gives no verdict and leaves no report: its master does."""
    files.clear()
    for sentence in (*run.tally.notes, problem):
        if sentence is not None:
            complain(sentence)
    ended = aggregate.decision
    if aggregate.ended is not None and aggregate.ended.ending == "complete":
        said = texts().sentence(f"{run.tally.requests:,} requests; the master has the verdict.")
        say(f"{said}\n")
        return 0
    return ended.exit_status
