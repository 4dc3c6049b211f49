"""What is known of the messages of a run: what was said, what was called for, and what was seen of it.

Recorded as it happens, in one order for all of it; compared elsewhere (`roamspec.suite.history_comparison`).
"""

import itertools
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Final, Literal

from roamspec.api.conversation_lists import ListedConversation
from roamspec.api.message_bodies import TEXT
from roamspec.appkey import AppKey
from roamspec.session.session import Session
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage
from roamspec.world.conversations import Conversation, HistoryView, Message

ENOUGH: Final = 3
"""From so many messages on, one knows how a service keeps them."""

Content = tuple[str, str, str, int] | None
"""Sender, text, type and time in Unix milliseconds of a message; None where they are not known."""

Outcome = Literal["done", "perhaps", "refused"]
"""Of a call: `done` as the documentation describes it; `perhaps`, because it was no such call or was not
answered; `refused`, which changes nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages are: a one-to-one conversation of two, or a group or chatroom by its ID."""

    app: AppKey
    who: frozenset[str]
    group_id: str = ""

    @classmethod
    def of(cls, app: AppKey, conversation: Conversation) -> "Place":
        """The place of a conversation in an app."""
        if conversation.kind == "chat":
            return cls(app, frozenset(conversation.members))
        return cls(app, frozenset(), conversation.group_id)


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of an operation for `owner`.

    `place` is None where it names no conversation; `ids` and `until_ms` are None where it names none.
    """

    number: int
    operation: str
    app: AppKey
    owner: str
    place: Place | None
    ids: tuple[str, ...] | None
    until_ms: int | None
    notify: str | None
    outcome: Outcome
    answer: Response

    def concerns(self, place: Place) -> bool:
        """Whether it may act there: in the conversation that it names, or wherever the owner is."""
        return self.app == place.app and self.place in (None, place)


@dataclass(frozen=True, slots=True)
class Said:
    """One message that was sent or imported with this text; `dated` if its time is the one it was given,
    `live` if it was sent and not imported."""

    number: int
    operation: str
    message: Message
    text: str
    dated: bool
    live: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is a text message."""
        return self.message.type == TEXT


@dataclass(frozen=True, slots=True)
class Look:
    """One view of a user, of all messages there are; `one_page` if one response held them."""

    number: int
    operation: str
    view: HistoryView
    newer: bool
    one_page: bool


@dataclass(frozen=True, slots=True)
class ListLook:
    """One reading of a user's whole conversation list; `entries` are in its order."""

    number: int
    operation: str
    entries: Set[ListedConversation]

    def newest_of(self, conversation: ListedConversation) -> str | None:
        """The ID of the message that the list shows of a conversation, empty for none; None where it has no
        such conversation."""
        return next((each.last_id for each in self.entries if each == conversation), None)


