"""Random contents of an app, made in process: users whose IDs are related, conversations of all kinds,
messages of every type and age, and devices. Each population has a random half of the features."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.delivery import OutgoingMessage, seed
from roamspec.emulator.domain.records import ConversationKey

FEATURES: Final = (
    "related IDs",
    "unusual IDs",
    "old messages",
    "types",
    "equal times",
    "equal texts",
    "many messages",
    "single messages",
    "devices",
    "many devices",
    "a late member",
    "a group ID that is a user's",
    "unlisted",
    "groups alone",
    "chats alone",
)
_TYPES: Final = ("img", "audio", "video", "file", "loc", "cmd", "custom")
_DAY_MS: Final = 86_400_000
_UNUSUAL: Final = ("7", "40213", "a" * 64, "x.y", "x_y", "x-y", "q")


@dataclass
class Population:
    """What stands in an app; `owners` may be anybody who has a conversation."""

    app: App
    chance: Random
    features: frozenset[str]
    users: list[str] = field(default_factory=list)
    conversations: list[tuple[ConversationKey, tuple[str, ...]]] = field(default_factory=list)
    """Each with its members; a chat is named by its second member."""
    _clock: int = 0

    @classmethod
    def build(cls, app: App, chance: Random) -> "Population":
        """Fill an app with what `chance` draws."""
        features = frozenset(name for name in FEATURES if chance.random() < 0.5)
        population = cls(app, chance, features, _clock=app.clock.now())
        population._people()
        population._talk()
        population._devices()
        return population

    def has(self, feature: str) -> bool:
        """Whether a feature was drawn for this app."""
        return feature in self.features

    def _people(self) -> None:
        chance = self.chance
        names = ["bob", "carol"]
        if self.has("related IDs"):
            names += [chance.choice(("bobby", "xbob", "xboby"))]
        names += chance.sample(_UNUSUAL, 3) if self.has("unusual IDs") else ["dave", "erin"]
        chance.shuffle(names)
        context = self.app.context(self._clock)
        for name in names:
            accounts.register(context, name, "1", None)
        self.users = names
        if not self.has("groups alone"):
            pairs = [(a, b) for a in names for b in names if a < b]
            for one, other in chance.sample(pairs, min(len(pairs), chance.randint(2, 5))):
                self.conversations.append((ConversationKey("chat", other), (one, other)))
        if not self.has("chats alone") or not self.conversations:
            for kind in chance.choices(("group", "group", "room"), k=chance.randint(1, 3)):
                self._group(kind)

    def _group(self, kind: Any) -> None:
        context, chance = self.app.context(self._clock), self.chance
        members = chance.sample(self.users, chance.randint(2, min(4, len(self.users))))
        group = accounts.create_group(context, kind, members[0], members[1:], {}, None)
        if self.has("a late member"):
            others = [name for name in self.users if name not in members]
            late = accounts.add_members(context, group, others[:1])
            members += late
        if self.has("a group ID that is a user's"):
            accounts.register(context, group.id, "1", None)
        self.conversations.append((ConversationKey("group", group.id), tuple(members)))

    def _talk(self) -> None:
        for conversation, members in self.conversations:
            low, high = (60, 60) if self.has("many messages") and self.chance.random() < 0.3 else (2, 8)
            count = 1 if self.has("single messages") and self.chance.random() < 0.5 else 0
            self.say(conversation, members, count or self.chance.randint(low, high))

    def say(self, conversation: ConversationKey, members: tuple[str, ...], count: int) -> None:
        """Messages into one conversation, the last of them now."""
        chance, times = self.chance, []
        for _ in range(count):
            age = chance.choice((0, 1, 2, 500, 1000, 60_000, 3_600_000))
            if self.has("old messages") and chance.random() < 0.5:
                age += chance.choice((8, 30, 91, 200)) * _DAY_MS
            times.append(self.app.clock.now() - age)
        if self.has("equal times"):
            times[-1] = times[0]
        for number, time_ms in enumerate(sorted(times)):
            sender = chance.choice(members)
            target = conversation
            if conversation.type == "chat":
                target = ConversationKey("chat", members[0] if sender == members[1] else members[1])
            kind = chance.choice(_TYPES) if self.has("types") and chance.random() < 0.5 else "txt"
            text = "hello" if self.has("equal texts") else f"{number} " + "hello " * chance.choice((1, 60))
            listed = False if self.has("unlisted") and chance.random() < 0.3 else None
            seed(
                self.app.context(self.app.clock.now()),
                OutgoingMessage(sender, kind, text, None),
                target,
                time_ms,
                listed,
            )

    def _devices(self) -> None:
        if not self.has("devices"):
            return
        for user in self.users:
            most = 4 if self.has("many devices") else 1
            for number in range(self.chance.randint(0, most)):
                self.app.devices.connect(user, f"d{number}")

    def named_by(self, owner: str) -> list[str]:
        """The conversations of a user, as the user names them."""
        return [
            conversation.id
            if conversation.type == "group"
            else next(name for name in members if name != owner)
            for conversation, members in self.conversations
            if owner in members
        ]
