"""`roamspec report`: renders the report of an earlier run again."""

import argparse
import os
from pathlib import Path

from roamspec.cli.language import texts
from roamspec.cli.output import say
from roamspec.cli.parser import Parser, one_of
from roamspec.errors import UsageError
from roamspec.output_files import write_output

DESCRIPTION = """\
Renders the report of an earlier run again, in any format.

exit status:
  0  it was written, whatever the run found
  2  the report or an option cannot be used"""

FORMAT_NAMES = ("html", "junit", "markdown", "sarif", "badge")


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "report", type=Path, metavar="REPORT", help="a report.json, or the folder that has it"
    )
    parser.add_argument(
        "--format", type=one_of(*FORMAT_NAMES), required=True, metavar="NAME", help=", ".join(FORMAT_NAMES)
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where it goes (default: standard output)"
    )


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.report.formats import rendered
    from roamspec.report.reading import read_report

    content = rendered(read_report(arguments.report), arguments.format, lang=texts().lang)
    if arguments.output is None:
        say(content.decode("utf-8"))
    else:
        write_to(arguments.output, content)
    return 0


def write_to(path: Path, content: bytes) -> None:
    """Write what `--output` names; UsageError when that cannot be done."""
    try:
        write_output(path, content)
    except OSError as error:
        reason = error.strerror or os.strerror(error.errno or 0)
        raise UsageError(f"--output: cannot write to {path} ({reason}).") from error
