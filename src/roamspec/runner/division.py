"""Divides the checks of a run among machines: pure, and the same on each of them for the same input."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from roamspec.suite.exploration_limits import REQUESTS_LEFT_TO_EXPLORATION

FOR_SET_UP: Final = 180
"""Requests that each shard needs besides those of its checks: preflight, shared scenes, clean-up."""
FOR_COMPANY: Final = 120
"""Requests for what the checks of one company share: one check of the whole run declares them for all."""
OFTEN_SENT: Final = 0.55
"""Which part of the requests that they declare at most checks send in the mean, on the embedded emulator."""


@dataclass(frozen=True, slots=True)
class Divisible:
    """One check: it declares to send `requests` at most, and goes to the same shard as all checks that name
    the same `company`, because they share what is costly to arrange. What `explores` makes do with the
    requests that are left."""

    check: str
    requests: int
    company: str = ""
    explores: bool = False


@dataclass(frozen=True, slots=True)
class Division:
    """`parts` has the checks of each shard, the first one first."""

    parts: tuple[frozenset[str], ...]

    def __str__(self) -> str:
        """Short and the same for the same division: the number of checks and a digest of who has which."""
        lines = [f"{number} {check}" for number, part in enumerate(self.parts) for check in sorted(part)]
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return f"{len(lines)} checks {digest[:16]}"


def divide(checks: Iterable[Divisible], count: int, durations: Mapping[str, float]) -> Division:
    """Into `count` parts that take about as long as each other.

    `durations` are the seconds of earlier runs by check, and a check that they lack counts as those do that
    send as many requests. Without durations the requests that checks declare stand for the time.
    """
    groups: dict[str, dict[str, float]] = {}
    each = {one.check: one for one in checks}
    per_request = _seconds_per_request(each.values(), durations)
    for one in each.values():
        cost = durations.get(one.check, one.requests * per_request)
        groups.setdefault(one.company or one.check, {})[one.check] = cost
    parts: list[set[str]] = [set() for _ in range(count)]
    loads = [0.0] * count
    for _, group in sorted(groups.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        lightest = min(range(count), key=lambda number: (loads[number], len(parts[number]), number))
        parts[lightest].update(group)
        loads[lightest] += sum(group.values())
    return Division(tuple(map(frozenset, parts)))


def _seconds_per_request(checks: Iterable[Divisible], durations: Mapping[str, float]) -> float:
    known = [one for one in checks if one.check in durations]
    seconds, requests = sum(durations[one.check] for one in known), sum(one.requests for one in known)
    return seconds / requests if seconds and requests else 1.0


def request_bound(checks: Sequence[Divisible], part: Iterable[str], most: int) -> int:
    """How many requests the shard with the checks of `part` may send, where the whole run may send `most`.

    What its checks declare and share, so that none of them lacks requests that it would have in a whole run.
    Exploring checks share what is likely to be left of the run. At most what the whole run may send, and 0,
    for any number, where that is 0.
    """
    mine = frozenset(part)
    exploring = [one for one in checks if one.explores]
    others = [one for one in checks if not one.explores]
    own = sum(one.requests for one in others if one.check in mine)
    share = sum(one.requests for one in exploring if one.check in mine)
    companies = {one.company for one in others if one.company and one.check in mine}
    bound = FOR_SET_UP + own + FOR_COMPANY * len(companies)
    if share:
        left = max(0, most - FOR_SET_UP - OFTEN_SENT * sum(one.requests for one in others))
        all_of_them = sum(one.requests for one in exploring)
        bound += REQUESTS_LEFT_TO_EXPLORATION + round(left * share / all_of_them)
    return min(most, bound)
