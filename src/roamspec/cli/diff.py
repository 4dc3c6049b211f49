"""`roamspec diff`: what changed from one report to the next."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from roamspec.cli.language import texts
from roamspec.cli.output import say
from roamspec.cli.parser import Parser

DESCRIPTION = """\
Compares two reports: failures that are new, fixed or still there, requirements
that are no longer judged, changed citations, changed durations.

exit status:
  0  no new failure
  1  a new failure, blocking or not
  2  a report cannot be used
  3  no new failure, but the new run gave no verdict: target not testable
  4  no new failure, but the new run gave no verdict: it was cut short"""


def add_arguments(parser: Parser) -> None:
    for name, which in (("old", "earlier"), ("new", "later")):
        parser.add_argument(
            name, type=Path, metavar=name.upper(), help=f"the {which} report.json, or its folder"
        )
    parser.add_argument("--json", action="store_true", help="print JSON, with whole requirements")


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.report.comparison import compare
    from roamspec.report.comparison_text import comparison_text
    from roamspec.report.reading import read_whole_report
    from roamspec.report.terminal import Terminal
    from roamspec.report.workflow_commands import json_without_workflow_commands

    old, new = read_whole_report(arguments.old), read_whole_report(arguments.new)
    found = compare(old, new)
    if arguments.json:
        text = json.dumps(asdict(found), ensure_ascii=False, indent=1)
        say(json_without_workflow_commands(text) + "\n")
    else:
        say(comparison_text(found, width=Terminal.of(sys.stdout).width, lang=texts().lang))
    if found.new_failures:
        return 1
    # A run without a verdict has not shown that nothing new fails.
    status: int = new["exit_status"] if new["verdict"] == "incomplete" else 0
    return status
