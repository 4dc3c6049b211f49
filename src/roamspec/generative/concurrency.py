"""Calls that overlap: several clients delete, clear and send at once in one conversation.

What must hold whatever the order: a message is deleted if and only if an acknowledged call deletes it. For a
few calls also: some order of them, that keeps to who was answered before whom was sent, explains the view.
"""

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from roamspec.api import messages_api
from roamspec.api.messages_api import ConversationKind
from roamspec.generative.model import (
    DeletionCall,
    ModelConversation,
    ModelMessage,
    ModelService,
    open_conversation,
    register,
)
from roamspec.generative.model.serial_orderings import MOST_OVERLAPPING, Arrival, Event, explanation
from roamspec.generative.model.service import add_message
from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import message_drafts
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, ids_of
from roamspec.world.conversations import Message as Real
from roamspec.world.world import World

APP: Final = "main"
MESSAGES: Final = 8


@dataclass(frozen=True, slots=True)
class ConcurrentCall:
    """One thing that one client does: a call of `operation` that names messages by index, or a message."""

    operation: str
    named: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.operation:
            return "a message is sent"
        if not self.named:
            return self.operation
        return f"{self.operation} {', '.join(f'm{i + 1}' for i in self.named)}"


@dataclass(frozen=True, slots=True)
class CompletedCall:
    """An action, when it was sent and answered (seconds), and what came of it: a response, or a message's
    ID."""

    action: ConcurrentCall
    sent_at: float
    answered_at: float
    answer: Response | None = None
    message: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether it was answered with success: a message has its ID, a deletion status 200."""
        return bool(self.message) or (self.answer is not None and self.answer.ok)


def drawn(chance: random.Random, subjects: Sequence[OperationUnderTest], count: int) -> list[ConcurrentCall]:
    """`count` actions: mostly deletions by the given operations, now and then a message."""
    actions: list[ConcurrentCall] = []
    for _ in range(count):
        subject = chance.choice(subjects)
        if chance.random() < 0.25:
            actions.append(ConcurrentCall(""))
        elif subject.by_id:
            actions.append(
                ConcurrentCall(
                    subject.operation.name, tuple(chance.sample(range(MESSAGES), chance.randint(1, 3)))
                )
            )
        elif subject.by_time:
            actions.append(ConcurrentCall(subject.operation.name, (chance.randrange(MESSAGES // 2),)))
        else:
            actions.append(ConcurrentCall(subject.operation.name))
    return actions


class ConcurrentCalls:
    """One conversation of an owner, and what several clients did to it at once."""

    def __init__(self, case: CheckContext, subjects: Mapping[str, OperationUnderTest]) -> None:
        self._subjects = subjects
        self.world: World = case.world()
        [self.owner] = self.world.users(1)
        self.partners = self.world.shared_users(2)
        kinds = [subject.kind for subject in subjects.values() if subject.conversation_parameter]
        kind: ConversationKind = kinds[0] if kinds else "chat"
        self.conversation: Conversation = self.world.conversation(kind, self.owner, *self.partners)
        said = message_drafts((self.owner, self.partners[0]), MESSAGES)
        self.messages: list[Real] = self.world.seed(self.conversation, said)
        self._clock: Callable[[], float] = case.session.clock

    def perform(self, actions: Sequence[ConcurrentCall]) -> list[CompletedCall]:
        """All actions at the same moment, each by a client of its own."""
        gate = threading.Barrier(len(actions))

        def act(action: ConcurrentCall) -> CompletedCall:
            gate.wait()
            sent_at = self._clock()
            if action.operation:
                answer = self._call(action)
                return CompletedCall(action, sent_at, self._clock(), answer=answer)
            target = self.conversation.id_for(self.partners[0])
            sent = messages_api.send(
                self.world.app, self.conversation.kind, self.partners[0], target, "hello"
            )
            return CompletedCall(action, sent_at, self._clock(), message=sent)

        with ThreadPoolExecutor(len(actions)) as clients:
            return list(clients.map(act, actions))

    def _call(self, action: ConcurrentCall) -> Response:
        subject = self._subjects[action.operation]
        named = [self.messages[i] for i in action.named]
        query = subject.query(self.owner, self.conversation, named) if named else ()
        return subject.call(self.world.app, self.owner, query)

    # --- what must hold

    def deleted_by(self, done: CompletedCall) -> frozenset[str]:
        """The messages from before that an acknowledged action deletes."""
        if not done.action.operation or not done.acknowledged:
            return frozenset()
        subject = self._subjects[done.action.operation]
        named = [self.messages[i] for i in done.action.named]
        if subject.by_id:
            return ids_of(named)
        latest = max(message.time_ms for message in named or self.messages)
        return ids_of(message for message in self.messages if message.time_ms <= latest)

    def may_be_deleted(self, history: Sequence[CompletedCall]) -> frozenset[str]:
        """What an action names that was not acknowledged: nobody knows what became of it. And what was sent
        while the owner was cleared: before or after, it is one or the other."""
        doubtful = [done for done in history if not done.acknowledged]
        named = (frozenset(self.messages[i].id for i in done.action.named) for done in doubtful)
        clearing = [d for d in history if d.action.operation and not d.action.named]
        sent = frozenset(done.message for done in history if done.message) if clearing else frozenset[str]()
        return sent.union(*named)

    def seen_when(self, history: Sequence[CompletedCall]) -> frozenset[str]:
        """What the owner pulls, once what must be deleted is deleted and what was sent is there, or when
        patience ends."""
        must_go = frozenset[str]().union(*(self.deleted_by(done) for done in history))
        must_stay = self.must_stay(history)
        view = self.world.view_when(
            self.owner, self.conversation, lambda view: not must_go & view.ids and must_stay <= view.ids
        )
        return view.ids

    def must_stay(self, history: Sequence[CompletedCall]) -> frozenset[str]:
        """The IDs of messages that no call in `history` has deleted or may have deleted."""
        deleted_by = frozenset[str]().union(*(self.deleted_by(done) for done in history))
        there = {message.id for message in self.messages} | {d.message for d in history if d.message}
        return frozenset(there - deleted_by - self.may_be_deleted(history))

    def explained(self, history: Sequence[CompletedCall], seen: frozenset[str]) -> bool | None:
        """Whether some order explains what was seen; None when there are too many actions, or doubtful
        ones."""
        if len(history) > MOST_OVERLAPPING or not all(done.acknowledged for done in history):
            return None
        place = ModelConversation(
            "chat" if self.conversation.kind == "chat" else "group", self.conversation.members
        )
        service = open_conversation(register(ModelService({}), APP, place.members), APP, place)
        for real in self.messages:
            message = ModelMessage(real.id, real.sender, real.time_ms)
            service = add_message(service, APP, place, message, seen_by=[self.owner])
        events = [self._event(done, place) for done in history]
        return explanation(service, events, seen, app=APP, user=self.owner, place=place) is not None

    def _event(self, done: CompletedCall, place: ModelConversation) -> Event:
        action: DeletionCall | Arrival
        if done.message:
            later = max(message.time_ms for message in self.messages) + 1
            message = ModelMessage(done.message, self.partners[0], later)
            action = Arrival(APP, place, message, (self.owner,))
        else:
            subject = self._subjects[done.action.operation]
            named = [self.messages[i] for i in done.action.named]
            action = DeletionCall(
                APP,
                self.owner,
                place if named else None,
                ids=frozenset(m.id for m in named) if named and subject.by_id else None,
                until_ms=max(m.time_ms for m in named) if named and subject.by_time else None,
            )
        return Event(action, done.sent_at, done.answered_at)

    def describe(self, history: Sequence[CompletedCall]) -> str:
        """The history in the order in which the actions were sent, in milliseconds from the first."""
        began = min(done.sent_at for done in history)
        return "; ".join(
            f"{done.action} ({(done.sent_at - began) * 1000:.1f}-{(done.answered_at - began) * 1000:.1f} ms, "
            f"{'acknowledged' if done.acknowledged else 'not acknowledged'})"
            for done in sorted(history, key=lambda done: done.sent_at)
        )

    def labels(self, ids: frozenset[str]) -> str:
        """Messages as the history calls them."""
        names = {message.id: f"m{i + 1}" for i, message in enumerate(self.messages)}
        return (
            ", ".join(sorted(names.get(identifier, "one sent at the same time") for identifier in ids))
            or "none"
        )
