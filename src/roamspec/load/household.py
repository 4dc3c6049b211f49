"""One user of a load with the people around: an owner, a peer, a third user, and what they say to each other.

Nobody else touches them, so that what each of them must see is known at any time.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from roamspec.api.deletions import Query
from roamspec.contract.limits import most_message_ids
from roamspec.load.judging import LoadJudge
from roamspec.load.mix import Rejection
from roamspec.load.tally import Tally
from roamspec.session.session import Session
from roamspec.suite.view_assertions import check_deleted, check_retained
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message, ids_of
from roamspec.world.world import World

_LEAST_MESSAGES: Final = 3
_MOST_MESSAGES: Final = 40
"""A history of so many messages is one page."""
_NOTIFY: Final = (None, "true", "false")


@dataclass
class Household:
    """Registers its users when it is made; `close` removes them.

    `own_ids` are IDs of messages that this run has sent, which a call with too many IDs lists.
    """

    session: Session
    judge: LoadJudge
    tally: Tally
    dice: Random
    own_ids: deque[str]
    world: World = field(init=False)
    _known: dict[Conversation, list[Message]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.world = World(self.session)
        fresh = self.session.names.fresh
        self.owner, self.peer, self.third = self.world.users(3, names=[fresh(), fresh(), fresh()])
        self.chat = self.world.chat(self.owner, self.peer)
        self.other_chat = self.world.chat(self.owner, self.third)
        self.group = self.world.group(self.owner, self.peer)
        for conversation in (self.chat, self.other_chat, self.group):
            self._known[conversation] = []
            self.say(conversation)

    def close(self) -> None:
        """Remove the users and what they have."""
        self.world.close()

    # --- what surrounds the five operations

    def say(self, conversation: Conversation) -> None:
        """One of the members sends a message."""
        if len(self._known[conversation]) >= _MOST_MESSAGES:
            self.pull(conversation)
            return
        said = len(self._known[conversation])
        sender = conversation.members[said % len(conversation.members)]
        (message,) = self.world.send(conversation, [sender])
        self._known[conversation].append(message)
        self.own_ids.append(message.id)

    def pull(self, conversation: Conversation) -> HistoryView:
        """The owner reads a conversation."""
        return self.world.view(self.owner, conversation)

    def read_list(self) -> None:
        """The owner reads the list of conversations, or a conversation where there is no list."""
        if self.session.capabilities.list_form is None:
            self.pull(self.chat)
        else:
            self.world.listed(self.owner)

    def _place(self, operation: str) -> Conversation:
        return self.group if self.judge.subjects[operation].kind == "group" else self.chat

    def _filled(self, conversation: Conversation) -> None:
        while len(self._known[conversation]) < _LEAST_MESSAGES:
            self.say(conversation)

    # --- the five operations

    def delete(self, operation: str, *, read_back: bool) -> None:
        """Call an operation as the documentation describes it; with `read_back`, judge what it did."""
        conversation = self._place(operation)
        self._filled(conversation)
        if read_back:
            self._delete_and_look(operation, conversation)
            return
        subject = self.judge.subjects[operation]
        known = self._known[conversation]
        seen = known if subject.by_id or not subject.by_time else _messages(self.pull(conversation))
        if seen:
            named = self._chosen(operation, seen)
            answer = self._call(operation, conversation, named, seen)
            if answer.ok:
                self._forget(operation, conversation, named)

    def _chosen(self, operation: str, seen: Sequence[Message]) -> Sequence[Message]:
        """What a call is to delete: some by ID, all up to one by time, or everything."""
        subject = self.judge.subjects[operation]
        if subject.by_id:
            return self.dice.sample(list(seen), self.dice.randint(1, max(1, len(seen) - 1)))
        if not subject.by_time:
            return seen
        ordered = sorted(seen, key=lambda message: message.time_ms)
        apart = [
            place
            for place in range(1, len(ordered))
            if ordered[place].time_ms - ordered[place - 1].time_ms > 1
        ]
        return ordered[: self.dice.choice(apart)] if apart else ordered

    def _call(
        self, operation: str, conversation: Conversation, named: Sequence[Message], seen: Sequence[Message]
    ) -> Response:
        answer = self.judge.subjects[operation].call(
            self.world.app, self.owner, self._query(operation, conversation, named, seen)
        )
        self.judge.judge(operation, answer, documented=True)
        return answer

    def _query(
        self, operation: str, conversation: Conversation, named: Sequence[Message], seen: Sequence[Message]
    ) -> Query:
        subject = self.judge.subjects[operation]
        until = self._between(named, seen) if subject.by_time else None
        notify = self.dice.choice(_NOTIFY) if subject.notifies else None
        return subject.query(self.owner, conversation, named, notify=notify, until_ms=until)

    def _between(self, named: Sequence[Message], seen: Sequence[Message]) -> int:
        """A time after the last message that is named, and before the next one."""
        latest = max(message.time_ms for message in named)
        later = [message.time_ms for message in seen if message.time_ms > latest]
        end = min(later, default=max(latest, self.session.service_now_ms()))
        return latest + (end - latest) // 2

    def _forget(self, operation: str, conversation: Conversation, named: Sequence[Message]) -> None:
        """What is deleted is not named again."""
        gone = ids_of(named)
        everywhere = not self.judge.subjects[operation].conversation_parameter
        for place in self._known if everywhere else (conversation,):
            self._known[place] = (
                [] if everywhere else [one for one in self._known[place] if one.id not in gone]
            )

    def _delete_and_look(self, operation: str, conversation: Conversation) -> None:
        """Look before and after: at what is named, at the rest, at the peer's view and at another place."""
        world, subject = self.world, self.judge.subjects[operation]
        known = ids_of(self._known[conversation])
        before = world.view_when_there(self.owner, conversation, lambda view: known <= view.ids)
        others_before = world.view_when_there(self.peer, conversation, lambda view: known <= view.ids)
        seen = _messages(before)
        if not seen:
            return
        elsewhere = self.dice.choice([self._other_kind(conversation), self.other_chat])
        aside_before = self.pull(elsewhere)
        named = self._chosen(operation, seen)
        answer = self._call(operation, conversation, named, seen)
        if not answer.ok:
            return
        self.tally.read_back[operation] = self.tally.read_back.get(operation, 0) + 1
        after = world.view_without(self.owner, conversation, named)
        self._judge_own(operation, answer, before, after, named)
        others_after = world.view(self.peer, conversation)
        self._judge_others(operation, answer, others_before, others_after)
        if subject.conversation_parameter:
            self._judge_aside(operation, answer, aside_before, elsewhere)
        else:
            self._judge_all(operation, answer, aside_before, elsewhere)
        self._forget(operation, conversation, named)

    def _other_kind(self, conversation: Conversation) -> Conversation:
        return self.chat if conversation.kind == "group" else self.group

    def _judge_own(
        self,
        operation: str,
        answer: Response,
        before: HistoryView,
        after: HistoryView,
        named: Sequence[Message],
    ) -> None:
        case, subject = self.judge.cases[operation], self.judge.subjects[operation]
        by_id = "effect.single-id-gone" if len(named) == 1 else "effect.several-ids-gone"
        check_deleted(case, by_id if subject.by_id else "effect.messages-gone", answer, after, named)
        rest = [message for message in _messages(before) if message.id not in ids_of(named)]
        if rest and subject.conversation_parameter:
            name = "effect.only-named-messages-gone" if subject.by_id else "time.later-messages-stay"
            check_retained(case, name, answer, after, rest, before=before)

    def _judge_others(
        self, operation: str, answer: Response, before: HistoryView, after: HistoryView
    ) -> None:
        case, seen = self.judge.cases[operation], _messages(before)
        for name, said in (
            ("one-way.others-keep-what-they-sent", [one for one in seen if one.sender == self.peer]),
            ("one-way.others-keep-what-they-received", [one for one in seen if one.sender != self.peer]),
        ):
            if said:
                check_retained(case, name, answer, after, said, before=before)

    def _judge_aside(
        self, operation: str, answer: Response, before: HistoryView, elsewhere: Conversation
    ) -> None:
        other = elsewhere is self.other_chat
        name = "effect.other-conversations-stay" if other else "effect.same-people-elsewhere-stay"
        if before.messages:
            case = self.judge.cases[operation]
            check_retained(case, name, answer, self.pull(elsewhere), _messages(before), before=before)

    def _judge_all(
        self, operation: str, answer: Response, before: HistoryView, elsewhere: Conversation
    ) -> None:
        name = "all.groups-cleared" if elsewhere.kind == "group" else "all.chats-cleared"
        if before.messages:
            cleared = _messages(before)
            after = self.world.view_without(self.owner, elsewhere, cleared)
            check_deleted(self.judge.cases[operation], name, answer, after, cleared)

    # --- calls that must be rejected

    def reject(self, rejection: Rejection, *, read_back: bool) -> None:
        """A call that must be rejected; with `read_back`, judge that it deleted nothing."""
        operation = rejection.operation
        subject, conversation = self.judge.subjects[operation], self._place(operation)
        self._filled(conversation)
        before = self.pull(conversation) if read_back or subject.by_time else None
        seen = _messages(before) if before else self._known[conversation]
        if not seen:
            return
        query = list(self._query(operation, conversation, self._chosen(operation, seen), seen))
        if rejection.wrong == "missing-parameter":
            query = [pair for pair in query if pair[0] != rejection.parameter]
        elif rejection.wrong == "too-many-ids":
            if len(self.own_ids) <= most_message_ids():
                return
            many = ",".join(list(self.own_ids)[-most_message_ids() - 1 :])
            query = [(name, many if name == "msgIdList" else value) for name, value in query]
        anonymous = rejection.wrong == "no-token"
        answer = subject.call(self.world.app, self.owner, query, anonymous=anonymous)
        self.judge.judge(operation, answer, documented=False)
        if answer.ok:
            self._known[conversation] = []
        elif before is not None and answer.status is not None:
            case = self.judge.cases[operation]
            name = "effect.refused-call-deletes-nothing"
            check_retained(case, name, answer, self.pull(conversation), seen, before=before)


def _messages(view: HistoryView) -> list[Message]:
    return [Message(one.id, one.sender, one.time_ms) for one in view.messages]