@dataclass
class Facts:
    """Everything that is known, of all operations together."""

    calls: list[Call] = field(default_factory=list)
    said: dict[Place, list[Said]] = field(default_factory=dict)
    looks: dict[tuple[Place, str], list[Look]] = field(default_factory=dict)
    list_looks: dict[tuple[AppKey, str], list[ListLook]] = field(default_factory=dict)
    conversations: dict[Place, Conversation] = field(default_factory=dict)
    unknown: set[Place] = field(default_factory=set)
    """Places of which nothing is certain any more, such as those of a user who has left the app."""
    _looks_at: dict[Place, list[Look]] = field(default_factory=dict)
    _first_calls: dict[Place, tuple[int, int | None]] = field(default_factory=dict)
    """Of each place, how many calls were searched, and the number of the first that acts there."""
    differs_by_viewer: bool = False
    """Whether two users were seen to have one message with another content, without any call in between."""
    _last_seen: dict[Place, dict[str, tuple[str, int, PulledMessage]]] = field(default_factory=dict)
    """Of each message at a place: who saw it last, after how many calls, and as what."""
    more_looks: int = 0
    """How many looks were taken for a comparison alone."""
    _looks: int = 0
    _pages: int = 0
    _as_sent: int = 0
    _otherwise: int = 0
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        """The next number: what is recorded later has a higher one."""
        return next(self._count)

    def say(
        self,
        app: AppKey,
        operation: str,
        conversation: Conversation,
        message: Message,
        text: str,
        *,
        dated: bool,
        live: bool = False,
    ) -> None:
        """Write down a message that a check put somewhere; `dated`: with the time it was given."""
        place = self._place(app, conversation)
        self.said.setdefault(place, []).append(Said(self.number(), operation, message, text, dated, live))

    def look(self, app: AppKey, operation: str, view: HistoryView, *, newer: bool, pages: int) -> None:
        """Write down what a user pulled, in how many `pages`; `newer` when from old to new."""
        place = self._place(app, view.conversation)
        self._looks, self._pages = self._looks + 1, self._pages + max(1, pages)
        seen = Look(self.number(), operation, view, newer, pages <= 1)
        self.looks.setdefault((place, view.user), []).append(seen)
        self._looks_at.setdefault(place, []).append(seen)
        self._compare_with_what_others_saw(place, view)
        if self.first_call(place) is None:
            self._compare_with_what_was_sent(place, view)

    def _compare_with_what_others_saw(self, place: Place, view: HistoryView) -> None:
        last_seen, calls = self._last_seen.setdefault(place, {}), len(self.calls)
        for one in view.messages:
            user, before, seen = last_seen.get(one.id, (view.user, calls, one))
            if user != view.user and before == calls and content_of(seen) != content_of(one):
                self.differs_by_viewer = True
            last_seen[one.id] = view.user, calls, one

    def _compare_with_what_was_sent(self, place: Place, view: HistoryView) -> None:
        pulled = {message.id: message for message in view.messages}
        for said in self.said.get(place, ()):
            one = pulled.get(said.message.id)
            if one is not None and said.is_text:
                same = (one.sender, one.text, one.kind) == (said.message.sender, said.text, TEXT)
                same = same and (not said.dated or one.time_ms == said.message.time_ms)
                self._as_sent += same
                self._otherwise += not same

    def first_call(self, place: Place) -> int | None:
        """The number of the first call that may have done something there."""
        searched, first = self._first_calls.get(place, (0, None))
        if first is None and searched < len(self.calls):
            members = self.conversations[place].members
            calls = self.calls[searched:]
            near = (
                call.number
                for call in calls
                if (call.place == place if call.place else call.owner in members and call.app == place.app)
            )
            first = next(near, None)
            self._first_calls[place] = searched + len(calls), first
        return first

    def has_called(self, user: str, place: Place, *, since: int) -> bool:
        """Whether a call of the user's own, after the fact of this number, may have done something there."""
        calls = (call for call in self.calls if call.number > since and call.outcome != "refused")
        return any(call.owner == user and call.concerns(place) for call in calls)

    def looks_at(self, place: Place) -> Sequence[Look]:
        """Everybody's looks at a place, in their order."""
        return tuple(self._looks_at.get(place, ()))

    def meet(self, call: Call, place: Place) -> bool:
        """Whether somebody at a place has to do with a call: as its owner, or because the owner meets them
        where the call acts. True when that is not known."""
        members = set(self.conversations[place].members)
        if call.owner in members:
            return True
        if call.place is not None:
            known = self.conversations.get(call.place)
            return known is None or not members.isdisjoint(known.members)
        return any(
            call.owner in conversation.members and not members.isdisjoint(conversation.members)
            for where, conversation in list(self.conversations.items())
            if where.app == call.app
        )

    @property
    def pages_per_look(self) -> float:
        """How many requests a look took in the mean."""
        return self._pages / self._looks if self._looks else 1.0

    @property
    def keeps_what_is_sent(self) -> bool:
        """Whether texts were seen to say what was sent, at the time that they were given, before any call."""
        return self._as_sent >= ENOUGH and not self._otherwise

    def forget(self, app: AppKey, *, user: str = "", group_id: str = "") -> None:
        """A user or a group was removed: what becomes of their messages is not said."""
        # A copy, because checks may run in several threads.
        for place, conversation in list(self.conversations.items()):
            removed = user in conversation.members if user else place.group_id == group_id
            if place.app == app and removed:
                self.unknown.add(place)

    def _place(self, app: AppKey, conversation: Conversation) -> Place:
        place = Place.of(app, conversation)
        self.conversations.setdefault(place, conversation)
        return place


def content_of(message: PulledMessage) -> Content:
    """What a pulled message says."""
    return message.sender, message.text, message.kind, message.time_ms


def facts_of(session: Session) -> Facts:
    """The facts of a run."""
    return session.shared.get(Facts)
