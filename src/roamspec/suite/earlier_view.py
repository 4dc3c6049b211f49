"""What a user saw before a call: what another operation did meanwhile is no difference of this one."""

from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.world.conversations import HistoryView
from roamspec.world.facts import facts_of


class EarlierView:
    """What the owner of a fixture pulled last; pulled again where another operation was called since."""

    def __init__(self, case: CheckContext, fixture: ConversationFixture) -> None:
        self._operation = case.operation.name
        self._facts = facts_of(case.session)
        self._replace(fixture.view())

    def before(self, fixture: ConversationFixture) -> HistoryView:
        """What a call that comes now must leave as it is."""
        if any(call.operation != self._operation for call in self._facts.calls[self._calls :]):
            self._replace(fixture.view())
        return self._seen

    def after(self, fixture: ConversationFixture) -> HistoryView:
        """What there is now; it is what came before the next call."""
        self._replace(fixture.view())
        return self._seen

    def _replace(self, seen: HistoryView) -> None:
        self._seen, self._calls = seen, len(self._facts.calls)
