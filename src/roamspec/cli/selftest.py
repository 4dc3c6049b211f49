"""`roamspec selftest`: how sensitive the suite is, and how fair."""

import argparse
import json
import os
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser, one_of, whole_number
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import ConfigurationError, UsageError
from roamspec.report.files import write_atomically

DESCRIPTION = """\
Runs the suite against the sound emulator, against conforming settings of it,
and against each of its faults; prints and writes which fault was noticed and
which requirements it turned red.

exit status:
  0  every fault was noticed and rightly blamed, every conforming setting passed
  1  a fault survived or was blamed wrongly, a conforming setting failed, or the
     score is below the floor
  2  usage error
  4  the self-test itself failed"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        type=one_of("quick", "standard", "deep"),
        default="standard",
        metavar="NAME",
        help="of the suite: quick, standard (the default) or deep",
    )
    parser.add_argument(
        "--faults",
        action="append",
        default=[],
        metavar="PATTERN",
        help="only these: a name (with * and ?), with or without its operation; may be repeated",
    )
    parser.add_argument(
        "--jobs", type=whole_number(1, 64), metavar="N", help="runs at a time (default: one per processor)"
    )
    parser.add_argument(
        "--alone", action="store_true", help="each fault in a run of its own, not beside those of others"
    )
    parser.add_argument(
        "--once", action="store_true", help="no second run, alone, for a fault that is not blamed exactly"
    )
    parser.add_argument(
        "--no-conforming", action="store_true", help="leave out the sound emulator and conforming settings"
    )
    parser.add_argument(
        "--no-faults", action="store_true", help="only the sound emulator and conforming settings"
    )
    parser.add_argument("--seed", type=whole_number(0, 2**32 - 1), default=0, metavar="N", help="of each run")
    parser.add_argument(
        "--matrix", type=Path, metavar="FILE", help="write the matrix as JSON to FILE, as Markdown beside it"
    )
    parser.add_argument(
        "--floor",
        type=Path,
        metavar="FILE",
        help="instead of all or nothing: end with 1 below the scores of this file",
    )


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.selftest.floor import below, read_floor
    from roamspec.selftest.jobs import Conditions
    from roamspec.selftest.matrix import Circumstances, as_json, as_markdown, summary
    from roamspec.selftest.selftest import Order, examine

    if arguments.matrix and arguments.matrix.suffix != ".json":
        raise UsageError(f"--matrix: {arguments.matrix} must end in .json; the Markdown goes beside it.")
    if arguments.no_faults and (arguments.faults or arguments.no_conforming):
        raise UsageError("--no-faults leaves nothing to do together with --faults or --no-conforming.")
    floor = read_floor(arguments.floor, arguments.profile) if arguments.floor else None
    catalogue = load_catalogue(contract=load_contract())
    order = Order(
        Conditions(arguments.profile, arguments.seed),
        tuple(arguments.faults),
        arguments.jobs or os.cpu_count() or 1,
        alone=arguments.alone,
        once=arguments.once,
        conforming=not arguments.no_conforming,
        broken=not arguments.no_faults,
    )
    began, started_at = time.monotonic(), datetime.now(UTC)
    score, requests = examine(order, catalogue, _tell)
    about = Circumstances(
        command=shlex.join(["roamspec", "selftest", *_words(arguments)]),
        profile=arguments.profile,
        seed=arguments.seed,
        jobs=order.jobs,
        started_at=started_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        duration_s=time.monotonic() - began,
        requests=requests,
    )
    if arguments.matrix:
        _write(arguments.matrix, json.dumps(as_json(score, about), indent=1) + "\n")
        _write(arguments.matrix.with_suffix(".md"), as_markdown(score, about))
    say(summary(score, about))
    if floor is None:
        return score.exit_status()
    short = below(score, floor)
    for sentence in short:
        complain(sentence)
    return int(bool(short))


def _words(arguments: argparse.Namespace) -> list[str]:
    words = ["--profile", arguments.profile]
    for pattern in arguments.faults:
        words += ["--faults", pattern]
    words += ["--jobs", str(arguments.jobs)] if arguments.jobs else []
    words += ["--alone"] if arguments.alone else []
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
