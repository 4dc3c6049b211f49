"""The numbers behind the charts: durations, requests per second, observed lag."""

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Curve:
    """Requests per second over time: `points` for an SVG polyline of 100 by 100, closed at the bottom."""

    points: str
    most: float
    seconds: float


def rate_curve(report: dict[str, Any]) -> Curve | None:
    """None for a report that does not say when requests were sent."""
    rate = report.get("request_rate")
    if not rate:
        return None
    step, values = rate["step_s"], [number / rate["step_s"] for number in rate["requests"]]
    most = max(values)
    if not most:
        return None
    width = 100 / len(values)
    corners = [(place, 100 - 100 * value / most) for place, value in enumerate(values)]
    line = " ".join(f"{x * width:.2f},{y:.2f} {(x + 1) * width:.2f},{y:.2f}" for x, y in corners)
    return Curve(f"0,100 {line} 100,100", most, step * len(values))


def lag_bars(report: dict[str, Any], names: Mapping[str, str]) -> Sequence[Bar]:
    """The longest lag of each kind of effect that was seen; `names` are what people read of the kinds."""
    lags = report.get("lags_s", {})
    largest = max(lags.values(), default=0.0) or 1.0
    return [Bar(names[kind], seconds, seconds / largest) for kind, seconds in lags.items() if kind in names]
