"""Waiting for an effect: looks again, ever more rarely, until it is there or patience ends."""

from collections.abc import Callable
from typing import TypeVar

from roamspec.target.patience import Patience
from roamspec.target.session import Session

T = TypeVar("T")
_FIRST_PAUSE_S = 0.03
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
    pause_s = max(pause_s, _OF_THE_LAG * patience.lag_s)
    began = session.clock()
    seen = look()
    late = False
    while not holds(seen):
        if session.clock() - began >= max(patience.seconds, at_least_s):
            patience.was_in_vain()
            return seen
        session.sleep(pause_s)
        pause_s *= 1.6
        late = True
        seen = look()
    patience.came(session.clock() - began, late=late)
    return seen
