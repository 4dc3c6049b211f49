"""What one app remembers: people, rooms, messages, and who may no longer see which.

A message is stored once; each user's view of it is computed. An erasure is a pair (user, message ID).
"""

import secrets
import time
import uuid
from asyncio import Queue
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tests.second_service.traits import Traits

PulledWith = Literal["own-token", "named-types", "cursor"]
"""Ways to pull that a service may serve by other means."""

Pair = tuple[str, str]
"""A user, and a message that this user loses."""

EPOCH_OF_IDS = 1_417_564_800
"""2014-12-03, from which the upper half of a message ID counts seconds."""


class Thread(NamedTuple):
    """A conversation as one user sees it: kind is chat, group or room."""

    kind: str
    partner: str


class Change(NamedTuple):
    """A conversation enters or leaves a user's list."""

    user: str
    thread: Thread
    listed: bool


@dataclass(frozen=True, slots=True)
class Message:
    seq: int
    id: str
    kind: str
    sender: str
    receiver: str
    text: str
    time_ms: int
    how: str
    appears: float
    """On the monotonic clock."""
    type: str = "txt"

    @property
    def place(self) -> tuple[str, ...]:
        if self.kind == "chat":
            return ("chat", *sorted((self.sender, self.receiver)))
        return (self.kind, self.receiver)

    def thread_of(self, user: str) -> Thread:
        if self.kind == "chat":
            return Thread("chat", self.receiver if user == self.sender else self.sender)
        return Thread(self.kind, self.receiver)


@dataclass(slots=True)
class Room:
    """A group or chatroom; `joined` tells the first message number each member may see."""

    kind: str
    id: str
    owner: str
    created_ms: int
    joined: dict[str, int]


@dataclass(slots=True)
class Person:
    name: str
    password: str
    created_ms: int
    known: float
    """From when on everywhere, on the monotonic clock."""
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))


Arrival = Callable[["App", Message, list[Change]], None]


def place_of(user: str, thread: Thread) -> tuple[str, ...]:
    if thread.kind == "chat":
        return ("chat", *sorted((user, thread.partner)))
    return (thread.kind, thread.partner)


