"""How many requests the checks of a run sent over time, from their events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from roamspec.results.events import CheckFinished

_MOST_STEPS: Final = 60
_LEAST_STEP_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Sent:
    """What one check sent: `began_at` in Unix seconds; its requests count as spread evenly over its time."""

    began_at: float
    duration_s: float
    requests: int


def sent_by(finished: CheckFinished) -> Sent | None:
    """None for a check that sent nothing, or whose time is not known."""
    if not finished.began_at or not finished.requests:
        return None
    return Sent(finished.began_at, finished.duration_s, finished.requests)


def request_rate(sent: Sequence[Sent]) -> dict[str, Any]:
    """`step_s` and the requests of each step from the first check on; empty where nothing was sent."""
    if not sent:
        return {}
    began = min(each.began_at for each in sent)
    whole = max(each.began_at + each.duration_s for each in sent) - began
    step = max(_LEAST_STEP_S, whole / _MOST_STEPS)
    steps = [0.0] * max(1, min(_MOST_STEPS, int(whole / step) + 1))
    for each in sent:
        for number, share in _shares(each.began_at - began, each.duration_s, step, len(steps)):
            steps[number] += each.requests * share
    return {"step_s": round(step, 4), "requests": [round(number, 2) for number in steps]}


def _shares(begin: float, duration: float, step: float, most: int) -> Sequence[tuple[int, float]]:
    """Which part of a time falls into which step."""
    first = min(int(begin / step), most - 1)
    last = min(int((begin + duration) / step), most - 1)
    if duration <= 0 or first == last:
        return [(first, 1.0)]
    shares = []
    for number in range(first, last + 1):
        end = (number + 1) * step if number < most - 1 else begin + duration
        within = min(begin + duration, end) - max(begin, number * step)
        shares.append((number, max(0.0, within) / duration))
    return shares
