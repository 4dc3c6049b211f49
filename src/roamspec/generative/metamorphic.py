"""Relations between calls that need no expected value: two ways to say the same leave the same behind.

Each relation is tried on twins: conversations of one owner that hold the same messages, said by the same
people at the same distances. What is drawn is which messages a call names, in which order, and how it is
written.
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Self

from roamspec.api.deletions import Query
from roamspec.generative.requirement_mapping import kept_at, lost_at
from roamspec.suite.context import CheckContext, JointCheckContext
from roamspec.suite.conversation_fixture import message_drafts
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message
from roamspec.world.world import World

ROUNDS: Final = {"quick": 1, "standard": 1, "deep": 8}
"""How often each relation is tried, by profile."""
MOST_REQUESTS: Final = 45
"""More than one round of one operation takes."""


def in_turn(cases: JointCheckContext) -> list[CheckContext]:
    """The cases of all operations, beginning with another one for each seed."""
    every = list(cases.of.values())
    first = cases.effort.seed % len(every)
    return every[first:] + every[:first]


def chance(case: CheckContext, number: int) -> random.Random:
    """What is drawn in one round: the same for the same seed, another for each operation and round."""
    return random.Random(f"{case.limits.seed} {case.operation.name} {number}")  # noqa: S311 - no secret


@dataclass(frozen=True, slots=True)
class Left:
    """Which messages of a twin are left, by their place in the conversation, and the pull that shows it."""

    places: frozenset[int]
    view: HistoryView


@dataclass(frozen=True, slots=True)
class Twin:
    """One of several conversations of the owner that hold the same messages, oldest first."""

    conversation: Conversation
    messages: tuple[Message, ...]

    def left(self, view: HistoryView) -> Left:
        """Which of the messages a view still holds."""
        return Left(frozenset(i for i, message in enumerate(self.messages) if message.id in view.ids), view)

    def after_ms(self, place: int, boundary: int) -> int:
        """How long after the message at `boundary` the one at `place` was said (negative: before)."""
        return self.messages[place].time_ms - self.messages[boundary].time_ms

    def those(self, indices: Sequence[int]) -> list[Message]:
        """The messages at these places, oldest first at 0."""
        return [self.messages[i] for i in indices]


@dataclass(frozen=True, slots=True)
class Twins:
    """An owner with two conversations that are alike, and one between the partners that nobody names."""

    world: World
    owner: str
    one: Twin
    other: Twin
    aside: Twin

    @classmethod
    def arrange(cls, case: CheckContext, count: int) -> Self:
        """Two conversations of one owner with the same `count` messages at the same times, and one of
        others."""
        world = case.world()
        [owner] = world.users(1)
        first, second = world.shared_users(2)
        now = world.session.service_now_ms()

        def twin(partner: str, further: str) -> Twin:
            conversation = world.conversation(case.subject.kind, owner, partner, further)
            said = world.seed(conversation, message_drafts((owner, partner), count), now_ms=now)
            return Twin(conversation, tuple(said))

        chat = world.chat(first, second)
        aside = Twin(chat, tuple(world.seed(chat, message_drafts((first, second), 1))))
        return cls(world, owner, twin(first, second), twin(second, first), aside)

    def query(self, subject: OperationUnderTest, twin: Twin, indices: Sequence[int]) -> list[tuple[str, str]]:
        """The query that names the messages of one twin at these places."""
        return list(subject.query(self.owner, twin.conversation, twin.those(indices)))

    def delete(self, subject: OperationUnderTest, twin: Twin, indices: Sequence[int]) -> Response:
        """Delete the messages of one twin at these places."""
        return subject.call(self.world.app, self.owner, self.query(subject, twin, indices))

    def call(self, subject: OperationUnderTest, query: Query) -> Response:
        """A call whose values are written exactly as given."""
        return subject.call(self.world.app, self.owner, query, raw=True)

    def left(self, twin: Twin, named: Sequence[int]) -> Left:
        """What the owner still pulls, once what was named is deleted, or when patience ends."""
        return twin.left(self.world.view_without(self.owner, twin.conversation, twin.those(named)))

    def left_aside(self) -> Left:
        """What is left where nobody deleted."""
        partner = self.aside.conversation.members[0]
        said = self.aside.messages
        seen = self.world.view_when(partner, self.aside.conversation, lambda view: view.has_all(said))
        return self.aside.left(seen)


def encoded(query: Query, every: int) -> Query:
    """The same query with commas, and each `every`-th letter or digit of a value, percent-encoded."""
    return [(name, _percent(value, every)) for name, value in query]


def _percent(value: str, every: int) -> str:
    return "".join(
        f"%{ord(c):02X}" if c == "," or (c.isascii() and c.isalnum() and i % every == 0) else c
        for i, c in enumerate(value)
    )


def check_same(
    case: CheckContext,
    name: str,
    answers: Sequence[Response],
    one: Left,
    other: Left,
    ways: tuple[str, str],
) -> bool:
    """Two ways left the same behind, and the calls were served."""
    refused = [answer for answer in answers if not answer.ok]
    return case.verdicts.check(
        name,
        one.places == other.places and not refused,
        *answers,
        one.view,
        other.view,
        expected=f"{ways[0]} and {ways[1]} leave the same messages",
        actual=f"{ways[0]}: {_left(one.places)}; {ways[1]}: {_left(other.places)}"
        + (f"; answered {refused[0].summary(80)}" if refused else ""),
    )


def _left(indices: frozenset[int]) -> str:
    return "nothing left" if not indices else "left " + ", ".join(str(i + 1) for i in sorted(indices))


UP_TO: Final = {
    True: ("effect.several-ids-gone", "effect.only-named-messages-gone"),
    False: tuple(
        dict.fromkeys(
            (*map(kept_at, (0, -1, -1000, -2)), *map(lost_at, (1, 1000, 2)))  # each exact time, and any other
        )
    ),
}
"""What a deletion of everything up to a message can refute: by ID (True), and by time."""


def refuted_up_to(
    by_id: bool, twin: Twin, boundary: int, kept: Collection[int], lost: Collection[int]
) -> list[str]:
    """The requirements whose sentences are broken when, of a deletion of everything up to the message at
    `boundary`, some of it was `kept`, or others were `lost`: of each the one nearest to the boundary."""
    found = []
    for places, of_id, of_time in ((kept, 0, kept_at), (lost, 1, lost_at)):
        if places:
            nearest = min(places, key=lambda place: abs(twin.after_ms(place, boundary)))
            found.append(UP_TO[True][of_id] if by_id else of_time(twin.after_ms(nearest, boundary)))
    return found
