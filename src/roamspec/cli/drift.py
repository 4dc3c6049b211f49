"""`roamspec drift`: what changed between two recordings of the same checks."""

import argparse
import json
import sys
from pathlib import Path

from roamspec.cli.language import texts
from roamspec.cli.output import say, say_text
from roamspec.cli.parser import Parser
from roamspec.report.terminal import Terminal
from roamspec.report.terminal_text import wrap
from roamspec.report.text import visible

DESCRIPTION = """\
Compares two folders of recordings and lists what changed: requests, statuses,
shapes (fields, types, numbers of items), texts, notifications. IDs and times
are ignored, because a recording replaces them.

exit status:
  0  nothing changed
  1  something changed
  2  a recording or an option cannot be used"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument("before", type=Path, metavar="A", help="the earlier recordings")
    parser.add_argument("after", type=Path, metavar="B", help="the later recordings")
    parser.add_argument("--json", action="store_true", help="print a JSON document instead of text")


def execute(arguments: argparse.Namespace) -> int:
    from roamspec.recording.drift import drift
    from roamspec.report.workflow_commands import json_without_workflow_commands

    changes = drift(arguments.before, arguments.after)
    if arguments.json:
        document = {"changes": [change.as_dict() for change in changes]}
        say(json_without_workflow_commands(json.dumps(document, ensure_ascii=False, indent=1)) + "\n")
        return 1 if changes else 0
    width = Terminal.of(sys.stdout).width
    check = None
    for change in changes:
        if change.check != check:
            check = change.check
            say_text(f"{check}\n")
        times = f" ({change.times} times)" if change.times > 1 else ""
        place = " ".join(part for part in (change.request, change.where) if part) or "the whole"
        text = f"{change.aspect}: {place}: {change.before} -> {change.after}{times}"
        say_text("\n".join(wrap(visible(text), width, first="  ", rest="    ")) + "\n")
    checks = len({change.check for change in changes})
    say(
        texts().sentence(
            f"{len(changes)} changes in {checks} recordings\n" if changes else "nothing changed\n"
        )
    )
    return 1 if changes else 0
