"""Compares the facts of a page with the contract, fact by fact."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from roamspec.contract.operations import Contract, Operation, Parameter
from roamspec.contract.references import dereferenced
from roamspec.documentation.extraction import OURS
from roamspec.documentation.facts import (
    DocumentedOperation,
    DocumentedPage,
    DocumentedParameter,
    SampleRequest,
)
from roamspec.documentation.findings import Finding, compared
from roamspec.resources import folder

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_TYPES: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("string", "array"),
    "long": ("integer",),
    "int": ("integer",),
    "integer": ("integer",),
    "number": ("number",),
    "boolean": ("boolean",),
    "bool": ("boolean",),
}
"""The page's words for types, and what the contract calls the same; a list of IDs is a String on the page."""
_OWN_FIELDS: Final = ("requestStatusCode", "timestamp")


def compare(
    documented: DocumentedPage, contract: Contract, known_lines: Collection[int] = ()
) -> list[Finding]:
    """Every fact of the page beside that of the contract.

    What a page of one operation does not hold of the others is not missing. `known_lines` are lines of the
    page whose slips are known: their samples are not compared.
    """
    return list(_Comparison(contract, frozenset(known_lines)).of(documented))


def operation_of(documented: DocumentedOperation, contract: Contract) -> Operation | None:
    """The operation of the contract that has the same path, whatever its placeholders and its prefix."""
    return next(
        (each for each in contract.operations.values() if _skeleton(each.path) == _skeleton(documented.path)),
        None,
    )


def _skeleton(path: str) -> str:
    return _PLACEHOLDER.sub("{}", path.partition(OURS)[2])


class _Comparison:
    def __init__(self, contract: Contract, known_lines: frozenset[int]) -> None:
        self._contract = contract
        self._known_lines = known_lines
        path = folder("contracts") / "deletion.openapi.yaml"
        paths = dereferenced(contract.document, path=path)["paths"]
        self._described = {
            described["operationId"]: described
            for item in paths.values()
            for key, described in item.items()
            if key != "parameters"
        }

    def of(self, documented: DocumentedPage) -> Iterator[Finding]:
        found: set[str] = set()
        for each in documented.operations:
            operation = operation_of(each, self._contract)
            if operation is None:
                name = f"{each.method} {each.path}"
                yield compared(name, "request", "operation", contract=None, page=name, line=each.line)
            else:
                found.add(operation.name)
                yield from self._of_operation(each, operation)
        if len(documented.operations) > 1:
            for name, operation in self._contract.operations.items():
                if name not in found:
                    request = f"{operation.method} {operation.path}"
                    yield compared(name, "request", "operation", contract=request, page=None)
        if documented.common_fields:
            yield from self._common_fields(documented.common_fields)

    def _of_operation(self, page: DocumentedOperation, operation: Operation) -> Iterator[Finding]:
        name = operation.name
        yield compared(name, "request", "method", contract=operation.method, page=page.method, line=page.line)
        ours, theirs = (path.partition(OURS)[0] for path in (operation.path, page.path))
        yield compared(name, "request", "beginning of the path", contract=ours, page=theirs, line=page.line)
        yield from _of_path(page, operation)
        yield from _of_query(page, operation)
        yield from self._headers(page, name)
        yield compared(
            name,
            "rate",
            "calls per second",
            contract=operation.rate_per_second,
            page=page.rate,
            line=page.first,
        )
        yield from self._fields(page, name)
        yield from _of_errors(page, operation)
        yield from self._samples(page, operation)

    def _headers(self, page: DocumentedOperation, name: str) -> Iterator[Finding]:
        expected = self._described[name]["x-roamspec-required-headers"]
        given = {each.key: each for each in page.parameters if each.location == "header"}
        for key in (*expected, *(key for key in given if key not in expected)):
            documented = given.get(key)
            line = documented.line if documented else None
            wanted = expected[key]["required"] if key in expected else None
            yield compared(
                name, f"header/{key}", "required", line=line, contract=wanted,
                page=None if documented is None else bool(documented.required),
            )  # fmt: skip
            if documented and key in expected:
                value = _header_value(expected[key]["schema"])
                shown = value if value in documented.text else documented.text
                yield compared(name, f"header/{key}", "value", contract=value, page=shown, line=line)

    def _fields(self, page: DocumentedOperation, name: str) -> Iterator[Finding]:
        properties = self._properties(name)
        for field in (*_OWN_FIELDS, *(field for field in page.fields if field not in _OWN_FIELDS)):
            yield _of_field(name, field, properties.get(field), page.fields.get(field))

    def _common_fields(self, common: Mapping[str, str]) -> Iterator[Finding]:
        every = "all operations"
        properties = {
            key: value for key, value in self._properties("clearUser").items() if key != "requestStatusCode"
        }
        for field in (*properties, *(field for field in common if field not in properties)):
            yield _of_field(every, field, properties.get(field), common.get(field))

    def _properties(self, name: str) -> dict[str, Any]:
        schema = self._described[name]["responses"]["200"]["content"]["application/json"]["schema"]
        parts = (schema, *schema.get("allOf", ()))
        return {key: value for part in parts for key, value in part.get("properties", {}).items()}

    def _samples(self, page: DocumentedOperation, operation: Operation) -> Iterator[Finding]:
        name, content = operation.name, self._described[operation.name]["responses"]["200"]["content"]
        sample = next(iter(content["application/json"]["examples"].values()))["value"]
        for shown in page.responses:
            pairs = (_shape(each) for each in (sample, shown))
            ours, theirs = pairs
            yield compared(name, "sample/response", "fields", contract=ours, page=theirs)
        for request in page.requests:
            yield from self._request(request, operation)

    def _request(self, sample: SampleRequest, operation: Operation) -> Iterator[Finding]:
        name, fact = operation.name, "sample/request"
        yield compared(name, fact, "method", contract=operation.method, page=sample.method, line=sample.line)
        known = {each.name for each in operation.parameters if each.location == "query"}
        needed = {each.name for each in operation.parameters if each.location == "query" and each.required}
        keys, line = set(sample.keys), sample.line
        for key in sorted((keys - known) | (needed - keys)):
            ours, theirs = (key if key in each else None for each in (known, keys))
            yield compared(name, fact, f"query key {key}", contract=ours, page=theirs, line=line)
        if self._known_lines & set(range(sample.line, sample.last_line + 1)):
            return
        expected = self._described[name]["x-roamspec-required-headers"]
        for header, value in sample.headers.items():
            if header in expected and "const" in expected[header]["schema"]:
                wanted = expected[header]["schema"]["const"]
                yield compared(name, fact, f"header {header}", contract=wanted, page=value, line=line)