class App:
    """One App Key and all that was ever said under it."""

    def __init__(self, org: str, name: str, *, is_open: bool, traits: Traits) -> None:
        self.org, self.name, self.is_open, self.traits = org, name, is_open, traits
        self.uuid = str(uuid.uuid4())
        self.people: dict[str, Person] = {}
        self.rooms_and_groups: dict[str, Room] = {}
        self.places: dict[tuple[str, ...], list[Message]] = {}
        self.by_id: dict[str, Message] = {}
        self.lost: dict[Pair, float] = {}
        self.lingering: dict[Pair, PulledWith] = {}
        """What a faulty deletion leaves to those who pull with a token of their own."""
        self.listings: dict[tuple[str, Thread], list[tuple[float, bool]]] = {}
        self.read_lists: dict[str, tuple[float, list[dict[str, Any]]]] = {}
        """Each user's list as it is answered again, and until when on the monotonic clock."""
        self.moved_up: dict[tuple[str, Thread], int] = {}
        """When a faulty deletion moved a conversation up in a user's list, on the clock of messages."""
        self.cleared: dict[tuple[str, tuple[str, ...] | None], int] = {}
        """Up to when a user's messages were cleared, at a place or (None) everywhere."""
        self.devices: dict[str, dict[str, Queue[dict[str, Any]]]] = {}
        self.arrivals: list[Arrival] = []
        self.calls: dict[str, list[float]] = {}
        self.seq = 0
        self.pulls = 0
        self.list_reads = 0
        self.effects = 0

    @property
    def key(self) -> str:
        return f"{self.org}#{self.name}"

    def lag_s(self, longest_s: float) -> float:
        """How long the next effect takes that takes so long at most."""
        self.effects += 1
        if self.traits.lags == "now-and-then":
            return longest_s if self.effects % 9 == 0 else 0.0
        if self.traits.lags == "growing":
            return longest_s * min(1.0, self.effects / 100)
        return longest_s

    def person(self, name: str) -> Person | None:
        """The user of this name, once known everywhere."""
        person = self.people.get(name)
        return person if person is not None and person.known <= time.monotonic() else None

    def now_ms(self) -> int:
        return int((time.time() + self.traits.talk.clock_s) * 1000)

    def participants(self, message: Message) -> list[str]:
        if message.kind == "chat":
            return sorted({message.sender, message.receiver})
        room = self.rooms_and_groups.get(message.receiver)
        return list(room.joined) if room else [message.sender]

    def counts(self, message: Message) -> bool:
        """Whether the message creates a conversation in lists."""
        read = self.traits.read
        return read.import_lists if message.how == "import" else read.rest_lists

    def add(
        self, kind: str, sender: str, receiver: str, text: str, how: str, time_ms: int, of_type: str = "txt"
    ) -> Message:
        talk = self.traits.talk
        self.seq += 1
        message = Message(
            seq=self.seq,
            id=self._fresh_id(),
            kind=kind,
            sender=sender,
            receiver=receiver,
            text=text,
            time_ms=time_ms,
            how=how,
            appears=time.monotonic() + talk.appear_s,
            type=of_type,
        )
        kept = self.places.setdefault(message.place, [])
        kept.append(message)
        if talk.most_kept:
            del kept[: -talk.most_kept]
        self.by_id[message.id] = message
        changes: list[Change] = []
        if self.counts(message):
            changes = [Change(u, message.thread_of(u), True) for u in self.participants(message)]
        for arrival in self.arrivals:
            arrival(self, message, changes)
        self.enlist(changes)
        return message

    def _fresh_id(self) -> str:
        match self.traits.talk.ids:
            case "random":
                return str(10**17 + secrets.randbelow(8 * 10**17))
            case "short":
                return str(10_212_123_848_595 + self.seq)
            case "huge":
                return str(2**63 + 10**15 + self.seq)
            case "falling":
                return str(9 * 10**17 - self.seq * 7)
            case "even":
                return str((2**29 + self.seq) << 32)
            case _:
                return str(((int(time.time()) - EPOCH_OF_IDS) << 32) + 0x10000 + self.seq)

    def may_see(self, user: str, message: Message) -> bool:
        if message.how == "import" and self._hides(user, message):
            return False
        if message.kind == "chat":
            return user in (message.sender, message.receiver)
        room = self.rooms_and_groups.get(message.receiver)
        return room is not None and room.joined.get(user, self.seq + 1) <= message.seq

    def _hides(self, user: str, message: Message) -> bool:
        marks = (self.cleared.get((user, place), -1) for place in (message.place, None))
        return message.time_ms <= max(marks)

    def view(self, user: str, thread: Thread) -> list[Message]:
        """What the user has left in a conversation, as soon as everything has settled; oldest first."""
        stored = self.places.get(place_of(user, thread), [])
        return [m for m in stored if self.may_see(user, m) and (user, m.id) not in self.lost]

    def shown(self, user: str, thread: Thread, ways: Collection[PulledWith] = ()) -> list[Message]:
        """What a pull shows at this moment that is made in these ways."""
        now = time.monotonic() - (self.traits.read.behind_s if self.pulls % 2 else 0.0)
        stored = self.places.get(place_of(user, thread), [])
        return [
            m
            for m in stored
            if m.appears <= now
            and self.may_see(user, m)
            and (self.lost.get((user, m.id), now + 1) > now or self.lingering.get((user, m.id)) in ways)
        ]

    def threads(self, user: str) -> list[Thread]:
        return [
            messages[0].thread_of(user)
            for messages in self.places.values()
            if any(self.may_see(user, m) for m in messages)
        ]

    def everything(self, user: str) -> list[Message]:
        return [m for thread in self.threads(user) for m in self.view(user, thread)]

    def lose(self, pairs: Iterable[Pair]) -> list[Change]:
        """Erase, and tell which conversations thereby leave which lists."""
        when = time.monotonic() + self.lag_s(self.traits.erase.settle_s)
        touched: dict[tuple[str, Thread], None] = {}
        for user, message_id in pairs:
            if (user, message_id) not in self.lost:
                self.lost[user, message_id] = when
            touched[user, self.by_id[message_id].thread_of(user)] = None
        return [Change(user, thread, False) for user, thread in touched if not self.view(user, thread)]

    def enlist(self, changes: Iterable[Change]) -> None:
        read, now = self.traits.read, time.monotonic()
        for user, thread, listed in changes:
            when = now + self.lag_s(read.list_lag_s + (0 if listed else read.list_leave_s))
            history = self.listings.setdefault((user, thread), [])
            # What comes later makes void what was not shown yet.
            history[:] = [one for one in history if one[0] <= when]
            history.append((when, listed))

    def listed(self, user: str) -> list[Thread]:
        self.list_reads += 1
        now = time.monotonic() - (self.traits.read.list_behind_s if self.list_reads % 2 else 0.0)
        found = []
        for (owner, thread), history in self.listings.items():
            past = [listed for when, listed in history if when <= now]
            if owner == user and past and past[-1]:
                found.append(thread)
        return found

    def forget(self, name: str) -> None:
        """Remove a user with all circles, messages and lists of that user."""
        self.people.pop(name, None)
        if self.traits.entry.chats_leave_too:
            for place in [p for p in self.places if p[0] == "chat" and name in p[1:]]:
                del self.places[place]
        for room in [c for c in self.rooms_and_groups.values() if c.owner == name]:
            if not self.traits.entry.orphans_stay:
                del self.rooms_and_groups[room.id]
        for room in self.rooms_and_groups.values():
            room.joined.pop(name, None)
        for key in [k for k in self.listings if k[0] == name]:
            del self.listings[key]
