"""What no generated call names must still be there when all of them were sent."""

from dataclasses import dataclass

from roamspec.generative.schemathesis_cases.expectations import EFFECTS
from roamspec.generative.schemathesis_cases.judging import SchemaCases
from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import message_drafts
from roamspec.suite.negative_calls import NegativeCallRunner
from roamspec.suite.view_assertions import check_unchanged, looked_for
from roamspec.world.conversations import HistoryView

ASIDE, THEIRS = "effect.other-conversations-stay", "one-way.others-keep-what-they-received"
NAMES = (ASIDE, THEIRS, *EFFECTS)
_LEAST = 30
"""Requests that looking for the guilty calls leaves to others."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """At the owner's other conversation, unless the operation clears all of them, and at what the peer has
    of the one that calls name."""

    aside: HistoryView | None
    theirs: HistoryView

    @property
    def views(self) -> list[HistoryView]:
        return [view for view in (self.aside, self.theirs) if view]

    def lacks(self, before: "_Looks") -> bool:
        return any(not then.ids <= now.ids for then, now in zip(before.views, self.views, strict=True))


class RetentionChecks:
    """Looks before and after all calls. Only when other messages are deleted then are the calls sent again,
    those of each requirement together, to see which take it along."""

    def __init__(self, case: CheckContext, runner: NegativeCallRunner) -> None:
        self._case = case
        self._runner = runner
        self._before = self._whole()

    def check_retained(self, floor: SchemaCases) -> None:
        """Compare with what was there before the generated calls of `floor`; what is missing is attributed to
        the calls that delete it a second time."""
        after = self._look(self._before)
        if not after.lacks(self._before):
            self._check_unchanged(self._before, after)
            return
        effects = sorted({expectation.effect for expectation, _ in floor.sent})
        attributed = [effect for effect in effects if not self._causes_no_deletion(floor, effect)]
        if not attributed:
            for name in (ASIDE, THEIRS):
                self._case.verdicts.inconclusive(
                    name, "messages deleted after all generated calls were not deleted in a second attempt"
                )

    def _causes_no_deletion(self, floor: SchemaCases, effect: str) -> bool:
        """Send what may refute one requirement once more; conforming calls refute those of this page."""
        if not self._case.session.client.allowance.can_spare(_LEAST):
            return True
        fixture = self._runner.fixture
        fixture.world.seed(fixture.conversation, message_drafts((fixture.owner, fixture.peer), 1))
        before = self._whole()
        answers = [floor.ask(call) for expectation, call in floor.sent if expectation.effect == effect]
        after = self._look(before)
        if not effect:
            return self._check_unchanged(before, after)
        return self._case.verdicts.check(
            effect,
            not after.lacks(before),
            *answers[:3],
            *after.views,
            expected="no message deleted outside the requests",
            actual="other messages are deleted" if after.lacks(before) else "all there",
        )

    def _check_unchanged(self, before: _Looks, after: _Looks) -> bool:
        kept = check_unchanged(self._case, THEIRS, None, before.theirs, after.theirs)
        if before.aside and after.aside:
            kept = check_unchanged(self._case, ASIDE, None, before.aside, after.aside) and kept
        return kept

    def _whole(self) -> _Looks:
        aside = self._runner.whole_bystander() if self._case.subject.conversation_parameter else None
        return _Looks(aside, self._theirs())

    def _look(self, before: _Looks) -> _Looks:
        """After whatever lags, and with nothing missing, if that can be had."""
        self._case.session.wait_for_lag(1.5 * self._case.session.patience.lag_s, here=True)
        aside = before.aside and looked_for(self._case, self._runner.bystander.view(), before.aside.ids)
        return _Looks(aside, looked_for(self._case, self._theirs(), before.theirs.ids))

    def _theirs(self) -> HistoryView:
        return self._runner.fixture.seen_by(self._runner.fixture.peer).view()
