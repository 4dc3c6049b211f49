"""`roamspec requirements`: what the documentation requires, one requirement and operation at a time."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from roamspec.cli.language import texts
from roamspec.cli.output import say
from roamspec.cli.parser import Parser, whole_number
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, Requirement, load_catalogue
from roamspec.contract.revisions import Difference, Revision, as_of, differences, load_revisions
from roamspec.errors import UsageError
from roamspec.language.translation import N_
from roamspec.report.citations import place_of
from roamspec.report.terminal_text import wrap
from roamspec.results.document import translated_titles
from roamspec.sdk.catalogue import client_catalogue

DESCRIPTION = """\
Lists the requirements: what they state, where the documentation says so, and
which of them are blocking."""

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
        "--clients", action="store_true", help="the requirements on clients, which `roamspec sdk` checks"
    )
    parser.add_argument(
        "--since", type=whole_number(1, 9999), metavar="REVISION", help="what was added or changed after it"
    )
    parser.add_argument("--json", action="store_true", help="as a list of JSON objects")


def execute(arguments: argparse.Namespace) -> int:
    catalogue = client_catalogue() if arguments.clients else load_catalogue(contract=load_contract())
    selected = catalogue.select(arguments.patterns, arguments.operation)
    if not selected:
        raise UsageError("No requirement matches both the patterns and the operation; give fewer of them.")
    if arguments.since is not None:
        return _say_since(catalogue, selected, arguments.since, as_json=arguments.json)
    say(_as_json(selected) if arguments.json else "\n".join(_lines(selected)) + "\n")
    return 0


def _say_since(catalogue: Catalogue, selected: Sequence[Requirement], since: int, *, as_json: bool) -> int:
    revisions = load_revisions(catalogue=load_catalogue(contract=load_contract()))
    as_of(catalogue, revisions, since)  # a revision that there is not, there is nothing since
    chosen = {requirement.id for requirement in selected}
    found = [each for each in differences(catalogue, revisions, since) if each.requirement.id in chosen]
    if as_json:
        items = [
            {
                "id": each.requirement.id,
                "revision": each.revision,
                "kind": each.kind,
                "title": each.requirement.title,
                **translated_titles(each.requirement),
                "decisive": each.requirement.decisive,
                "because": each.because,
            }
            for each in found
        ]
        say(json.dumps(items, ensure_ascii=False, indent=1) + "\n")
        return 0
    say("\n".join(_lines_since(found, revisions, since)) + "\n")
    return 0


def _lines_since(found: Sequence[Difference], revisions: Sequence[Revision], since: int) -> Iterator[str]:
    for revision in revisions[since:]:
        yield from _wrapped(f"revision {revision.number}: {revision.summary}")
        yield ""
    for each in found:
        requirement = each.requirement
        decides = _blocking(requirement)
        yield f"  {requirement.id}"
        yield from _wrapped(requirement.title, "    ")
        yield from _wrapped(f"{each.kind} in revision {each.revision}; {decides}", "    ")
        if each.because:
            yield from _wrapped(each.because, "    ")
        yield ""
    kinds = Counter(each.kind for each in found)
    counts = ", ".join(f"{kinds[kind]} {kind}" for kind in ("added", "split", "changed"))
    yield texts().sentence(f"since revision {since}: {counts}")


def _blocking(requirement: Requirement) -> str:
    return N_("blocking") if requirement.decisive else N_("non-blocking")


def _wrapped(text: str, first: str = "", rest: str | None = None) -> list[str]:
    return wrap(texts().sentence(text), _WIDTH, first=first, rest=rest)


def _as_json(selected: Sequence[Requirement]) -> str:
    items = [
        {
            "id": requirement.id,
            "operation": requirement.operation,
            "family": requirement.family,
            "title": requirement.title,
            **translated_titles(requirement),
            "level": requirement.level,
            "evidence": requirement.evidence,
            "decisive": requirement.decisive,
            "source": requirement.source.as_dict(),
            "cites": [source.as_dict() for source in requirement.sources],
            "step": requirement.step,
            "capabilities": list(requirement.capabilities),
            "unchecked": requirement.unchecked,
        }
        for requirement in selected
    ]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _lines(selected: Sequence[Requirement]) -> Iterator[str]:
    _, operation = texts().gettext, ""
    for requirement in selected:
        if requirement.operation != operation:
            operation = requirement.operation
            yield f"{operation}\n"
        yield f"  {requirement.id}"
        yield from _wrapped(requirement.title, "    ")
        words = (requirement.level, requirement.evidence, _blocking(requirement))
        facts = _(", ").join(map(_, words))
        yield from _wrapped(facts, "    ")
        for source in requirement.sources:
            place, says = place_of(source.as_dict(), texts()), texts().sentence(source.says)
            yield from _wrapped(_("{place}: {says}").format(place=place, says=says), "    ", "      ")
        if requirement.step:
            step = texts().sentence(requirement.step)
            yield from _wrapped(_("thus: {step}").format(step=step), "    ", "      ")
        if requirement.unchecked:
            yield from _wrapped(f"not checked: {requirement.unchecked}", "    ")
        yield ""
    decisive = sum(requirement.decisive for requirement in selected)
    noun = "requirement" if len(selected) == 1 else "requirements"
    yield texts().sentence(f"{len(selected)} {noun}, {decisive} of them blocking")