def _of_path(page: DocumentedOperation, operation: Operation) -> Iterator[Finding]:
    ours, theirs = (_PLACEHOLDER.findall(each.path.partition(OURS)[2]) for each in (operation, page))
    rows = {each.name: each for each in page.parameters if each.location == "path"}
    for key, shown in zip(ours, theirs, strict=True):
        fact, row = f"path/{key}", rows.get(shown)
        yield compared(operation.name, fact, "name", contract=key, page=shown, line=page.line)
        declared = next(each for each in operation.parameters if (each.location, each.name) == ("path", key))
        yield from _of_parameter(operation.name, fact, declared, row)


def _of_query(page: DocumentedOperation, operation: Operation) -> Iterator[Finding]:
    rows = {each.key: each for each in page.parameters if each.location == "query"}
    declared = {each.name: each for each in operation.parameters if each.location == "query"}
    for key in (*declared, *(key for key in {**page.keys, **rows} if key not in declared)):
        fact, row = f"query/{key}", rows.get(key)
        line = row.line if row else page.line
        ours = key if key in declared else None
        if key not in page.keys and row is None:
            yield compared(operation.name, fact, "parameter", contract=ours, page=None)
            continue
        theirs = key if key in page.keys else None
        yield compared(
            operation.name, fact, "key in the request line", contract=ours, page=theirs, line=page.line
        )
        if key in declared:
            name = row.name if row else key
            yield compared(operation.name, fact, "name in the table", contract=key, page=name, line=line)
            yield from _of_parameter(operation.name, fact, declared[key], row)


def _of_parameter(
    operation: str, fact: str, declared: Parameter, row: DocumentedParameter | None
) -> Iterator[Finding]:
    if row is None:
        yield compared(operation, fact, "row of the table", contract=declared.name, page=None)
        return
    kinds = _TYPES.get(row.type.lower(), ())
    yield compared(
        operation, fact, "type", line=row.line, contract=declared.type,
        page=declared.type if declared.type in kinds else row.type,
    )  # fmt: skip
    for aspect, ours, theirs in (
        ("required", declared.required, row.required),
        ("default", declared.default, row.default),
        ("most items", declared.max_items, row.most),
    ):
        if (ours, theirs) != (None, None):
            yield compared(operation, fact, aspect, contract=ours, page=theirs, line=row.line)


def _of_field(operation: str, field: str, described: Mapping[str, Any] | None, word: str | None) -> Finding:
    ours = None if described is None else str(described["type"])
    kinds = _TYPES.get((word or "").lower(), ())
    theirs = ours if ours in kinds else word
    return compared(operation, f"response/{field}", "type", contract=ours, page=theirs)


def _of_errors(page: DocumentedOperation, operation: Operation) -> Iterator[Finding]:
    """Rows of the same error type are the same row."""
    left = list(page.errors)
    for ours in operation.error_rows:
        fact = f"error/{ours.key}"
        theirs = next((each for each in left if each.error == ours.error), None)
        if theirs is None:
            row = f"{ours.status}, {ours.error}, {ours.description}"
            yield compared(operation.name, fact, "row", contract=row, page=None)
            continue
        left.remove(theirs)
        for aspect, one, other in (
            ("status", ours.status, theirs.status),
            ("text", ours.description, theirs.description),
        ):
            yield compared(operation.name, fact, aspect, contract=one, page=other, line=theirs.line)
    for each in left:
        row = ", ".join(part for part in (str(each.status), each.error, each.description) if part)
        yield compared(operation.name, "error", "row", contract=None, page=row, line=each.line)


def _header_value(schema: Mapping[str, Any]) -> str:
    """The word that a header's description has to hold."""
    return str(schema["const"]) if "const" in schema else "Bearer"


def _shape(sample: object) -> str:
    """Fields and types of a sample, and the literal values that are no times."""
    if not isinstance(sample, dict):
        return type(sample).__name__
    return ", ".join(
        f"{key}: {value if isinstance(value, str) else type(value).__name__}"
        for key, value in sorted(sample.items())
    )
