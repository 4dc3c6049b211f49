"""The calls of a check, between which its comparisons look for what has done a difference."""

from collections.abc import Sequence

from roamspec.suite.context import CheckContext
from roamspec.suite.history_comparison import Window
from roamspec.world.facts import Call, Facts


def window_of(case: CheckContext, facts: Facts) -> Window:
    """The calls that a check has made so far, and those of other operations meanwhile."""
    calls = [
        call for call in facts.calls if call.number > case.began and call.operation == case.operation.name
    ]
    return Window(case.began, calls, _of_others(case, facts))


def _of_others(case: CheckContext, facts: Facts) -> Sequence[Call]:
    """Calls of other operations since the check began; where checks run at once, they meet other people."""
    if case.session.is_slow and case.user_pool_key:
        return ()
    name = case.operation.name
    return [call for call in facts.calls if call.number > case.began and call.operation != name]
