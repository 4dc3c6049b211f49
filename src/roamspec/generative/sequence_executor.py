"""Plays one sequence to a target, in a world of its own, and compares what is seen with the model."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from roamspec.api import messages_api
from roamspec.contract.operations import Contract
from roamspec.errors import SetupFailed
from roamspec.generative.call_sender import call
from roamspec.generative.call_sequence import (
    NEIGHBOUR,
    PLACES,
    PLAIN,
    TEXTS,
    USERS,
    DeleteStep,
    SendStep,
    Setting,
    Step,
)
from roamspec.generative.content_comparison import Said, as_said, first_seen, intruder, out_of_order
from roamspec.generative.descriptions import step_text
from roamspec.generative.difference import Difference, Found
from roamspec.generative.flaws import UNKNOWN_TARGET, is_of_method
from roamspec.generative.list_comparison import Wanted, compare_lists
from roamspec.generative.notification_expectations import NotificationExpectations
from roamspec.generative.planned_state import PlannedState, Visibility
from roamspec.generative.provisioning import conversation_of, people_of
from roamspec.generative.stood_before import StoodBefore, places_of
from roamspec.generative.symbol_binding import UNKNOWN_ID, query_of
from roamspec.session.session import Session
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.absent_names import AbsentNames
from roamspec.world.conversations import Conversation, HistoryView
from roamspec.world.waiting import wait_until
from roamspec.world.world import World

Aspect = Literal["answers", "views", "lists", "devices"]
_APART_S: Final = 0.002
_LIST_READINGS: Final = 2
"""How often one user's list is read before the end."""
_SLOW_LIST_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class ExplorationContext:
    """What all sequences of a run share."""

    session: Session
    contract: Contract
    visibility: Visibility
    replies: Callable[[DeleteStep, Response], None] | None = None
    """Hears every response while sequences are drawn."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What a sequence is played for once more: one aspect, of what one user sees of one place."""

    aspect: Aspect
    user: str
    place: str


