"""The options of every command that judges and reports: what is judged, what decides, where the report
goes."""

from pathlib import Path
from typing import get_args

from roamspec.cli.parser import Parser, one_of, whole_number
from roamspec.report.terminal import Color
from roamspec.seeds import SEED_MAX


def add_seed_option(parser: Parser) -> None:
    """Add the seed of everything that is drawn."""
    parser.add_argument(
        "--seed",
        type=whole_number(0, SEED_MAX),
        metavar="N",
        help="the seed of what is drawn (default: random, printed)",
    )


def add_judging_options(parser: Parser) -> None:
    """Add what is judged, and what blocks."""
    parser.add_argument(
        "--req",
        action="append",
        default=[],
        metavar="PATTERN",
        help="judge only these: an ID (with * and ?, with or without its operation), an operation or a "
        "family; may be repeated",
    )
    parser.add_argument(
        "--strict", action="store_true", help="every failure is blocking; inconclusive counts as a failure"
    )


def add_limit_options(parser: Parser) -> None:
    """Add how much may stay inconclusive."""
    parser.add_argument(
        "--max-inconclusive",
        type=whole_number(0, 100_000),
        metavar="N",
        help="end with 3 if more requirements are inconclusive (default: no limit)",
    )


def add_timeout_option(parser: Parser) -> None:
    """Add how long the command may take."""
    parser.add_argument(
        "--timeout",
        type=whole_number(1, 604_800),
        metavar="SECONDS",
        help="after this time, clean up and end with 4 (default: no limit)",
    )


def add_report_options(parser: Parser) -> None:
    """Add where reports go and how the terminal looks."""
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/latest"),
        metavar="DIR",
        help="where report.json and report.html go (default: reports/latest)",
    )
    parser.add_argument(
        "--junit", type=Path, metavar="FILE", help="where JUnit XML goes (default: DIR/junit.xml)"
    )
    parser.add_argument(
        "--color",
        type=one_of(*get_args(Color)),
        default="auto",
        metavar="WHEN",
        help="always, never or auto (the default): on a terminal, unless NO_COLOR is set",
    )


def add_events_option(parser: Parser) -> None:
    """Add where events are written while they happen."""
    parser.add_argument(
        "--events", type=Path, metavar="FILE", help="write each event as it happens, as a line of JSON"
    )


def add_acceptance_options(parser: Parser) -> None:
    """Add which failures are accepted."""
    parser.add_argument(
        "--waivers",
        type=Path,
        metavar="FILE",
        help="accept the failures that this TOML file lists, until their dates (see `roamspec waive`)",
    )
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="REPORT",
        help="accept the failures of this earlier report.json: only new ones fail the run",
    )
