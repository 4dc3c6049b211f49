"""`roamspec waive`: writes a file for `run --waivers` from a report."""

import argparse
from datetime import date, timedelta
from pathlib import Path

from roamspec.cli.output import say
from roamspec.cli.parser import Parser
from roamspec.cli.report import write_to
from roamspec.errors import UsageError

DESCRIPTION = """\
Writes a waiver for each failure of a report, as a file for `run --waivers`.
Give each waiver a reason and an owner; remove failures that you do not accept.

exit status:
  0  the file was written
  2  the report or an option cannot be used"""

_DAYS = 30


def add_arguments(parser: Parser) -> None:
    parser.add_argument("report", type=Path, metavar="REPORT", help="a report.json, or its folder")
    parser.add_argument(
        "--reason",
        metavar="TEXT",
        help="why these failures are accepted (default: that they failed in this run)",
    )
    parser.add_argument("--owner", metavar="NAME", help="who is responsible for them (default: unassigned)")
    parser.add_argument(
        "--until",
        metavar="DAY",
        help=f"the last day, as 2026-12-31 (default: {_DAYS} days from today)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where it goes (default: standard output)"
    )


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.report.reading import read_report
    from roamspec.results.waivers import waivers_text

    until = _day(arguments.until)
    report = read_report(arguments.report)
    if not any(item["verdict"] == "fail" for item in report["requirements"]):
        raise UsageError(f"waive: nothing failed in {arguments.report}; there is nothing to waive.")
    reason = (arguments.reason or "").strip() or f"it failed in the run of {report['started_at']}"
    owner = (arguments.owner or "").strip() or "unassigned"
    text = waivers_text(report, reason=reason, owner=owner, until=until)
    if arguments.output is None:
        say(text)
    else:
        write_to(arguments.output, text.encode("utf-8"))
    return 0


def _day(text: str | None) -> date:
    if not text:
        return date.today() + timedelta(days=_DAYS)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"waive: --until {text!r} is not a date; write it as 2026-12-31.") from error
