"""`roamspec selftest`: how sensitive the suite is, and how fair."""

import argparse
import os
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser, one_of, whole_number
from roamspec.cli.report_options import add_timeout_option
from roamspec.config.run_variables import PROFILES
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import ConfigurationError, UsageError
from roamspec.interruption import terminated_as_interrupted, time_limit
from roamspec.report.files import write_atomically
from roamspec.results.events import rfc3339
from roamspec.seeds import SEED_MAX
from roamspec.selftest.subjects import SHARING

if TYPE_CHECKING:
    from roamspec.selftest.baseline import Baseline
    from roamspec.selftest.score import Score

_JOBS_MAX = 64
JOBS_PER_PROCESSOR = 4
"""A run mostly waits: for a token to expire, for notifications that do not come."""

DESCRIPTION = """\
Runs the suite against the emulator without faults, with conforming settings,
and with each of its faults; prints and writes which faults were detected and
which requirements failed. A fault that is not detected as declared runs again
alone.

exit status:
  0  every fault was detected and attributed correctly, and every conforming
     setting passed
  1  a fault was undetected or attributed wrongly, a conforming setting failed,
     or the score is below the floor
  2  usage error
  4  the self-test itself failed, or was cut short"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        type=one_of("quick", "standard", "deep"),
        default=None,
        metavar="NAME",
        help="profile of the suite: quick, standard (the default) or deep",
    )
    parser.add_argument(
        "--faults",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only these faults: patterns as for `roamspec faults`; may be repeated",
    )
    parser.add_argument(
        "--check",
        action="append",
        default=[],
        metavar="NAME",
        help="only the faults that a change of this check could disturb; may be repeated",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number(1, _JOBS_MAX),
        metavar="N",
        help="concurrent runs (default: four per processor)",
    )
    parser.add_argument(
        "--sharing",
        type=one_of(*SHARING),
        metavar="WHICH",
        help="faults that share a run: operations (one of each operation; the default), or none (the default "
        "of --conditional)",
    )
    parser.add_argument("--once", action="store_true", help="do not repeat what is not detected as declared")
    parser.add_argument(
        "--no-conforming",
        action="store_true",
        help="leave out the emulator without faults and the conforming settings",
    )
    parser.add_argument(
        "--no-faults",
        action="store_true",
        help="only the emulator without faults and the conforming settings",
    )
    parser.add_argument(
        "--conditional",
        type=whole_number(1, 100_000),
        metavar="N",
        help="instead: N faults behind conditions, drawn by --seed and shown one by one, in every profile or "
        "in that of --profile; ends with 0, or with 1 when a fault is attributed to another operation",
    )
    parser.add_argument(
        "--layers",
        action="store_true",
        help="instead: run each layer of checks alone (examples, schema cases, sequences, relations, "
        "concurrency) and print which faults each detects, and which only one detects; ends with 0",
    )
    parser.add_argument(
        "--mutants",
        nargs="?",
        type=whole_number(1, 100_000),
        const=0,
        metavar="N",
        help="instead: change the emulator's deletion code, one operator, constant, condition or statement "
        "at a time, and run the suite against each mutant (profile quick by default); N of them, drawn by "
        "--seed; ends with 1 when a mutant is not detected that the floor (default: "
        "contracts/selftest-mutants.json) does not list",
    )
    parser.add_argument(
        "--seed", type=whole_number(0, SEED_MAX), default=0, metavar="N", help="seed of each run"
    )
    parser.add_argument(
        "--matrix",
        type=Path,
        default=Path("reports/selftest.json"),
        metavar="FILE",
        help="where the matrix goes as JSON, with Markdown beside it (default: reports/selftest.json)",
    )
    add_timeout_option(parser)
    parser.add_argument(
        "--floor",
        type=Path,
        metavar="FILE",
        help="instead of all or nothing: end with 1 below the scores of this file",
    )
    parser.add_argument("--raise-floor", action="store_true", help="write better scores into the floor file")


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.selftest.baseline import read_baselines
    from roamspec.selftest.matrix import Circumstances, as_json, as_text
    from roamspec.selftest.render import as_markdown, conclusion, summary
    from roamspec.selftest.selftest import Order, examine
    from roamspec.selftest.worker_pool import Conditions

    if arguments.conditional:
        return _execute_conditional(arguments)
    if arguments.mutants is not None:
        from roamspec.cli.selftest_mutants import execute_mutants

        return execute_mutants(arguments, _tell)
    arguments.profile = arguments.profile or "standard"
    if arguments.layers:
        return _execute_layers(arguments)
    arguments.sharing = arguments.sharing or "operations"
    if arguments.matrix.suffix != ".json":
        raise UsageError(f"--matrix: {arguments.matrix} must end in .json; the Markdown goes beside it.")
    if arguments.no_faults and (arguments.faults or arguments.check or arguments.no_conforming):
        raise UsageError(
            "--no-faults cannot be combined with --faults, --check or --no-conforming: nothing would be "
            "left to run."
        )
    if arguments.raise_floor and not arguments.floor:
        raise UsageError("--raise-floor needs a --floor FILE to write to.")
    floors = read_baselines(arguments.floor, arguments.profile) if arguments.floor else None
    catalogue = load_catalogue(contract=load_contract())
    order = Order(
        Conditions(arguments.profile, arguments.seed),
        tuple(arguments.faults),
        _jobs(arguments),
        sharing=arguments.sharing,
        once=arguments.once,
        conforming=not arguments.no_conforming,
        broken=not arguments.no_faults,
        checks=tuple(arguments.check),
    )
    began, started_at = time.monotonic(), datetime.now(UTC)
    with terminated_as_interrupted(), time_limit(arguments.timeout):
        score, requests = examine(order, catalogue, _tell)
    about = Circumstances(
        command=shlex.join(["roamspec", "selftest", *_words(arguments)]),
        profile=arguments.profile,
        seed=arguments.seed,
        jobs=order.jobs,
        started_at=rfc3339(started_at),
        duration_s=time.monotonic() - began,
        requests=requests,
    )
    short = None if floors is None else _below(floors, score, arguments)
    status = score.exit_status() if short is None else int(bool(short))
    _write(arguments.matrix, as_text(as_json(score, about, exit_status=status)))
    _write(arguments.matrix.with_suffix(".md"), as_markdown(score, about))
    say(summary(score) + f"\nMatrix: {arguments.matrix}\n")
    for sentence in short or ():
        complain(sentence)
    if floors is not None and not short:
        _raise(floors, score, arguments)
    say(conclusion(status, about))
    return status


def _execute_conditional(arguments: argparse.Namespace) -> int:
    from roamspec.selftest.conditional.draw import drawn
    from roamspec.selftest.conditional.measure import measure, unhurried
    from roamspec.selftest.conditional.render import table

    _reject("--conditional", arguments, "faults", "check", "no-faults", "floor", "layers")
    catalogue = load_catalogue(contract=load_contract())
    profiles = [arguments.profile] if arguments.profile else PROFILES
    results = measure(
        list(drawn(arguments.conditional, arguments.seed)),
        catalogue,
        each_under=unhurried(profiles, arguments.seed),
        jobs=arguments.jobs or os.cpu_count() or 1,
        say_progress=_tell,
        sharing=arguments.sharing or "none",
    )
    say(table(results))
    return int(any(result.misattributed for result in results))


def _execute_layers(arguments: argparse.Namespace) -> int:
    from roamspec.selftest.layers import measure_layers
    from roamspec.selftest.layers_text import layers_text
    from roamspec.selftest.selftest import bank
    from roamspec.selftest.worker_pool import Conditions

    _reject("--layers", arguments, "no-faults", "floor", "once")
    catalogue = load_catalogue(contract=load_contract())
    with terminated_as_interrupted(), time_limit(arguments.timeout):
        results = measure_layers(
            bank(catalogue, arguments.faults, arguments.check),
            Conditions(arguments.profile, arguments.seed),
            jobs=_jobs(arguments),
            sharing=arguments.sharing or "operations",
            say_progress=_tell,
        )
    say(layers_text(results))
    return 0


def _jobs(arguments: argparse.Namespace) -> int:
    return int(arguments.jobs or min(_JOBS_MAX, JOBS_PER_PROCESSOR * (os.cpu_count() or 1)))


def _reject(mode: str, arguments: argparse.Namespace, *options: str) -> None:
    """UsageError for options that have no meaning in this mode."""
    given = [f"--{option}" for option in options if getattr(arguments, option.replace("-", "_"))]
    if given:
        raise UsageError(f"{mode} cannot be combined with {' and '.join(given)}.")


def _below(floors: "dict[str, Baseline]", score: "Score", arguments: argparse.Namespace) -> list[str]:
    """What is below the floor of a family that was tried as a whole, one sentence each."""
    from roamspec.selftest.baseline import below

    left_out = _left_out(score)
    whole = [family for family in floors if family not in left_out]
    return below(score, floors, () if arguments.no_faults else whole)


def _left_out(score: "Score") -> set[str]:
    """The families that were not tried as a whole."""
    from roamspec.faults import known

    tried = {each.fault.name for each in score.findings}
    return {name.split(".")[1] for name in known() if name not in tried}


def _raise(floors: "dict[str, Baseline]", score: "Score", arguments: argparse.Namespace) -> None:
    """Say where a score is above its floor, and raise the floor if that is asked for."""
    from roamspec.selftest.baseline import raised, write_baselines

    left_out = _left_out(score)
    higher = raised(floors, score, [family for family in score.by_family() if family not in left_out])
    if higher != floors:
        if arguments.raise_floor:
            write_baselines(arguments.floor, arguments.profile, higher)
        say(f"{arguments.floor} {'has been' if arguments.raise_floor else 'can be'} raised.\n")


def _words(arguments: argparse.Namespace) -> list[str]:
    words = ["--profile", arguments.profile]
    for pattern in arguments.faults:
        words += ["--faults", pattern]
    for check in arguments.check:
        words += ["--check", check]
    words += ["--jobs", str(arguments.jobs)] if arguments.jobs else []
    words += ["--sharing", arguments.sharing] if arguments.sharing != "operations" else []
    words += ["--once"] if arguments.once else []
    words += ["--no-faults"] if arguments.no_faults else []
    words += ["--no-conforming"] if arguments.no_conforming else []
    return [*words, "--seed", str(arguments.seed)] if arguments.seed else words


def _tell(line: str) -> None:
    sys.stderr.write(f"roamspec: {line}\n")


def _write(path: Path, text: str) -> None:
    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise ConfigurationError(f"--matrix: cannot write {path}: {error.strerror}.") from error
