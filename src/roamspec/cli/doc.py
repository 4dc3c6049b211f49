"""`roamspec doc`: whether a page of the vendor's documentation still says what the contract says."""

import argparse
import json
import sys
from pathlib import Path

from roamspec.cli.output import say
from roamspec.cli.parser import Parser
from roamspec.cli.target_options import add_network_options, resolve_network_to
from roamspec.contract.citations import load_citations
from roamspec.contract.errata import load_errata
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.report.terminal import Terminal
from roamspec.report.text import visible
from roamspec.sdk.catalogue import client_catalogue

DESCRIPTION = """\
Reads a page of the vendor's documentation, from a file or a URL: HTML, Markdown
or plain text, all five operations on one page or one of them. Compares its
operations, parameters, limits, defaults, error rows and samples with the
contract, and the cited words with their digests. Names the requirements that
rest on what changed.

exit status:
  0  the page says what the contract says
  1  something changed
  2  the file or an option cannot be used
  3  the page cannot be fetched or read, or documents none of the five operations"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument("page", metavar="FILE|URL", help="a saved page, or its address")
    parser.add_argument("--json", action="store_true", help="print a JSON document instead of text")
    parser.add_argument("--all", action="store_true", help="also list each fact that agrees")
    add_network_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    # Reading pages takes libraries that `--help` does without.
    from roamspec.cli.doc_text import examination_lines
    from roamspec.documentation.examination import NotThisPage, examine
    from roamspec.documentation.page import read_page

    contract = load_contract()
    catalogue, clients = load_catalogue(contract=contract), client_catalogue()
    errata = load_errata(catalogue=catalogue)
    page = read_page(_text_of(arguments))
    requirements = (*catalogue.values(), *clients.values())
    try:
        found = examine(page, contract, load_citations(), errata, requirements)
    except NotThisPage as error:
        raise NotThisPage(f"{arguments.page}: {error}") from error
    if arguments.json:
        document = {"page": arguments.page, **found.as_dict()}
        say(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    else:
        width = Terminal.of(sys.stdout).width
        lines = examination_lines(arguments.page, found, width, everything=arguments.all)
        say("".join(f"{visible(line)}\n" for line in lines))
    return 1 if found.changed else 0


def _text_of(arguments: argparse.Namespace) -> str:
    from roamspec.documentation.fetch import fetch, is_url, read_file

    if not is_url(arguments.page):
        return read_file(Path(arguments.page))
    return fetch(arguments.page, resolve_network_to(arguments.page, arguments))
