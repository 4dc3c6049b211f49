"""Features of a call that lie in what it names: how many messages, whose they are, and what they leave."""

from collections.abc import Iterator, Sequence

from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep
from roamspec.generative.model import ModelView
from roamspec.generative.planned_state import PlannedState


def said_since(program: CallSequence, step: DeleteStep) -> str:
    """Whether the conversation received a message after the owner's last call about it."""
    said = False
    for earlier in reversed(program.steps):
        if earlier.place != step.place:
            continue
        if isinstance(earlier, SendStep):
            said = True
        elif earlier.owner == step.owner:
            return "a message" if said else "nothing"
    return "no call"


def of_named(sketch: PlannedState, step: DeleteStep, views: Sequence[ModelView]) -> Iterator[tuple[str, str]]:
    """Names and values of these features; `views` are the owner's of the places that the call is about."""
    until = sketch.until(step)
    there = frozenset[str]().union(*(view.ids for view in views))
    if step.picks:
        named = there & set(step.picks)
    else:
        named = there if until is None else frozenset[str]().union(*(view.through(until) for view in views))
    yield "deletes", str(len(named)) if len(named) < 3 else "more"
    yield "leaves", "nothing" if named == there else "some"
    own = {sketch.said[label].sender == step.owner for label in named}
    yield "sent by", "both" if len(own) > 1 else "owner" if True in own else "others" if own else "nobody"
    ever = frozenset[str]().union(*(view.ever for view in views))
    for label in set(step.picks) - there:
        where = "deleted before" if label in ever else "elsewhere" if label in sketch.said else "nowhere"
        yield "not found", where
    if step.picks:
        times = [sketch.time_of(label) for label in step.picks if label in named]
        yield "order", "upwards" if times == sorted(times) else "other"
    if step.place:
        everywhere = [sketch.view(step.owner, place) for place in sketch.touched]
        latest = max((sketch.time_of(label) for view in everywhere for label in view.ids), default=0)
        yield "newest conversation", str(any(sketch.time_of(label) == latest for label in there))
