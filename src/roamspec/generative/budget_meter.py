"""What exploring and following up cost, and waiting less where it was waited long enough before."""

import contextlib
from collections.abc import Iterator

from roamspec.session.session import Session
from roamspec.session.waiting import WaitPolicy


class Meter:
    """Requests and seconds between each `start` and `stop`; may be started again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._requests = 0
        self._seconds = 0.0
        self._since: tuple[int, float] | None = None

    def start(self) -> None:
        """Count from now on."""
        self._since = (self._session.client.requests, self._session.clock())

    def stop(self) -> None:
        """Keep what was counted so far."""
        self._requests, self._seconds = self.requests, self.seconds
        self._since = None

    @property
    def requests(self) -> int:
        """The session's requests while the meter ran."""
        running = self._session.client.requests - self._since[0] if self._since else 0
        return self._requests + running

    @property
    def seconds(self) -> float:
        """Seconds of the session's clock while the meter ran."""
        return self._seconds + (self._session.clock() - self._since[1] if self._since else 0.0)


_PATIENCES = ("patience", "arrival_patience", "list_patience", "notice_patience")


class _Hurry(WaitPolicy):
    FIRST_S = 0.25
    LEAST_S = 0.25


@contextlib.contextmanager
def hurried(session: Session) -> Iterator[None]:
    """Wait a short time only, but no shorter than three times the lag that was seen so far.

    For runs that repeat what was already waited for: a difference that shows in a hurry alone does not
    survive the last, unhurried run.
    """
    before = {name: getattr(session, name) for name in _PATIENCES}
    for name, patience in before.items():
        setattr(session, name, _hurry(patience))
    try:
        yield
    finally:
        for name, patience in before.items():
            setattr(session, name, patience)


def _hurry(before: WaitPolicy) -> WaitPolicy:
    hurry = _Hurry()
    hurry.lag_s = before.lag_s
    return hurry
