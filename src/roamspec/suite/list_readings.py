"""Further readings of conversation lists, for the comparison after a check alone: the owner's list and that
of another member, when a call has deleted something.

A list is only read where it shows at once what was done, and never so often that a service could mind it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from roamspec.appkey import AppKey
from roamspec.config.addresses import is_loopback
from roamspec.errors import TargetError
from roamspec.suite.context import CheckContext
from roamspec.suite.exploration_limits import LEFT_TO_DRAWN_CALLS
from roamspec.suite.history_comparison import expected
from roamspec.suite.marks import Profile
from roamspec.transport.ledger import LedgerEntry
from roamspec.world.facts import Call, Facts

MOST_READINGS: Final[dict[Profile, int]] = {"quick": 40, "standard": 80, "deep": 600}
"""How many requests of a run may be for this alone: a list of many pages takes several."""
_ONE_CHECK_IN: Final[dict[Profile, int]] = {"quick": 2, "standard": 1, "deep": 1}
_QUICK_S: Final = 0.2
"""A list that lags longer is not read for this."""
_MINUTE_S: Final = 60.0


@dataclass
class _Readings:
    """What a run has read for this alone: in how many requests, and when each user's list was read last."""

    requests: int = 0
    last_at: dict[tuple[AppKey, str], float] = field(default_factory=dict)


def read_lists(case: CheckContext, facts: Facts, calls: Sequence[Call]) -> None:
    """Read the lists of some whom the calls of a check may have touched, if the target and the budget allow
    it; what they show is written down in `facts`."""
    profile, variety = case.limits.profile, case.session.variety
    if variety is None or not _shows_at_once(case) or not variety.one_in(_ONE_CHECK_IN[profile]):
        return
    readings = case.session.shared.get(_Readings)
    for app, user in _touched(facts, calls):
        world = next((world for world in case.worlds if world.app.key == app), None)
        if world is None or readings.requests >= MOST_READINGS[profile]:
            continue
        if not case.session.ledger.is_present(LedgerEntry(app, "user", user)):
            continue
        if not case.session.client.allowance.can_spare(LEFT_TO_DRAWN_CALLS) or _read_lately(
            case, readings, app, user
        ):
            continue
        before = case.session.client.requests
        readings.last_at[app, user] = case.session.clock()
        try:
            world.lists_now(user, ())
        except TargetError:
            return
        finally:
            readings.requests += case.session.client.requests - before


def _shows_at_once(case: CheckContext) -> bool:
    session = case.session
    lag_s = max(session.capabilities.list_lag_s, session.list_patience.lag_s)
    throttled = session.client.throttled.get("lists", 0)
    return session.capabilities.list_form is not None and lag_s <= _QUICK_S and not throttled


def _read_lately(case: CheckContext, readings: _Readings, app: AppKey, user: str) -> bool:
    """Whether a user's list was read within a minute: a list may be read but a few times a minute, which is
    left to the checks. A service on this machine says so itself."""
    at = readings.last_at.get((app, user))
    near = is_loopback(case.session.client.base_url)
    return at is not None and not near and case.session.clock() - at < _MINUTE_S


def _touched(facts: Facts, calls: Sequence[Call]) -> Iterator[tuple[AppKey, str]]:
    """Whom the last call that was accepted may have touched: the first other member where it acted, and its
    owner, if nothing is left there."""
    last = max((call for call in calls if call.outcome == "done"), key=lambda call: call.number, default=None)
    if last is None:
        return
    acted = [
        (place, conversation)
        for place, conversation in list(facts.conversations.items())
        if conversation.kind != "room" and last.owner in conversation.members and last.concerns(place)
        if facts.said.get(place) and place not in facts.unknown
    ]
    others = (each for _, conversation in acted for each in conversation.members if each != last.owner)
    other = next(others, None)
    if other is not None:
        yield last.app, other
    known = [one for place, _ in acted for one in expected(facts, place, last.owner).values()]
    if known and all(one.state == "gone" for one in known):
        yield last.app, last.owner
