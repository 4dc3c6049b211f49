"""Waiting for an effect: looks again, ever more rarely, until it is there or patience ends."""

from collections.abc import Callable
from typing import TypeVar

from roamspec.target.patience import Patience
from roamspec.target.session import Session

T = TypeVar("T")
_FIRST_PAUSE_S = 0.03
_GROWTH = 1.6
_OF_THE_LAG = 0.4
"""The part of a known lag that passes between two looks."""


def wait_until(
    look: Callable[[], T],
    holds: Callable[[T], bool],
    session: Session,
    *,
    pause_s: float = _FIRST_PAUSE_S,
    at_least_s: float = 0.0,
    patience: Patience | None = None,
) -> T:
    """What `look` gives as soon as it `holds`, or the last look when patience ends (the session's, if no
    other is given)."""
    patience = patience or session.patience
    if patience is session.patience:
        # What is missing may also be a message that has not arrived yet.
        at_least_s = max(at_least_s, 3 * session.arrival_patience.lag_s)
    pause_s = max(patience.hasten(pause_s), _OF_THE_LAG * patience.lag_s)
    began, throttled = session.clock(), _throttled(session)
    seen = look()
    late, missed_s = False, 0.0
    while not holds(seen):
        missed_s = session.clock() - began
        if session.clock() - began >= max(patience.seconds, at_least_s):
            patience.was_in_vain()
            return seen
        session.sleep(pause_s)
        pause_s *= _GROWTH
        late = True
        seen = look()
    # It came after the look that missed it: what the last pause took too long is no lag, or each wait for
    # the same lag would be longer than the one before.
    # Nor is what was waited for because of a rate.
    late = late and _throttled(session) == throttled
    patience.came(min(session.clock() - began, _GROWTH * missed_s + _FIRST_PAUSE_S), late=late)
    return seen


def _throttled(session: Session) -> int:
    return sum(session.door.throttled.values())
