"""The numbers behind the charts of durations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

_MOST_BARS: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """`share` is `seconds` by the largest of the chart, from 0 to 1."""

    label: str
    seconds: float
    share: float


def slowest_bars(items: Sequence[dict[str, Any]]) -> Sequence[Bar]:
    """The checks that took longest, each once."""
    checks = {check["id"]: check["duration_s"] for item in items for check in item["checks"]}
    slowest = sorted(checks.items(), key=lambda each: (-each[1], each[0]))[:_MOST_BARS]
    return _bars([(name, seconds) for name, seconds in slowest if seconds > 0])


def operation_bars(items: Sequence[dict[str, Any]]) -> Sequence[Bar]:
    """The time of each operation's checks; a check of two operations counts for both."""
    checks: dict[str, dict[str, float]] = {}
    for item in items:
        for operation in item["operations"]:
            own = checks.setdefault(operation, {})
            own.update((check["id"], check["duration_s"]) for check in item["checks"])
    return _bars([(name, sum(own.values())) for name, own in checks.items() if sum(own.values()) > 0])


def _bars(values: Sequence[tuple[str, float]]) -> Sequence[Bar]:
    largest = max((seconds for _, seconds in values), default=0.0)
    return [Bar(name, seconds, seconds / largest) for name, seconds in values]
