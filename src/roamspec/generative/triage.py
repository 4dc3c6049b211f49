"""After a difference was seen: does it come again, what is the shortest sequence, whose is it?"""

from collections.abc import Callable, Mapping
from typing import Final

from roamspec.errors import TargetError
from roamspec.generative.attribution import attributed_operation, suspected, undeleted
from roamspec.generative.budget_meter import hurried
from roamspec.generative.call_sequence import CallSequence
from roamspec.generative.descriptions import describe
from roamspec.generative.difference import Difference, Kind
from roamspec.generative.execution import played
from roamspec.generative.exploration_log import SequenceFinding
from roamspec.generative.planned_state import is_feasible
from roamspec.generative.sequence_executor import Aspect, ExplorationContext, Focus
from roamspec.generative.shrinking import Shrinking
from roamspec.transport.exchange import Exchange

_ASPECTS: Final[Mapping[Kind, Aspect]] = {
    "answer": "answers",
    "broken": "answers",
    "listed": "lists",
    "unlisted": "lists",
    "shown": "lists",
    "told": "devices",
    "mistold": "devices",
    "partly untold": "devices",
    "untold": "devices",
}
_FOR_ONE_TRY: Final = 15
"""Requests that a sequence takes which was cut to what matters, more or less."""
_TO_CONFIRM: Final = 40
"""Requests for running the shortest one again, and without what may be at fault."""
_FOR_ATTRIBUTION: Final = 6
"""Tries that shortening leaves for finding out which operation is at fault."""


class NotADeletion(Exception):  # noqa: N818 - what it tells is a state of our knowledge
    """The difference shows without any deletion: the model does not know how this target treats messages."""


class NotReproducible(Exception):  # noqa: N818
    """The difference did not come again; the text says which."""


def triaged(
    context: ExplorationContext,
    program: CallSequence,
    difference: Difference,
    *,
    tries: int,
    may_send: Callable[[int], bool],
) -> SequenceFinding:
    """The difference in its shortest sequence, and the operation that it belongs to. `may_send` tells whether
    so many requests may still be sent.

    Everything is played again in worlds of its own, at last without hurry. Raises NotReproducible for what
    does not come again, and NotADeletion for what no deletion is needed for.
    """
    focus = Focus(_ASPECTS.get(difference.kind, "views"), difference.user, difference.place)
    exchanges: dict[CallSequence, tuple[Exchange, ...]] = {}

    def play(candidate: CallSequence) -> Difference | None:
        found, exchanges[candidate] = played(context, candidate, focus=focus)
        return found

    shrinking = Shrinking(
        play, lambda each: is_feasible(each, context.visibility), tries, lambda: may_send(_FOR_ONE_TRY)
    )
    with hurried(context.session):
        again = shrinking.again(program, difference)
        if again is None:
            if shrinking.is_untried(program, difference) and suspected(program, difference):
                return untriaged(program, difference)
            if not exchanges:
                raise NotReproducible(_sentence("A difference could not be examined", difference, program))
            raise NotReproducible(_sentence("A difference did not occur again", difference, program))
        # A longer sequence that was confirmed is worth more than a shorter one that was not.
        shrinking.may_go_on = lambda: may_send(_FOR_ONE_TRY + _TO_CONFIRM)
        shortest, shown = shrinking.shrink(*again)
    confirmed = play(shortest)
    if confirmed is None or confirmed.kind != shown.kind:
        raise NotReproducible(_sentence("A difference is not stable", shown, shortest))
    shrinking.tries = max(shrinking.tries, _FOR_ATTRIBUTION)
    shrinking.may_go_on = lambda: True
    if shrinking.shows(undeleted(shortest), confirmed.kind):
        raise NotADeletion(_sentence("A difference occurs without any deletion", confirmed, shortest))
    operation = attributed_operation(
        shortest, lambda each: shrinking.disappears(each, confirmed.kind), confirmed
    )
    return SequenceFinding(shortest, confirmed, operation, exchanges[shortest])


def untriaged(program: CallSequence, difference: Difference) -> SequenceFinding:
    """The difference as it was seen, where no request is left to see it again: not shortened."""
    cut = program.first(difference.step + 1)
    return SequenceFinding(
        cut, difference, suspected(program, difference), difference.exchanges, confirmed=False
    )


def unattributed(finding: SequenceFinding) -> str:
    """The sentence for a difference of which nothing tells whose it is."""
    what = "A difference could not be attributed to a single operation"
    return _sentence(what, finding.difference, finding.program)


def not_followed(program: CallSequence, difference: Difference, error: TargetError) -> str:
    """The sentence for a difference that the target did not let be followed up."""
    return f"{_sentence('A difference occurred once', difference, program)} It did not occur again: {error}"


def _sentence(what: str, difference: Difference, program: CallSequence) -> str:
    return f"{what}: expected {difference.expected}; {difference.actual}. The sequence: {describe(program)}."
