"""Plays one sequence to a target, in a world of its own, and compares what is seen with the model."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from roamspec.client import chatting
from roamspec.client.exchange import Exchange
from roamspec.client.messages import Answer
from roamspec.contract.operations import Contract
from roamspec.errors import SetupFailed
from roamspec.generative.addressing import query_of
from roamspec.generative.difference import Difference, Found
from roamspec.generative.hearing import Hearing
from roamspec.generative.listing import compare_lists
from roamspec.generative.program import ANONYMOUS, NEIGHBOUR, PLACES, USERS, Delete, Say, Step
from roamspec.generative.sketch import Sketch, Visibility
from roamspec.generative.telling import step_told
from roamspec.generative.visibility import PAST_MS, TEXT
from roamspec.suite.subject import Subject
from roamspec.target.session import Session
from roamspec.world.conversations import Conversation, View
from roamspec.world.world import World

Aspect = Literal["views", "lists", "devices"]
EVERYTHING: Final[frozenset[Aspect]] = frozenset({"views", "lists", "devices"})
_APART_S: Final = 0.002


@dataclass(frozen=True, slots=True)
class Ground:
    """What all sequences of a run share."""

    session: Session
    contract: Contract
    visibility: Visibility


class Stage:
    """One world for one sequence.

    After each deletion the views that it names are compared, at the end (`finish`) everything else. With
    `eager` aspects, those are compared as a whole after each step: that costs more calls, and tells the
    step after which a difference is first seen. Raises Found for the first difference.
    """

    def __init__(self, ground: Ground, *, watched: bool, eager: frozenset[Aspect] = frozenset()) -> None:
        self.ground = ground
        self.session = ground.session
        self.sketch = Sketch.blank(ground.visibility)
        self.steps = 0
        self.exchanges: list[Exchange] = []
        self._eager = eager
        self._world = World(ground.session)
        self._worlds = [self._world]
        self.names = dict(zip(USERS, self._world.users(len(USERS)), strict=True))
        self._conversations: dict[str, Conversation] = {}
        self._ids: dict[str, str] = {}
        self._times: dict[str, int] = {}
        self._labels: dict[str, str] = {}
        self._gone: set[tuple[str, str]] = set()
        self._fresh: set[tuple[str, str]] = set()
        self._past_ms = ground.session.service_now_ms() - PAST_MS
        self._live_at: dict[str, float] = {}
        self.hearing: Hearing | None = None
        if watched and ground.session.observer_url and "devices" not in ground.session.capabilities.missing:
            try:
                self.hearing = Hearing(ground.session, self._world.app.key, self.names, self.conversation)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        if self.hearing:
            self.hearing.close()
        for world in reversed(self._worlds):
            world.close()

    # --- playing

    def perform(self, step: Step) -> None:
        """Take one step, and compare what it names."""
        self._fresh.clear()
        if isinstance(step, Say):
            self._say(step)
        else:
            self._delete(step)
        self.steps += 1
        if "views" in self._eager:
            self._look_everywhere()
        if isinstance(step, Delete):
            if "lists" in self._eager:
                self._read_lists()
            if "devices" in self._eager and self.hearing:
                self.hearing.compare(self.steps - 1, silence=True)

    def finish(self, aspects: frozenset[Aspect] = EVERYTHING, *, silence: bool = False) -> None:
        """Compare everything that was not compared since the last step.

        Without `silence`, what devices must not be told is left for later (`hearing`).
        """
        if "views" in aspects:
            self._look_everywhere()
        if "lists" in aspects:
            self._read_lists()
        if "devices" in aspects and self.hearing:
            self.hearing.compare(self.steps - 1, silence=silence)

    def _say(self, step: Say) -> None:
        world, conversation = self._world_of(step.place), self.conversation(step.place)
        sender, kind = self.names[step.sender], conversation.kind
        target = conversation.id_for(sender)
        if step.at_ms is None:
            self._keep_apart(step.place)
            with self._recorded():
                identifier = chatting.send(world.app, kind, sender, target, TEXT)
            self._live_at[step.place] = self.session.clock()
        else:
            self._times[step.label] = self._past_ms + step.at_ms
            answer = chatting.try_import(world.app, kind, sender, target, TEXT, self._times[step.label])
            self.exchanges.append(answer.exchange)
            identifier = chatting.imported_id(answer, f"importing into the {kind} {target}")
        self._ids[step.label] = identifier
        self._labels[identifier] = step.label
        self.sketch, _ = self.sketch.after(step)

    @contextlib.contextmanager
    def _recorded(self) -> Iterator[None]:
        """Keep the exchanges of calls that do not hand theirs out."""
        door, before = self.session.door, self.session.door.recorder

        def record(exchange: Exchange) -> None:
            self.exchanges.append(exchange)
            if before:
                before(exchange)

        door.recorder = record
        try:
            yield
        finally:
            door.recorder = before

    def _keep_apart(self, place: str) -> None:
        """Messages of a place that take the service's time shall not share a millisecond, nor lie beside
        one another's, as boundaries do; and none shares that in which everything was cleared."""
        latest = max((self._live_at[at] for at in (place, "") if at in self._live_at), default=0.0)
        early = latest + _APART_S - self.session.clock()
        if early > 0:
            self.session.sleep(early)

    def _delete(self, step: Delete) -> None:
        reply = self.sketch.expects(step)
        answer = self._send(step)
        if not step.place:
            self._live_at[""] = self.session.clock()
        self._judge_answer(step, reply, answer)
        after, effect = self.sketch.after(step)
        if self.hearing and effect:
            self.hearing.expect(step, effect if answer.ok else None)
        if answer.ok:
            self.sketch = after
        for place in [step.place] if step.place else self.sketch.touched:
            if step.owner in PLACES[place].members and place != NEIGHBOUR:
                self._look(step.owner, place, self.steps)

    def _send(self, step: Delete) -> Answer:
        subject = Subject(self.ground.contract.operation(step.operation))
        if step.around and self.sketch.said[step.around].at_ms is None:
            self._read_times(step.owner, step.place)
        conversation = self.conversation(step.place) if step.place else None
        query = query_of(subject, step, conversation, self.names, self._ids, self._times)
        answer = subject.call(
            self._world.app, self.names[step.owner], query, anonymous=step.flaw == ANONYMOUS
        )
        self.exchanges.append(answer.exchange)
        if answer.status == 429:
            raise SetupFailed("the target refuses calls for their rate")
        return answer

    def _judge_answer(self, step: Delete, reply: str, answer: Answer) -> None:
        allowed = {
            "success": (answer.ok, "status 200"),
            "refusal": (answer.refused, "a 4xx status"),
            "either": (answer.ok or answer.refused, "status 200, or a 4xx status"),
        }
        holds, wanted = allowed[reply]
        if not holds:
            raise Found(
                Difference(
                    "broken" if answer.broken else "answer",
                    self.steps,
                    step.owner,
                    step.place,
                    (),
                    f"{wanted} for {step_told(step)}",
                    f"answered {answer.summary(80)}",
                )
            )

    # --- looking

    def conversation(self, place: str) -> Conversation:
        """The real conversation behind a place; made when it is first needed."""
        if place not in self._conversations:
            world = self._world_of(place)
            members = [self.names[member] for member in PLACES[place].members]
            self._conversations[place] = world.conversation(PLACES[place].kind, *members)
        return self._conversations[place]

    def _world_of(self, place: str) -> World:
        if place != NEIGHBOUR:
            return self._world
        if len(self._worlds) == 1:
            neighbour = World(self.session, self.session.app("neighbour"))
            self._worlds.append(neighbour)
            neighbour.users(0, names=list(self.names.values()))
        return self._worlds[1]

    def _read_times(self, user: str, place: str) -> None:
        """Learn the service's times of the messages sent live; their order must be the sketch's."""
        view = self._look(user, place, self.steps - 1)
        sent = []
        for message in view.messages:
            label = self._labels.get(message.id, "")
            if label and self.sketch.said[label].at_ms is None:
                self._times[label] = message.time_ms
                sent.append((self.sketch.time_of(label), message.time_ms))
        times = [time for _, time in sorted(sent)]
        if any(later - earlier < 2 for earlier, later in pairwise(times)):
            raise SetupFailed("messages sent after each other do not have times that tell them apart")

    def _look_everywhere(self) -> None:
        for place in self.sketch.touched:
            for user in PLACES[place].members:
                if (user, place) not in self._fresh and self.sketch.view(user, place).ever:
                    self._look(user, place, self.steps - 1)

    def _look(self, user: str, place: str, step: int) -> View:
        expected = self.sketch.view(user, place)
        world, conversation = self._world_of(place), self.conversation(place)

        def labels(view: View) -> frozenset[str]:
            return frozenset(self._labels.get(identifier, "") for identifier in view.ids) & expected.ever

        view = world.view_when(self.names[user], conversation, lambda view: labels(view) == expected.ids)
        seen = labels(view)
        if seen != expected.ids:
            if view.exchange:
                self.exchanges.append(view.exchange)
            raise Found(self._difference(user, place, step, seen, expected.ids))
        self._fresh.add((user, place))
        self._gone |= {(user, label) for label in expected.ever - seen}
        return view

    def _difference(
        self, user: str, place: str, step: int, seen: frozenset[str], expected: frozenset[str]
    ) -> Difference:
        left = tuple(sorted(seen - expected))
        back = tuple(label for label in left if (user, label) in self._gone)
        lost = tuple(sorted(expected - seen))
        wanted = f"{user} pulls {_some(expected)} from {place}"
        actual = f"{user} pulls {_some(seen)}"
        if back:
            return Difference("back", step, user, place, back, wanted, actual)
        if left:
            return Difference("kept", step, user, place, left, wanted, actual)
        return Difference("lost", step, user, place, lost, wanted, actual)

    def _read_lists(self) -> None:
        if self.session.capabilities.list_form is None:
            return
        wanted = {user: self._decided(user) for user in USERS}
        compare_lists(self._world, self.names, wanted, self.conversation, self.steps - 1)

    def _decided(self, user: str) -> dict[str, bool]:
        """The places of which the model says whether the user's list shows them."""
        places = [p for p in self.sketch.touched if p != NEIGHBOUR and user in PLACES[p].members]
        found = {place: self.sketch.view(user, place).listed for place in places}
        return {place: listed for place, listed in found.items() if listed is not None}


def _some(labels: frozenset[str]) -> str:
    return ", ".join(sorted(labels)) or "nothing"
