"""What of the contract the calls exercised: operations, parameters, defaults, error rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from roamspec.contract.operations import Operation
from roamspec.sdk.addresses import owner_of
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.contracted import contract

KINDS: Final = ("operations", "parameters", "defaults", "error-rows")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that tests can exercise: `name` is unique within its operation and kind."""

    operation: str
    kind: str
    name: str
    covered: bool


def coverage(calls: Sequence[ObservedCall], operations: Collection[str]) -> list[Item]:
    """The items of these operations in the contract's order; a parameter counts when its call was served."""
    found: list[Item] = []
    for operation in contract().operations.values():
        if operation.name in operations:
            found += _items(operation, [call for call in calls if call.deletion == operation.name])
    return found


def _items(operation: Operation, calls: Sequence[ObservedCall]) -> Iterable[Item]:
    served = [call for call in calls if call.served]
    yield Item(operation.name, "operations", operation.name, bool(served))
    for parameter in operation.parameters:
        if parameter.name in ("org_name", "app_name"):
            continue
        if parameter.location == "path":
            sent = any(owner_of(call) for call in served)
        else:
            sent = any(pair.value for call in served for pair in call.values(parameter.name))
        yield Item(operation.name, "parameters", f"{parameter.name} in {parameter.location}", sent)
        if parameter.default is not None:
            absent = any(not call.values(parameter.name) for call in served)
            yield Item(operation.name, "defaults", f"no {parameter.name}", absent)
    for row in operation.error_rows:
        answered = [c for c in calls if c.status == row.status and c.error == (row.error, row.description)]
        # A closed service is nobody's fault; the other rows answer a violation, which must be meant.
        meant = any(call.announced or row.key == "not-open" for call in answered)
        yield Item(operation.name, "error-rows", row.key, meant)


def percentages(items: Sequence[Item]) -> Mapping[str, float]:
    """Of each kind, and of `all`; 100 where there is nothing to cover."""
    found = {}
    for kind in (*KINDS, "all"):
        of_kind = [item for item in items if kind in (item.kind, "all")]
        done = sum(item.covered for item in of_kind)
        found[kind] = 100.0 * done / len(of_kind) if of_kind else 100.0
    return found


def below_floor(items: Sequence[Item], floors: Mapping[str, float]) -> list[str]:
    """One sentence for each floor that is not reached; the keys are those of `percentages`."""
    reached = percentages(items)
    return [
        f"Coverage of {'everything' if kind == 'all' else kind} is {round(reached[kind], 1):g}%, below the "
        f"{floor:g}% of --min-coverage."
        for kind, floor in floors.items()
        if reached[kind] < floor
    ]


def as_dict(items: Sequence[Item]) -> dict[str, Any]:
    """The form that stands in `report.json`."""
    return {
        "percent": {kind: round(value, 1) for kind, value in percentages(items).items()},
        "items": [
            {"operation": i.operation, "kind": i.kind, "name": i.name, "covered": i.covered} for i in items
        ],
    }
