"""Waiting for an effect: looks again, ever more rarely, until it is there or patience ends."""

from collections.abc import Callable
from typing import TypeVar

from roamspec.session.session import Session
from roamspec.session.waiting import WaitPolicy

T = TypeVar("T")
_FIRST_PAUSE_S = 0.03
_SHORTEST_PAUSE_S = 0.01
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
    patience: WaitPolicy | None = None,
    operation: str = "",
) -> T:
    """What `look` gives as soon as it `holds`, or the last look when patience ends (the session's, if no
    other is given).

    The time counts from the last request of this thread that may have changed something, so that several
    effects of one call are waited for once. `operation` is the one whose effect it is, if it is one's.
    """
    patience = patience or session.patience
    if patience is session.patience:
        # What is missing may also be a message that has not arrived yet.
        at_least_s = max(at_least_s, 3 * session.arrival_patience.lag_s)
    pause_s = max(patience.hasten(pause_s), _OF_THE_LAG * patience.lag_s)
    began, throttled = session.clock(), _throttled(session)
    since = session.client.changed_in_thread_at or began
    seen = look()
    late, missed_s = False, 0.0
    while not holds(seen):
        missed_s = session.clock() - began
        left_s = max(patience.seconds_for(operation), at_least_s) - (session.clock() - since)
        if left_s <= 0 and (late or patience.gave_up(since)):
            patience.note_timeout(operation, since=since)
            return seen
        with session.turns.aside():
            session.sleep(min(pause_s, max(left_s, _SHORTEST_PAUSE_S)))
        pause_s *= _GROWTH
        late = True
        seen = look()
    # It came after the look that missed it: what the last pause took too long is not a lag, or each wait for
    # the same lag would be longer than the one before.
    # Nor is what was waited for because of a rate.
    late = late and _throttled(session) == throttled
    waited_s = min(session.clock() - began, _GROWTH * missed_s + _FIRST_PAUSE_S)
    patience.note_arrival(began - since + waited_s, late=late)
    return seen


def _throttled(session: Session) -> int:
    return sum(session.client.throttled.values())
