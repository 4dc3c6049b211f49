"""`roamspec faults`: the ways in which the emulator can be broken on purpose."""

import argparse
import json
from collections.abc import Sequence

from roamspec.cli.output import say
from roamspec.cli.parser import Parser
from roamspec.faults.registry import Fault, known, selected
from roamspec.report.terminal_text import wrap

DESCRIPTION = """\
Lists the faults: what each does wrong, and the requirements that must fail.
Activate them with `roamspec emulate --fault NAME`."""

_WIDTH = 80


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "patterns",
        nargs="*",
        metavar="PATTERN",
        help="a name (with * and ?), with or without its operation, an operation or a family",
    )
    parser.add_argument("--json", action="store_true", help="as a list of JSON objects")


def execute(arguments: argparse.Namespace) -> int:
    chosen = selected(arguments.patterns) if arguments.patterns else list(known().values())
    say(_as_json(chosen) if arguments.json else "\n".join(_lines(chosen)) + "\n")
    return 0


def _as_json(faults: Sequence[Fault]) -> str:
    items = [
        {"name": f.name, "operations": f.operations, "refutes": f.refutes, "sentence": f.sentence}
        for f in faults
    ]
    return json.dumps(items, indent=1) + "\n"


def _lines(faults: Sequence[Fault]) -> list[str]:
    lines: list[str] = []
    for fault in faults:
        lines += [fault.name, *wrap(fault.sentence, _WIDTH, first="    ")]
        names = ", ".join(name.partition(".")[2] for name in fault.refutes)
        lines += wrap(f"refutes: {names}", _WIDTH, first="    ")
    return [*lines, "", f"{len(faults)} faults"]
