"""After a difference was seen: does it come again, what is the shortest sequence, whose is it?"""

from collections.abc import Callable, Mapping
from typing import Final

from roamspec.client.exchange import Exchange
from roamspec.errors import TargetError
from roamspec.generative.blame import blamed, suspected, undeleted
from roamspec.generative.difference import Difference
from roamspec.generative.journal import Finding
from roamspec.generative.meter import hurried
from roamspec.generative.playing import played
from roamspec.generative.program import Program
from roamspec.generative.shrinking import Shrinking
from roamspec.generative.sketch import is_sound
from roamspec.generative.stage import Aspect, Ground
from roamspec.generative.telling import told

_ASPECTS: Final[Mapping[str, frozenset[Aspect]]] = {
    "listed": frozenset({"lists"}),
    "unlisted": frozenset({"lists"}),
    "told": frozenset({"devices"}),
    "mistold": frozenset({"devices"}),
    "partly untold": frozenset({"devices"}),
    "untold": frozenset({"devices"}),
}
_VIEWS: Final[frozenset[Aspect]] = frozenset({"views"})
_FOR_ONE_TRY: Final = 15
"""Requests that a sequence takes which was cut to what matters, more or less."""
_TO_CONFIRM: Final = 40
"""Requests for running the shortest one again, and without what may be at fault."""
_FOR_BLAME: Final = 6
"""Tries that shortening leaves for finding out which operation is at fault."""


class NotADeletion(Exception):  # noqa: N818 - what it tells is a state of our knowledge
    """The difference shows without any deletion: the model does not know how this target treats messages."""


class Unsteady(Exception):  # noqa: N818
    """The difference did not come again; the text says which."""


def followed(
    ground: Ground,
    program: Program,
    difference: Difference,
    *,
    tries: int,
    may_send: Callable[[int], bool],
) -> Finding:
    """The difference in its shortest sequence, and the operation that it belongs to. `may_send` tells whether
    so many requests may still be sent.

    Everything is played again in worlds of its own, at last without hurry. Raises Unsteady for what does
    not come again, and NotADeletion for what no deletion is needed for.
    """
    aspects = _ASPECTS.get(difference.kind, _VIEWS)
    exchanges: dict[Program, tuple[Exchange, ...]] = {}

    def play(candidate: Program) -> Difference | None:
        found, exchanges[candidate] = played(ground, candidate, eager=aspects)
        return found

    shrinking = Shrinking(
        play, lambda each: is_sound(each, ground.visibility), tries, lambda: may_send(_FOR_ONE_TRY)
    )
    with hurried(ground.session):
        again = shrinking.again(program, difference)
        if again is None:
            if not exchanges and suspected(program, difference):
                return at_first_sight(program, difference)
            if not exchanges:
                raise Unsteady(_sentence("A difference could not be followed up", difference, program))
            raise Unsteady(_sentence("A difference did not come again", difference, program))
        # A longer sequence that was confirmed is worth more than a shorter one that was not.
        shrinking.may_go_on = lambda: may_send(_FOR_ONE_TRY + _TO_CONFIRM)
        shortest, shown = shrinking.shrink(*again)
    confirmed = play(shortest)
    if confirmed is None or confirmed.kind != shown.kind:
        raise Unsteady(_sentence("A difference comes and goes", shown, shortest))
    shrinking.tries = max(shrinking.tries, _FOR_BLAME)
    shrinking.may_go_on = lambda: True
    if shrinking.shows(undeleted(shortest), confirmed.kind):
        raise NotADeletion(_sentence("A difference shows without any deletion", confirmed, shortest))
    operation = blamed(shortest, lambda each: shrinking.disappears(each, confirmed.kind))
    return Finding(shortest, confirmed, operation, exchanges[shortest])


def at_first_sight(program: Program, difference: Difference) -> Finding:
    """The difference as it was seen, where no request is left to see it again: not shortened."""
    cut = program.first(difference.step + 1)
    return Finding(cut, difference, suspected(program, difference), difference.exchanges, confirmed=False)


def unattributed(finding: Finding) -> str:
    """The sentence for a difference of which nothing tells whose it is."""
    what = "A difference that belongs to no single operation is attributed to none"
    return _sentence(what, finding.difference, finding.program)


def not_followed(program: Program, difference: Difference, error: TargetError) -> str:
    """The sentence for a difference that the target did not let be followed up."""
    return f"{_sentence('A difference was seen once', difference, program)} It was not seen again: {error}"


def _sentence(what: str, difference: Difference, program: Program) -> str:
    return f"{what}: expected {difference.expected}; {difference.actual}. The sequence: {told(program)}."
