"""Where checks run: on one session for all of them, or on one of their own each."""

from collections.abc import Callable, Sequence
from typing import Protocol

from roamspec.results.events import Judgement
from roamspec.session.session import Session


class SessionProvider(Protocol):
    """What the checks of an engine run on."""

    def takes(self, check: str, *, generative: bool) -> bool:
        """Whether it has a use for a check; `generative` ones draw their calls."""

    def collected(self, checks: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Every check there is, also if it is not selected: its ID, and the requirements that it judges."""

    def begin(self, check: str) -> Session:
        """The session of one check, before it runs."""

    def end(self, check: str, judgements: Sequence[Judgement], detail: str) -> str:
        """The check has run; returns `detail`, why the suite failed in it if it did, or one of its own."""


class SharedSessionProvider:
    """One session for all checks, opened when the first one needs it."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self._session = session

    def takes(self, check: str, *, generative: bool) -> bool:  # noqa: ARG002
        """Every check."""
        return True

    def collected(self, checks: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Nothing needs to be known."""

    def begin(self, check: str) -> Session:  # noqa: ARG002
        """The one session."""
        return self._session()

    def end(self, check: str, judgements: Sequence[Judgement], detail: str) -> str:  # noqa: ARG002
        """What the check says itself."""
        return detail
