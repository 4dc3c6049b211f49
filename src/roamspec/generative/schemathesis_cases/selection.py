"""Which of the generated calls are sent: those that no other check makes, each value once."""

from collections.abc import Iterable, Iterator
from typing import Final

from roamspec.contract.operations import Operation
from roamspec.generative.schemathesis_cases.expectations import expectation_of
from roamspec.generative.schemathesis_cases.generation import GeneratedCall

_ELSEWHERE: Final = ("missing.", "method.", "limit.")
"""Calls without a parameter, with another method or with too many IDs: the checks of these families and the
drawn sequences make them, beside messages that could be deleted."""
_NOTIFY: Final = "isNotify"
_DOCUMENTED: Final = ("true", "false")


def alone_shown(operation: Operation, calls: Iterable[GeneratedCall]) -> Iterator[GeneratedCall]:
    """The calls that nothing else stands for. A value of another parameter is tried once, not with each
    documented value of `isNotify`."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for call in calls:
        if expectation_of(operation, call.method, call.query).requirement.startswith(_ELSEWHERE):
            continue
        values = tuple(pair for pair in call.query if pair[0] != _NOTIFY or pair[1] not in _DOCUMENTED)
        if values not in seen:
            seen.add(values)
            yield call