class SequenceExecutor:
    """One world for one sequence.

    After each deletion the views that it names are compared, at the end (`finish`) everything else. With a
    `focus` nothing but that is compared, and after each step: that tells the step after which a difference
    is first seen, and costs no look at what it is not about. Raises Found for the first difference.
    """

    def __init__(
        self,
        context: ExplorationContext,
        *,
        watched: bool,
        focus: Focus | None = None,
        setting: Setting = PLAIN,
    ) -> None:
        self.context = context
        self.session = context.session
        self.planned = PlannedState.blank(context.visibility)
        self.steps = 0
        self.exchanges: list[Exchange] = []
        self._focus = focus
        self._world = World(context.session)
        self._worlds = [self._world]
        self.setting = setting
        self.names = people_of(self._world, setting)
        self._said: dict[str, Said] = {}
        self._known: dict[str, Said] = {}
        """What the first look at a message added: all users see the same of it."""
        self._conversations: dict[str, Conversation] = {}
        self._ids: dict[str, str] = {}
        self._times: dict[str, int] = {}
        self._labels: dict[str, str] = {}
        self._gone: set[tuple[str, str]] = set()
        self._stale: set[tuple[str, str]] = set()
        """Views that a call with a flaw was about and that nobody looked at since."""
        self._right: dict[tuple[str, str], int] = {}
        """After which step a view was last as it should be."""
        self._fresh: set[tuple[str, str]] = set()
        self._past_ms = context.session.service_now_ms() - context.visibility.past_ms
        self._lists_read: Counter[str] = Counter()
        self._live_at: dict[str, float] = {}
        self._stood = StoodBefore(self._world, self.names, self.conversation)
        self.notifications: NotificationExpectations | None = None
        if watched and context.session.observer_url and "devices" not in context.session.capabilities.missing:
            try:
                counts = dict(zip(USERS, setting.devices, strict=True))
                key = self._world.app.key
                self.notifications = NotificationExpectations(
                    context.session, key, self.names, self.conversation, counts
                )
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Take devices offline and remove what the sequence made."""
        if self.notifications:
            self.notifications.close()
        for world in reversed(self._worlds):
            world.close()

    # --- playing

    def perform(self, step: Step) -> None:
        """Take one step, and compare what it names."""
        with self._told_whole():
            self._perform(step)

    @contextlib.contextmanager
    def _told_whole(self) -> Iterator[None]:
        """A difference with all that was sent until then, and when the same was last right."""
        try:
            yield
        except Found as found:
            seen = found.difference
            since = self._right.get((seen.user, seen.place), -1)
            if seen.kind == "answer":
                since = seen.step - 1
            whole = replace(seen, since=since, exchanges=tuple(self.exchanges))
            raise Found(whole) from None

    def _perform(self, step: Step) -> None:
        self._fresh.clear()
        if not (isinstance(step, DeleteStep) and step.flaw):
            self._look_at_stale()
        if isinstance(step, SendStep):
            self._say(step)
        else:
            self._delete(step)
        self.steps += 1
        if self._focus and (self._focus.aspect == "views" or isinstance(step, DeleteStep)):
            self._compare(self._focus, silence=True)
            self._right[self._focus.user, self._focus.place] = self.steps - 1

    def finish(self, *, silence: bool = False) -> None:
        """Compare everything that was not compared since the last step.

        Without `silence`, what devices must not be notified is left for later (`notifications`).
        """
        with self._told_whole():
            self._compare(self._focus, silence=silence)

    def _compare(self, focus: Focus | None, *, silence: bool) -> None:
        aspect = focus.aspect if focus else ""
        if aspect in ("", "views"):
            self._look_everywhere()
        if aspect in ("", "lists"):
            self._read_lists()
        if aspect in ("", "devices") and self.notifications:
            self.notifications.compare(self.steps - 1, silence=silence)

    def _say(self, step: SendStep) -> None:
        world, conversation = self._world_of(step.place), self.conversation(step.place)
        sender, kind = self.names[step.sender], conversation.kind
        target, text = conversation.id_for(sender), TEXTS[step.text]
        if step.at_ms is None:
            self._keep_apart(step.place)
            with self._recorded():
                identifier = messages_api.send(world.app, kind, sender, target, text, of_type=step.type)
            self._live_at[step.place] = self.session.clock()
        else:
            self._times[step.label] = self._past_ms + step.at_ms
            answer = messages_api.try_import(
                world.app, kind, sender, target, text, self._times[step.label], of_type=step.type
            )
            self.exchanges.append(answer.exchange)
            identifier = messages_api.imported_id(answer, f"importing into the {kind} {target}")
        self._ids[step.label] = identifier
        self._labels[identifier] = step.label
        self._said[step.label] = as_said(sender, step.type, text, self._times.get(step.label))
        self.planned, _ = self.planned.after(step)

    @contextlib.contextmanager
    def _recorded(self) -> Iterator[None]:
        """Keep the exchanges of calls that do not hand theirs out."""
        client, before = self.session.client, self.session.client.recorder

        def record(exchange: Exchange) -> None:
            self.exchanges.append(exchange)
            if before:
                before(exchange)

        client.recorder = record
        try:
            yield
        finally:
            client.recorder = before

    def _keep_apart(self, place: str) -> None:
        """Messages of a place that take the service's time shall not share a millisecond, nor lie beside
        one another's, as boundaries do; and none shares that in which everything was cleared."""
        latest = max((self._live_at[at] for at in (place, "") if at in self._live_at), default=0.0)
        early = latest + _APART_S - self.session.clock()
        if early > 0:
            self.session.sleep(early)

    def _delete(self, step: DeleteStep) -> None:
        if self._lists_show_at_once and (not self._focus or self._focus.aspect == "lists"):
            self._stood.read(self.planned, (self._focus.user,) if self._focus else USERS)
        reply = self.planned.expects(step)
        sent_at = self.session.clock()
        answer = self._send(step)
        if not step.place:
            self._live_at[""] = self.session.clock()
        if self.context.replies and not self._focus:
            self.context.replies(step, answer)
        self._check_answer(step, reply, answer)
        after, effect = self.planned.after(step)
        if self.notifications and effect:
            ids = [self._ids.get(label, UNKNOWN_ID) for label in step.picks]
            time_ms = self._times[step.around] + step.offset_ms if step.around else None
            self.notifications.expect(step, effect if answer.ok else None, ids, time_ms, sent_at=sent_at)
        before = self.planned
        if answer.ok:
            self.planned = after
            self._stood.forget_deleted(after)
        if self._focus:
            return
        for place in [step.place] if step.place else self.planned.touched:
            if step.owner in PLACES[place].members and place != NEIGHBOUR:
                if step.flaw:
                    self._stale.add((step.owner, place))
                else:
                    self._look(step.owner, place, self.steps)
        self._look_for_what_left_the_list(step.owner, before)

    def _look_for_what_left_the_list(self, owner: str, before: PlannedState) -> None:
        """A conversation that was emptied is off the list, until a later message brings it back. Lists that
        lag are read at the end alone, and no list is read often."""
        if not self._lists_show_at_once or self._lists_read[owner] >= _LIST_READINGS:
            return
        now = _listed(self.planned, owner)
        if any(there and now.get(place) is False for place, there in _listed(before, owner).items()):
            self._lists_read[owner] += 1
            self._read_lists_of((owner,), self.steps)

    @property
    def _lists_show_at_once(self) -> bool:
        session = self.session
        lags = session.capabilities.list_lag_s or session.list_patience.lag_s > _SLOW_LIST_S
        return session.capabilities.list_form is not None and not lags

    def _send(self, step: DeleteStep) -> Response:
        subject = OperationUnderTest(self.context.contract.operation(step.operation))
        if step.around and self.planned.said[step.around].at_ms is None:
            self._read_times(step.owner, step.place)
        conversation = self.conversation(step.place) if step.place else None
        nowhere = self._nowhere(subject) if step.flaw == UNKNOWN_TARGET else ""
        query = query_of(subject, step, conversation, self.names, self._ids, self._times, nowhere)
        answer = call(subject, self._world, self.names[step.owner], step, query)
        self.exchanges.append(answer.exchange)
        if answer.status == 429:
            raise SetupFailed("the target rejects calls because of its rate limit")
        return answer

    def _nowhere(self, subject: OperationUnderTest) -> str:
        """A conversation that does not exist; one of each kind for the whole run."""
        absent = self.session.shared.get(AbsentNames)
        return absent.group(self._world) if subject.kind == "group" else absent.user(self._world)

    def _check_answer(self, step: DeleteStep, reply: str, answer: Response) -> None:
        if is_of_method(step.flaw) and (answer.status or 0) >= 400:
            return
        allowed = {
            "success": (answer.ok, "status 200"),
            "refusal": (answer.rejected, "a 4xx status"),
            "either": (answer.ok or answer.rejected, "status 200, or a 4xx status"),
        }
        holds, wanted = allowed[reply]
        if not holds:
            raise Found(
                Difference(
                    "broken" if answer.incomplete else "answer",
                    self.steps,
                    step.owner,
                    step.place,
                    (),
                    f"{wanted} for {step_text(step)}",
                    f"answered {answer.summary(80)}",
                )
            )

    # --- looking

    def conversation(self, place: str) -> Conversation:
        """The real conversation behind a place; made when it is first needed."""
        if place not in self._conversations:
            world = self._world_of(place)
            self._conversations[place] = conversation_of(world, place, self.names, self.setting)
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
        """Learn the service's times of the messages sent live; their order must be the plan's."""
        said, there = self.planned.said, self.planned.view(user, place).ids
        live = [label for label in there if said[label].at_ms is None]
        if not all(label in self._times for label in live):
            self._look(user, place, self.steps - 1)
        times = [self._times[label] for label in sorted(live, key=self.planned.time_of)]
        if any(later - earlier < 2 for earlier, later in pairwise(times)):
            raise SetupFailed("messages sent one after the other have the same time")

    def _look_at_stale(self) -> None:
        """One look for a row of calls that must have done nothing."""
        for user, place in sorted(self._stale):
            if self.planned.view(user, place).ever:
                self._look(user, place, self.steps - 1)
        self._stale.clear()

    def _look_everywhere(self) -> None:
        for place in self.planned.touched:
            for user in PLACES[place].members:
                if (user, place) not in self._fresh and self._is_of_interest(user, place):
                    self._look(user, place, self.steps - 1)

    def _is_of_interest(self, user: str, place: str) -> bool:
        focus = self._focus
        wanted = focus is None or (focus.user == user and focus.place == place)
        return wanted and bool(self.planned.view(user, place).ever)

    def _look(self, user: str, place: str, step: int) -> HistoryView:
        expected = self.planned.view(user, place)
        world, conversation = self._world_of(place), self.conversation(place)

        def labels(view: HistoryView) -> frozenset[str]:
            return frozenset(self._labels.get(identifier, "") for identifier in view.ids) & expected.ever

        newer = self.steps % 2 == 1
        view = self._pulled(world, user, conversation, lambda v: labels(v) == expected.ids, newer=newer)
        seen = labels(view)
        if seen == expected.ids:
            self._compare_contents(user, place, step, view, newer=newer)
            if self._focus:
                view = self._pulled(
                    world, user, conversation, lambda v: labels(v) == expected.ids, newer=not newer
                )
                seen = labels(view)
        if seen != expected.ids:
            if view.exchange:
                self.exchanges.append(view.exchange)
            raise Found(self._difference(user, place, step, seen, expected.ids))
        self._fresh.add((user, place))
        self._right[user, place] = step
        self._gone |= {(user, label) for label in expected.ever - seen}
        return view

    def _pulled(
        self,
        world: World,
        user: str,
        conversation: Conversation,
        holds: Callable[[HistoryView], bool],
        *,
        newer: bool,
    ) -> HistoryView:
        """What a user pulls, towards newer messages or older ones, as soon as it is as it should be."""
        patience = self.session.patience
        self.session.wait_for_lag(patience.usual_lag_s, here=True)
        name = self.names[user]
        return wait_until(
            lambda: world.view(name, conversation, newer=newer), holds, self.session, patience=patience
        )

    def _compare_contents(self, user: str, place: str, step: int, view: HistoryView, *, newer: bool) -> None:
        """Nothing else is there, and what is there says what was said, in the order of time."""
        ever = self.planned.view(user, place).ever
        stranger = intruder(view.messages, self._labels, ever)
        wanted, actual, label = "", "", ""
        if stranger:
            wanted, actual = (
                f"the history of {place} for {user} has only what was sent there",
                f"the message {stranger} is there as well",
            )
        elif later := out_of_order(view.messages, newer=newer):
            label = self._labels[later]
            wanted, actual = (
                f"the history of {place} for {user} has each message once, ordered by time",
                f"{label} stands elsewhere",
            )
        for message in view.messages if not wanted else ():
            name = self._labels[message.id]
            known = self._known.get(name) or first_seen(self._said[name], message)
            self._known[name] = known
            # The service's time of what was sent live is known from the first look on.
            self._times.setdefault(name, message.time_ms)
            if said := known.altered(message):
                label, wanted, actual = (
                    name,
                    f"the history of {place} for {user} has {name} as it was sent",
                    said,
                )
                break
        if wanted:
            if view.exchange:
                self.exchanges.append(view.exchange)
            labels = (label,) if label else ()
            raise Found(Difference("altered", step, user, place, labels, wanted, actual))

    def _difference(
        self, user: str, place: str, step: int, seen: frozenset[str], expected: frozenset[str]
    ) -> Difference:
        left = tuple(sorted(seen - expected))
        back = tuple(label for label in left if (user, label) in self._gone)
        lost = tuple(sorted(expected - seen))
        wanted = f"the history of {place} for {user} has {_some(expected)}"
        actual = f"it has {_some(seen)}"
        if back:
            return Difference("back", step, user, place, back, wanted, actual)
        if left:
            return Difference("kept", step, user, place, left, wanted, actual)
        return Difference("lost", step, user, place, lost, wanted, actual)

    def _read_lists(self) -> None:
        if self.session.capabilities.list_form is None:
            return
        users = USERS if self._focus is None else (self._focus.user,)
        self._read_lists_of(users, self.steps - 1)

    def _read_lists_of(self, users: Sequence[str], step: int) -> None:
        wanted = {user: self._wanted_of(user) for user in users}
        compare_lists(self._world, self.names, wanted, self.conversation, step)

    def _wanted_of(self, user: str) -> Wanted:
        """What the model says of the user's list."""
        places = places_of(self.planned, user)
        gone = {
            place: self.planned.view(user, place).ever - self.planned.view(user, place).ids
            for place in places
        }
        deleted = {place: {self._ids[label]: label for label in labels} for place, labels in gone.items()}
        return Wanted({**self._stood.of(user), **_listed(self.planned, user)}, deleted)


def _listed(planned: PlannedState, user: str) -> dict[str, bool]:
    """The places of which the model says whether the user's list shows them."""
    found = {place: planned.view(user, place).listed for place in places_of(planned, user)}
    return {place: listed for place, listed in found.items() if listed is not None}


def _some(labels: frozenset[str]) -> str:
    return ", ".join(sorted(labels)) or "nothing"
