"""Users of a run that nobody has met yet, and those whom several checks share."""

from collections.abc import Sequence
from typing import Final

from roamspec.api import provisioning
from roamspec.api.app_client import AppClient
from roamspec.errors import SetupFailed
from roamspec.session.session import Session

USER_POOL_SIZE: Final = 10
"""How many users are registered at a time."""
_RELATED_TO: Final = 3
"""How many plain names come first, to which others are related."""


class UserPool:
    """Registers users of one app, several at a time where the service takes a list.

    Raises SetupFailed when the target does not register them.
    """

    def __init__(self, session: Session, app: AppClient, key: str) -> None:
        """Pools of the same `key` share their shared users."""
        self._session = session
        self._app = app
        self._key = key

    def take(self, count: int, *, last: bool = False) -> list[str]:
        """`count` users whom nobody has met.

        The first that were registered are those to whom others may be related: users whom all checks meet are
        taken there, the others from the end (`last`).
        """
        with self._session.lock:
            unmet = self._session.user_pool.setdefault(self._app.key, [])
            if len(unmet) < count:
                more = max(count - len(unmet), USER_POOL_SIZE if self._app is self._session.main else 0)
                unmet += self._register_new(more)
            cut = len(unmet) - count if last else count
            taken, rest = (unmet[cut:], unmet[:cut]) if last else (unmet[:cut], unmet[cut:])
            unmet[:] = rest
            return taken

    def shared(self, count: int) -> list[str]:
        """The first `count` of those whom all checks of this pool meet."""
        with self._session.lock:
            shared = self._session.shared_users.setdefault(self._key, [])
            if count > len(shared):
                shared += self.take(count - len(shared))
            return shared[:count]

    def register(self, names: Sequence[str]) -> list[str]:
        """Register users of these names; returns when the service knows them."""
        provisioning.register(self._app, self._session.ledger, names, self._session.password)
        if self._session.capabilities.users_lag_s:
            self._session.sleep(self._session.capabilities.users_lag_s)
        return list(names)

    def _register_new(self, count: int) -> list[str]:
        """Users with names that are varied, unless the target does not take such names."""
        names = self._session.names
        if names.varied:
            met = [name for shared in self._session.shared_users.values() for name in shared]
            plain = [] if met else [names.fresh() for _ in range(_RELATED_TO)]
            people = [*plain, *(names.person(met or plain) for _ in range(count - len(plain)))]
            try:
                return self.register(people)
            except SetupFailed:
                names.be_plain()
                self._session.notes.append(
                    "User IDs are of one form alone: the target did not take others that are documented."
                )
        return self.register([names.fresh() for _ in range(count)])
