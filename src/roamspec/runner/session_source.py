"""Where the checks of one pytest session get their session from."""

from typing import Protocol

from roamspec.runner.planning import Plan
from roamspec.suite.effort import Effort
from roamspec.target.session import Session


class SessionSource(Protocol):
    """Opens a session when the first check needs one, and closes it after the last."""

    plan: Plan
    effort: Effort

    def open(self) -> Session:
        """The session, the same each time; a RoamspecError when the target cannot be tested."""

    def close(self) -> None:
        """Remove what was made and let go of the target; further calls do nothing."""
