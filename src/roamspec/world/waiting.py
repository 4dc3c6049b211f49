"""Waiting for an effect: looks again, ever more rarely, until it is there or patience ends."""

from collections.abc import Callable
from typing import TypeVar

from roamspec.target.session import Session

T = TypeVar("T")
_FIRST_PAUSE_S = 0.03


def wait_until(
    look: Callable[[], T],
    holds: Callable[[T], bool],
    session: Session,
    *,
    pause_s: float = _FIRST_PAUSE_S,
    at_least_s: float = 0.0,
) -> T:
    """What `look` gives as soon as it `holds`, or the last look when the session's patience ends."""
    began = session.clock()
    seen = look()
    late = False
    while not holds(seen):
        if session.clock() - began >= max(session.patience.seconds, at_least_s):
            session.patience.was_in_vain()
            return seen
        session.sleep(pause_s)
        pause_s *= 1.6
        late = True
        seen = look()
    session.patience.came(session.clock() - began, late=late)
    return seen
