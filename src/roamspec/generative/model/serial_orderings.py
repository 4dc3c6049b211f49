"""Calls that overlap: is there an order of them that explains what was seen afterwards?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from roamspec.generative.model.conversations import ModelConversation, ModelMessage
from roamspec.generative.model.deletions import DeletionCall, delete
from roamspec.generative.model.service import ModelService, add_message

MOST_OVERLAPPING = 6
"""Six calls have 720 orders; more are not searched."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that was sent while deletions went on, and who can see it."""

    app: str
    place: ModelConversation
    message: ModelMessage
    seen_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One acknowledged action, between the moment it was sent and the moment it was answered (seconds on
    one clock)."""

    action: DeletionCall | Arrival
    sent_at: float
    answered_at: float


def applied(service: ModelService, event: Event) -> ModelService:
    """The service after one event."""
    action = event.action
    if isinstance(action, DeletionCall):
        return delete(service, action)[0]
    return add_message(service, action.app, action.place, action.message, seen_by=action.seen_by)


def explanation(
    service: ModelService,
    events: Sequence[Event],
    seen: frozenset[str],
    *,
    app: str,
    user: str,
    place: ModelConversation,
) -> tuple[Event, ...] | None:
    """An order of the events after which `user` sees exactly `seen` in `place`; None when there is none.

    An event that was answered before another one was sent stays before it. ValueError for more events
    than can be searched.
    """
    if len(events) > MOST_OVERLAPPING:
        raise ValueError(f"{len(events)} events overlap; at most {MOST_OVERLAPPING} are searched")
    for order in permutations(events):
        if not _respects_time(order):
            continue
        state = service
        for event in order:
            state = applied(state, event)
        if state.app(app).view(user, place).ids == seen:
            return order
    return None


def _respects_time(order: Sequence[Event]) -> bool:
    return not any(
        later.answered_at < earlier.sent_at for i, earlier in enumerate(order) for later in order[i + 1 :]
    )
