"""Finds the operations on a page, and for each the facts of its section."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from roamspec.contract.citations import undressed
from roamspec.documentation.facts import (
    DocumentedError,
    DocumentedOperation,
    DocumentedPage,
    DocumentedParameter,
    Location,
)
from roamspec.documentation.page import Page
from roamspec.documentation.samples import sample_requests, sample_responses
from roamspec.documentation.tables import (
    Kind,
    Table,
    default_in,
    kind_of,
    most_in,
    rate_in,
    says_required,
    tables_in,
)

OURS: Final = "/rest/message/roaming/"
"""What stands in the path of each of the operations, and of no other one."""

_REQUEST_LINE: Final = re.compile(r"^\W{0,3}(GET|POST|PUT|PATCH|DELETE)\s+[`*]*(https?://[^\s`*]+)")
_STATUS_LINE: Final = re.compile(r"^[\s*-]*`?([45]\d\d)`?(?!\d)")
_LOCATIONS: Final[Mapping[Kind, Location]] = {"path": "path", "query": "query", "header": "header"}


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines of one operation, as indices: `request` is the request line, `end` is not included."""

    method: str
    path: str
    query: str
    request: int
    start: int
    end: int


def extract(page: Page, known_headings: Collection[str] = ()) -> DocumentedPage:
    """The facts of a page. `known_headings` begin an operation's section where nothing marks headings."""
    tables = list(tables_in(page.lines))
    sections = list(_sections(page, tables, {undressed(each) for each in known_headings}))
    first = sections[0].start if sections else len(page.lines)
    common = [each for each in tables if each.line < first]
    return DocumentedPage(
        tuple(_operation(section, page.lines, tables) for section in sections),
        _fields(table for table in common if kind_of(table, page.lines, -1) == "response"),
    )


def _sections(page: Page, tables: Sequence[Table], known: Collection[str]) -> Iterator[_Section]:
    requests = []
    for number, line in enumerate(page.lines):
        found = _REQUEST_LINE.match(line)
        if found and OURS in found[2]:
            requests.append((number, found[1], urlsplit(found[2])))
    starts = [_start(page, tables, number, known) for number, _, _ in requests]
    for index, (number, method, url) in enumerate(requests):
        start = starts[index] if len(requests) > 1 else 0
        end = starts[index + 1] if index + 1 < len(requests) else len(page.lines)
        yield _Section(method, url.path, url.query, number, start, end)


def _start(page: Page, tables: Sequence[Table], request: int, known: Collection[str]) -> int:
    """Where the section of the request line begins: at its heading, else behind what ends the one before."""
    above = [(number, level) for number, level in page.headings.items() if number < request]
    if above:
        near = max(above)[1]
        return max((number for number, level in above if level < near), default=max(above)[0])
    for number in range(request - 1, -1, -1):
        line = page.lines[number]
        if undressed(line) in known:
            return number
        if _STATUS_LINE.match(line) or any(table.last_line == number for table in tables):
            return number + 1
    return 0


def _operation(section: _Section, lines: Sequence[str], tables: Sequence[Table]) -> DocumentedOperation:
    own = [table for table in tables if section.request < table.line < section.end]
    after = [section.request, *(table.last_line for table in own)]
    kinds = [kind_of(table, lines, bound) for table, bound in zip(own, after, strict=False)]
    keys = _keys(section.query)
    rates = [rate for rate in map(rate_in, lines[section.start : section.end]) if rate is not None]
    parameters = [
        parameter
        for table, kind in zip(own, kinds, strict=True)
        if kind in _LOCATIONS or kind == "parameters"
        for parameter in _parameters(table, _LOCATIONS.get(kind, ""), section.path, keys)
    ]
    inside = {number for table in own for number in range(table.line, table.last_line + 1)}
    body = [(number, lines[number]) for number in range(section.request + 1, section.end)]
    return DocumentedOperation(
        method=section.method,
        path=section.path,
        keys=keys,
        line=section.request + 1,
        first=section.start + 1,
        last=section.end,
        parameters=tuple(parameters),
        rate=rates[0] if rates else None,
        fields=_fields(table for table, kind in zip(own, kinds, strict=True) if kind == "response"),
        errors=(
            *(
                row
                for table, kind in zip(own, kinds, strict=True)
                if kind == "error"
                for row in _errors(table)
            ),
            *_bare_statuses([each for each in body if each[0] not in inside]),
        ),
        requests=tuple(sample_requests(body)),
        responses=tuple(sample_responses(body)),
    )


def _keys(query: str) -> dict[str, str]:
    """Each key of a query template with the placeholder of its value, without the braces."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return {key: value.strip("{}") for key, _, value in pairs}


def _parameters(
    table: Table, location: Location, path: str, keys: Mapping[str, str]
) -> Iterator[DocumentedParameter]:
    """The request line says better than the heading of a table where a parameter stands."""
    by_placeholder = {placeholder: key for key, placeholder in keys.items()}
    seen: set[str] = set()
    for number, cells in table.rows:
        name, kind, text = cells[0], cells[1] if len(cells) > 1 else "", cells[-1]
        where: Location
        if location == "header":
            where, key = "header", name
        elif f"{{{name}}}" in path and location != "query" and name not in seen:
            where, key = "path", name
        elif name in by_placeholder or name in keys:
            where, key = "query", by_placeholder.get(name, name)
        else:
            where, key = location if location == "path" and not seen else "query", name
        seen.add(name)
        yield DocumentedParameter(
            name=name,
            key=key,
            location=where,
            type=kind,
            required=says_required(cells[2]) if len(cells) > 3 else None,
            default=default_in(text),
            most=most_in(text),
            text=text,
            line=number + 1,
        )


def _fields(tables: Iterator[Table] | Sequence[Table] | Collection[Table]) -> dict[str, str]:
    return {cells[0]: cells[1] for table in tables for _, cells in table.rows if len(cells) > 1}


def _errors(table: Table) -> Iterator[DocumentedError]:
    for number, cells in table.rows:
        if cells[0].isascii() and cells[0].isdecimal():
            error, description = (*cells[1:3], "", "")[:2]
            yield DocumentedError(int(cells[0]), error, description, number + 1)


def _bare_statuses(lines: Sequence[tuple[int, str]]) -> Iterator[DocumentedError]:
    """Lines that begin with a status of an error, as pages had them before they had tables."""
    for number, line in lines:
        found = _STATUS_LINE.match(line)
        if found:
            yield DocumentedError(int(found[1]), "", "", number + 1)
