"""What the preflight of one session found out, for every other session of the same run."""

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roamspec.session.capabilities import Capabilities
from roamspec.session.waiting import WaitPolicy

if TYPE_CHECKING:
    from roamspec.session.session import Session

_WAITS = ("patience", "arrival_patience", "list_patience", "notice_patience")
"""The attributes of a session that say how long to wait for which effect."""


@dataclass(frozen=True, slots=True)
class PreflightResult:
    """`waits` are the session's wait policies by their attributes, with the lags that were seen;
    `groups_end_with_owner`: a user's groups and rooms are removed with the user."""

    capabilities: Capabilities = field(default_factory=Capabilities)
    waits: dict[str, WaitPolicy] = field(default_factory=dict)
    groups_end_with_owner: bool = False

    @classmethod
    def of(cls, session: "Session") -> "PreflightResult":
        """What a preflight found out about the target of a session."""
        return cls(
            session.capabilities,
            {name: copy(getattr(session, name)) for name in _WAITS},
            session.ledger.removes_owned,
        )

    def apply_to(self, session: "Session") -> None:
        """Let a session work as the one does whose preflight this is; nothing is sent."""
        session.capabilities = self.capabilities
        session.client.messages_lag_s = self.capabilities.messages_lag_s
        session.ledger.removes_owned = self.groups_end_with_owner
        for name, wait in self.waits.items():
            setattr(session, name, copy(wait))
        for app in (session.main, session.neighbour):
            if app:
                app.asks_for_ids = self.capabilities.sends_ask_for_ids
