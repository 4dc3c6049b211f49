"""`roamspec requirements`: what the document promises, one promise and operation at a time."""

import argparse
import json
from collections.abc import Iterator, Sequence

from roamspec.cli.output import say
from roamspec.cli.parser import Parser
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Requirement, load_catalogue
from roamspec.errors import UsageError
from roamspec.report.text import wrap
from roamspec.sdk.catalogue import client_catalogue

DESCRIPTION = """\
Lists the requirements: what they promise, where the document says so, and which
of them decide the verdict."""

_WIDTH = 80


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "patterns",
        nargs="*",
        metavar="PATTERN",
        help="an ID (with * and ?), with or without its operation, an operation or a family",
    )
    parser.add_argument(
        "--operation", action="append", default=[], metavar="NAME", help="only of this operation"
    )
    parser.add_argument(
        "--clients", action="store_true", help="what is asked of clients, which `roamspec sdk` judges"
    )
    parser.add_argument("--json", action="store_true", help="as a list of JSON objects")


def execute(arguments: argparse.Namespace) -> int:
    catalogue = client_catalogue() if arguments.clients else load_catalogue(contract=load_contract())
    selected = catalogue.select(arguments.patterns, arguments.operation)
    if not selected:
        raise UsageError("No requirement fits the patterns and belongs to the operation; name fewer of them.")
    say(_as_json(selected) if arguments.json else "\n".join(_lines(selected)) + "\n")
    return 0


def _as_json(selected: Sequence[Requirement]) -> str:
    items = [
        {
            "id": requirement.id,
            "operation": requirement.operation,
            "family": requirement.family,
            "title": requirement.title,
            "level": requirement.level,
            "evidence": requirement.evidence,
            "decisive": requirement.decisive,
            "section": requirement.section,
            "line": requirement.line,
            "capabilities": list(requirement.capabilities),
            "unchecked": requirement.unchecked,
        }
        for requirement in selected
    ]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _lines(selected: Sequence[Requirement]) -> Iterator[str]:
    operation = ""
    for requirement in selected:
        if requirement.operation != operation:
            operation = requirement.operation
            yield f"{operation}\n"
        yield f"  {requirement.id}"
        yield from wrap(requirement.title, _WIDTH, first="    ")
        decides = "decisive" if requirement.decisive else "not decisive"
        facts = f"{requirement.level}, {requirement.evidence}, {decides}"
        yield from wrap(f"{facts}; {requirement.section}:{requirement.line}", _WIDTH, first="    ")
        if requirement.unchecked:
            yield from wrap(f"not checked: {requirement.unchecked}", _WIDTH, first="    ")
        yield ""
    decisive = sum(requirement.decisive for requirement in selected)
    noun = "requirement" if len(selected) == 1 else "requirements"
    yield f"{len(selected)} {noun}, {decisive} of them decisive"
