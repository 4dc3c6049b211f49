"""Calls that must be rejected, or must delete nothing else, tried one after the other on one fixture."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random
from typing import Literal

from roamspec.suite.context import CheckContext
from roamspec.suite.conversation_fixture import (
    OLDER_MS,
    SPACING_MS,
    ConversationFixture,
    conversation_fixture,
    message_drafts,
)
from roamspec.suite.notification_content import all_notified, check_notified_ids
from roamspec.suite.notification_waits import NOTIFIED_WHEN_TRUE, check_notified, settle_time
from roamspec.suite.scripted_comparison import lost as lost_from
from roamspec.suite.view_assertions import check_deleted, looked_for, looked_until
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import HistoryView, Message, ids_of
from roamspec.world.world import World


@dataclass(frozen=True, slots=True)
class NegativeCall:
    """One call, and the names of what it may refute.

    `send` makes the call on a fixture. `check` looks at the response. `deletes_nothing` and
    `notifies_nobody` name requirements about the effect. `may_be_deleted` is what may be deleted after a
    success: nothing, the messages that the call is given to name (`named_messages` of them), or all of the
    named conversation. `must_be_deleted` names the requirement that a success refutes which leaves any of
    those messages.
    """

    send: Callable[[ConversationFixture], Response]
    check: Callable[[Response], object]
    deletes_nothing: str
    notifies_nobody: str = ""
    may_be_deleted: Literal["", "message", "conversation"] = ""
    must_be_deleted: str = ""
    named_messages: int = 1


HistoryViews = tuple[HistoryView | None, HistoryView | None]
"""At the conversation that the calls name and at the one that they do not; None where one must look anew."""
_BLIND: HistoryViews = (None, None)


@dataclass(frozen=True, slots=True)
class UnexpectedDeletion:
    """Messages that were seen to disappear after a call with this response, as those of a fixture; and a
    view in which one of them was back, if there was one."""

    fixture: ConversationFixture
    answer: Response
    back: HistoryView | None = None

    def look(self) -> HistoryView:
        """A view in which a deleted message may be back."""
        return self.back or self.fixture.view()


@dataclass
class _SharedNegativeCalls:
    """What the runners of a session share, each by operation."""

    fixtures: dict[str, list[ConversationFixture]] = field(default_factory=dict)
    """The conversation that the calls name, and the one that they do not."""
    seen: dict[str, HistoryViews] = field(default_factory=dict)
    """What was seen last of them, unless a call may have touched them since."""
    notified: dict[str, tuple[ConversationFixture, Response]] = field(default_factory=dict)
    """The last deletion in the second conversation that devices must be notified of."""
    lost: dict[str, UnexpectedDeletion] = field(default_factory=dict)
    """What was deleted from the second conversation."""


class NegativeCallRunner:
    """Sends negative calls for one owner with two conversations: one that the calls name, and the bystander.

    All checks of an operation that expect no effect share these conversations. Calls that must delete nothing
    are sent in a row, with one look before and one after. Only when other messages are deleted are the calls
    repeated one by one, to attribute the deletion. The same holds for notifications. Calls that may delete
    what they name come last, each with messages of its own.
    """

    MESSAGES = 6

    def __init__(self, case: CheckContext, *, devices: bool = False) -> None:
        self.case = case
        self.world = case.world()
        shared, operation = case.session.shared.get(_SharedNegativeCalls), case.operation.name
        if operation not in shared.fixtures:
            lasting = World(case.session, pool_key=case.user_pool_key, operation=case.operation.name)
            (owner,), others = lasting.users(1), lasting.shared_users(2)
            # First what no call names: a time that is named must not be the reason why it stays.
            bystander = conversation_fixture(lasting, case.subject, owner, others[::-1], 1, older=True)
            variety, types = case.session.variety, sorted(case.capabilities.message_types)
            some = variety.dice().sample(types, min(len(types), self.MESSAGES // 2)) if variety else []
            named = conversation_fixture(lasting, case.subject, owner, others, self.MESSAGES, types=some)
            shared.fixtures[operation] = [named, bystander]
        self._fixtures = shared.fixtures[operation]
        self._seen, self._notified, self._lost_aside = shared.seen, shared.notified, shared.lost
        # What an earlier check of another operation did to the peer's view is not this one's doing.
        self.fixture.seen_by(self.fixture.peer).view()
        watched = (self.fixture.owner, self.fixture.peer) if devices else ()
        self.devices = case.devices(self.world, *watched)

    @property
    def fixture(self) -> ConversationFixture:
        """The conversation that the calls name."""
        return self._fixtures[0]

    @property
    def bystander(self) -> ConversationFixture:
        """The owner's other conversation."""
        return self._fixtures[1]

    def whole_bystander(self) -> HistoryView:
        """What the owner pulls of the other conversation, which nothing lacks in."""
        _, aside = self._seen.pop(self.case.operation.name, _BLIND)
        if aside is None:
            self._settle()
        return self._whole(1, aside)

    def run(self, calls: Sequence[NegativeCall]) -> None:
        """Send all, and check their responses, their effects, and that no rejected one notified a device."""
        without_effect = [self._written_otherwise(call) for call in calls if not call.may_be_deleted]
        before = self._refilled()
        answers = [(call, self._send(call)) for call in without_effect]
        after = self._look_later(before)
        if _lost(before, after):
            self._attribute(without_effect)
        else:
            self._remember(after)
            for call, answer in answers:
                self._check_effect(call, answer, before, after, frozenset())
        rejected = [(call, answer) for call, answer in answers if call.notifies_nobody and not answer.ok]
        if self.devices and rejected:
            self._check_all_notify_nobody(rejected)
        self._run_with_effect([call for call in calls if call.may_be_deleted])

    def _written_otherwise(self, call: NegativeCall) -> NegativeCall:
        """A call that must be rejected, or name nothing, must be so however the rest of it is written."""
        variety = self.case.session.variety
        if variety is None:
            return call
        seed = variety.dice().random()

        def send(fixture: ConversationFixture) -> Response:
            # The same each time that the call is sent.
            return call.send(fixture.written_otherwise(Random(seed)))  # noqa: S311 - no secret

        return replace(call, send=send)

    def _run_with_effect(self, calls: Sequence[NegativeCall]) -> None:
        """Each call names messages of its own, from the oldest on, so that there is one left for each."""
        # What each may take along is its own where messages are named: one look tells of all.
        together = self.case.subject.by_id or self.case.session.patience.lag_s
        if not calls or (together and self._run_all_with_effect(calls)):
            return
        seen, allowed = self._refilled(), frozenset[str]()
        for call, own_messages in self._with_named_messages(calls):
            answer = call.send(self.fixture.narrowed_to(*own_messages))
            call.check(answer)
            if answer.ok:
                allowed |= self._may_be_named(call, own_messages)
            now = self._look_later(seen, allowed)
            self._check_effect(call, answer, seen, now, allowed)
            self._check_named_deleted(call, answer, now[0], own_messages)
            seen = now
        self._remember(seen)

    def _run_all_with_effect(self, calls: Sequence[NegativeCall]) -> bool:
        """One look for all of them; False when more is deleted than all may take."""
        before, allowed = self._refilled(), frozenset[str]()
        answers: list[tuple[NegativeCall, Sequence[Message], Response]] = []
        for call, own_messages in self._with_named_messages(calls):
            answer = call.send(self.fixture.narrowed_to(*own_messages))
            call.check(answer)
            answers.append((call, own_messages, answer))
            if answer.ok:
                allowed |= self._may_be_named(call, own_messages)
        after = self._look_later(before, allowed)
        if _lost(before, after) - allowed:
            return False
        self._remember(after)
        for call, own_messages, answer in answers:
            self._check_effect(call, answer, before, after, allowed)
            self._check_named_deleted(call, answer, after[0], own_messages)
        return True

    def _with_named_messages(
        self, calls: Sequence[NegativeCall]
    ) -> Iterator[tuple[NegativeCall, Sequence[Message]]]:
        """Each call with as many messages as it names, from the oldest on."""
        messages = iter(self.fixture.messages)
        for call in calls:
            own_messages = tuple(islice(messages, call.named_messages))
            assert len(own_messages) == call.named_messages, (
                f"the conversation has only {self.MESSAGES} messages"
            )
            yield call, own_messages

    def _check_named_deleted(
        self, call: NegativeCall, answer: Response, view: HistoryView, own_messages: Sequence[Message]
    ) -> None:
        if call.must_be_deleted and answer.ok:
            check_deleted(self.case, call.must_be_deleted, answer, view, own_messages)

    def _may_be_named(self, call: NegativeCall, own_messages: Sequence[Message]) -> frozenset[str]:
        """What a call may delete that names its own messages, or a time after all of them."""
        messages = self.fixture.messages
        if call.may_be_deleted == "conversation":
            return ids_of(messages)
        if self.case.subject.by_time:
            latest = max(message.time_ms for message in own_messages)
            return ids_of(message for message in messages if message.time_ms <= latest)
        return ids_of(own_messages)

    def _send(self, call: NegativeCall) -> Response:
        answer = call.send(self.fixture)
        call.check(answer)
        return answer

    def _attribute(self, calls: Sequence[NegativeCall]) -> None:
        """Messages were deleted that must not be: send the calls one by one, to see after which."""
        lost = [self._alone(call) for call in calls]
        if not any(lost):
            for call in calls:
                reason = "messages disappeared after several calls, but not when each call was repeated alone"
                self.case.verdicts.inconclusive(call.deletes_nothing, reason)

    def _alone(self, call: NegativeCall) -> bool:
        """One call with a look before and after; returns whether it deleted what it must not."""
        before = self._refilled()
        answer = self._send(call)
        return not self._check_effect(call, answer, before, self._look_later(before), frozenset())

    def _look_later(
        self, before: tuple[HistoryView, HistoryView], allowed: frozenset[str] = frozenset()
    ) -> tuple[HistoryView, HistoryView]:
        """A look that a deletion which lags, as far as one was seen to lag, would have reached, and that
        misses no more than is `allowed`, if that can be had."""
        self._settle()
        named = looked_for(self.case, self.fixture.view(), before[0].ids - allowed)
        return named, looked_for(self.case, self.bystander.view(), before[1].ids - allowed)

    def _settle(self) -> None:
        self.case.session.wait_for_lag(1.5 * self.case.session.patience.lag_s, here=True)

    def _check_effect(
        self,
        call: NegativeCall,
        answer: Response,
        before: tuple[HistoryView, HistoryView],
        after: tuple[HistoryView, HistoryView],
        allowed: frozenset[str],
    ) -> bool:
        lost = _lost(before, after) - allowed
        return self.case.verdicts.check(
            call.deletes_nothing,
            not lost,
            answer,
            *after,
            expected="no message deleted" + (" outside the request" if call.may_be_deleted else ""),
            actual=f"answered {answer.summary(80)}; {len(lost)} messages deleted",
            compares=lost_from(before[0].ids | before[1].ids, allowed),
        )

    def _remember(self, looks: HistoryViews) -> None:
        self._seen[self.case.operation.name] = looks

    def _refilled(self) -> tuple[HistoryView, HistoryView]:
        """Put back what a call deleted, so that the next call has enough; returns what is there."""
        known = self._seen.pop(self.case.operation.name, _BLIND)
        if None in known:
            # What an earlier call deleted may still be on its way.
            self._settle()
        named, aside = (self._whole(place, seen) for place, seen in enumerate(known))
        return named, aside

    def _whole(self, place: int, known: HistoryView | None) -> HistoryView:
        """What is there of one of the two conversations once nothing lacks in it."""
        fixture, count = self._fixtures[place], (self.MESSAGES, 1)[place]
        seen = known or fixture.view()
        if place:
            self._look_for_returned(seen)
        left = [message for message in fixture.messages if message.id in seen.ids]
        if len(left) == count:
            return seen
        missing = count - len(left)
        if place and self.case.operation.name in self._notified:
            announced = UnexpectedDeletion(*self._notified[self.case.operation.name])
            self._lost_aside.setdefault(self.case.operation.name, announced)
        oldest_ms = (missing + 2) * SPACING_MS + (OLDER_MS if place else 0)
        new = message_drafts((fixture.owner, fixture.peer), missing, oldest_ms=oldest_ms)
        left += fixture.world.seed(fixture.conversation, new)
        left.sort(key=lambda message: message.time_ms)
        self._fixtures[place] = replace(fixture, messages=tuple(left))
        return self._fixtures[place].view()

    def _look_for_returned(self, seen: HistoryView) -> None:
        """What has come back aside by now: a later call may name it, so it is not looked for once more."""
        deleted = unexpected_deletion(self.case)
        if not deleted:
            return
        seen = looked_until(self.case, seen, lambda now: now.has_none(deleted.fixture.messages))
        if not seen.has_none(deleted.fixture.messages):
            self._lost_aside[self.case.operation.name] = replace(deleted, back=replace(seen, look=None))

    def _check_all_notify_nobody(self, rejected: Sequence[tuple[NegativeCall, Response]]) -> None:
        if self.case.subject.notifies:
            self._announce_aside()
        settle_time(self.case, after_another=self.case.subject.notifies)
        notifications = self._count_notifications()
        if notifications:
            for call, _ in rejected:
                self._check_notifies_nobody_alone(call)
        else:
            for call, answer in rejected:
                self._check_notifies_nobody(call, answer, notifications)

    def _announce_aside(self) -> None:
        """A notification that must come, after everything that must not."""
        aside = self.bystander
        named, _ = self._seen.get(self.case.operation.name, _BLIND)
        self._remember((named, None))
        answer = aside.delete(aside.messages, notify="true")
        if answer.ok:
            self._notified[self.case.operation.name] = aside, answer
            mine = aside.conversation.id_for(aside.owner)
            has_come = check_notified(self.case, NOTIFIED_WHEN_TRUE, answer, self.devices[0], mine)
            if has_come and self.case.subject.by_id:
                events = all_notified(self.case, self.devices[0], mine, aside.messages, before=0)
                check_notified_ids(self.case, answer, events, aside.messages)

    def _count_notifications(self) -> int:
        """How many notifications came that the calls may have caused.

        No other check uses the owner, so every notification of the owner counts but those about the
        bystander. Of the peer's, only those about this conversation or about the owner count.
        """
        fixture, aside = self.fixture, self.bystander
        owners, peers = self.devices
        names = {fixture.conversation.id_for(user) for user in (fixture.owner, fixture.peer)}
        other = aside.conversation.id_for(aside.owner)
        of_owner = sum(sync.conversation_id != other for sync in owners.deletions)
        return of_owner + sum(s.conversation_id in names or s.user == fixture.owner for s in peers.deletions)

    def _check_notifies_nobody_alone(self, call: NegativeCall) -> None:
        self._refilled()
        notifications_before = self._count_notifications()
        answer = call.send(self.fixture)
        settle_time(self.case)
        settle_time(self.case)
        self._check_notifies_nobody(call, answer, self._count_notifications() - notifications_before)

    def _check_notifies_nobody(self, call: NegativeCall, answer: Response, notices: int) -> None:
        self.case.verdicts.check(
            call.notifies_nobody,
            answer.ok or not notices,
            answer,
            expected="no device notified of a rejected call",
            actual=f"answered {answer.summary(80)}; {notices} notifications",
        )


def unexpected_deletion(case: CheckContext) -> UnexpectedDeletion | None:
    """What a check of the operation deleted in the bystander conversation; None when nothing was seen to
    disappear."""
    return case.session.shared.get(_SharedNegativeCalls).lost.get(case.operation.name)


def _lost(before: tuple[HistoryView, HistoryView], after: tuple[HistoryView, HistoryView]) -> frozenset[str]:
    """The IDs that were seen before and are not any more."""
    return frozenset().union(*(seen.ids - now.ids for seen, now in zip(before, after, strict=True)))
