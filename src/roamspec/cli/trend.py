"""`roamspec trend`: verdicts over time, from the reports of a folder."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.language import texts
from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser, one_of
from roamspec.cli.report import write_to
from roamspec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roamspec.report.trend.collecting import Refused

DESCRIPTION = """\
Shows how the verdict on each requirement changed from run to run, and which
requirements changed theirs with the same contract and target. It reads every
report.json below the folder, and every other report of roamspec there.

exit status:
  0  the trend was written; what the runs had found does not matter
  2  a report or an option cannot be used"""

FORMAT_NAMES = ("text", "html", "json")


def add_arguments(parser: Parser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder below which the reports are")
    parser.add_argument(
        "--format", type=one_of(*FORMAT_NAMES), metavar="NAME", help="text (the default), html or json"
    )
    parser.add_argument(
        "--json", action="store_const", const="json", dest="format", help="the same as --format json"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="where it goes (default: standard output)"
    )
    parser.add_argument(
        "--skip-damaged",
        action="store_true",
        help="leave out reports that cannot be used, and say so, instead of ending with 2",
    )


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.report.trend.collecting import collect

    found, refused = collect(arguments.folder)
    _check(refused, found_any=bool(found), skip=arguments.skip_damaged)
    from roamspec.report.trend.history import trend_of

    trend = trend_of([(each.file, each.report) for each in found])
    name = arguments.format or "text"
    if name == "html":
        from roamspec.report.trend.page import trend_html

        text = trend_html(trend, refused, lang=texts().lang)
    elif name == "json":
        from roamspec.report.trend.document import trend_document
        from roamspec.report.workflow_commands import json_without_workflow_commands

        text = json.dumps(trend_document(trend, refused), ensure_ascii=False, indent=1)
        text = json_without_workflow_commands(text) + "\n"
    else:
        from roamspec.report.terminal import Terminal
        from roamspec.report.trend.text import trend_text

        text = trend_text(trend, refused, width=Terminal.of(sys.stdout).width, lang=texts().lang)
    if arguments.output is None:
        say(text)
    else:
        write_to(arguments.output, text.encode("utf-8", "backslashreplace"))
    return 0


def _check(refused: "Sequence[Refused]", *, found_any: bool, skip: bool) -> None:
    """UsageError for reports that cannot be used, unless they may be left out and others are there."""
    if not refused:
        return
    if skip and found_any:
        for each in refused:
            complain(f"left out: {each.reason}")
        return
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    advice = " Remove it, or give --skip-damaged to leave it out." if found_any and not skip else ""
    raise UsageError(f"{refused[0].reason}{more}{advice}")
