"""The scene that most checks begin with: an owner, a peer, a bystander, and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from roamspec.client.chatting import ConversationKind
from roamspec.client.contents import TEXT
from roamspec.client.deletions import Query
from roamspec.client.messages import Answer
from roamspec.suite.subject import Subject
from roamspec.world.conversations import Conversation, Draft, Message, View
from roamspec.world.variety import OLDEST_MS
from roamspec.world.world import World

OTHER_SCRIPT: Final = "\u4f60\u597d \U0001f30d"
LONG_TEXT: Final = "hello " * 100
_MANY: Final = 6
"""From so many messages on, the first of them is long."""
SPACING_MS = 20_000
MOST_SLACK_MS = 2_000
OLDER_MS = 600_000


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation of the owner with others, and the messages in it, oldest first."""

    world: World
    subject: Subject
    owner: str
    others: tuple[str, ...]
    conversation: Conversation
    messages: tuple[Message, ...]
    followed_at_ms: int | None = None
    """When the first message comes that is in the conversation after those of the scene, if any is."""

    @property
    def peer(self) -> str:
        return self.others[0]

    def query(self, messages: Sequence[Message], *, notify: str | None = None) -> Query:
        """The query that names `messages`: by time, a moment safely after the last of them."""
        until = self.moment_after(messages)
        return self.subject.query(self.owner, self.conversation, messages, notify=notify, until_ms=until)

    def delete(self, messages: Sequence[Message], *, notify: str | None = None) -> Answer:
        """Delete `messages` from the owner's view, as the document describes."""
        answer = self.subject.call(self.world.app, self.owner, self.query(messages, notify=notify))
        self.world.answers.append(answer)
        return answer

    def moment_after(self, messages: Sequence[Message]) -> int:
        """A time (Unix milliseconds) between the last of `messages` and what follows it.

        What is promised of the very boundary is judged elsewhere; here it shall not matter.
        """
        latest = max(message.time_ms for message in messages)
        following = [message.time_ms for message in self.messages if message.time_ms > latest]
        following += [self.followed_at_ms] if self.followed_at_ms else []
        end = min(following, default=self.world.session.service_now_ms())
        return latest + max(0, min((end - latest) // 2, MOST_SLACK_MS))

    def only(self, *messages: Message) -> "Scene":
        """The same scene, as if these were the only messages to name."""
        latest = max(message.time_ms for message in messages)
        later = [message.time_ms for message in self.messages if message.time_ms > latest]
        return replace(self, messages=messages, followed_at_ms=min(later, default=self.followed_at_ms))

    def seen_by(self, user: str) -> "Scene":
        """The same scene with another owner."""
        others = tuple(member for member in self.conversation.members if member != user)
        return replace(self, owner=user, others=others)

    def view(self) -> View:
        """What the owner pulls now."""
        return self.world.view(self.owner, self.conversation)

    def view_without(self, messages: Sequence[Message]) -> View:
        return self.world.view_without(self.owner, self.conversation, messages)


def drafts(
    senders: Sequence[str], count: int, *, oldest_ms: int | None = None, types: Sequence[str] = ()
) -> list[Draft]:
    """`count` messages by the senders in turn, evenly spaced, all in the past; every second one, from the
    second on, of the next of the `types`, as long as there are any. What the texts say differs."""
    oldest = oldest_ms if oldest_ms is not None else (count + 2) * SPACING_MS
    of_place = dict(zip(range(1, count, 2), types, strict=False))
    return [
        Draft(senders[i % len(senders)], oldest - i * SPACING_MS, of_place.get(i, TEXT), _text(i, count))
        for i in range(count)
    ]


def _text(place: int, count: int) -> str:
    """What a message at this place among `count` says: where there are many, the first says much; every
    second one is in another script."""
    if place == 0 and count >= _MANY:
        return LONG_TEXT
    return ("hello", OTHER_SCRIPT)[place % 2]


def talk(
    world: World,
    kind: ConversationKind,
    owner: str,
    others: Sequence[str],
    count: int,
    *,
    live: bool = False,
    apart: bool = False,
    older: bool = False,
    hosted: bool | None = None,
    types: Sequence[str] = (),
) -> tuple[Conversation, list[Message]]:
    """A new conversation in which all speak in turn, the owner first; `apart` in time if it matters,
    and `older` than what other scenes say where messages can be dated. A `hosted` group or room is the
    first other's, and the owner a plain member; None leaves that to chance. The `types` are those of
    some messages, as in `drafts`."""
    if hosted is None:
        hosted = world.session.variety is not None and world.session.variety.one_in(2)
    creator, *joining = (others[0], owner, *others[1:]) if hosted else (owner, *others)
    conversation = world.conversation(kind, creator, *joining)
    aged = world.session.variety and world.session.capabilities.keeps_old_messages
    oldest_ms = (count + 2) * SPACING_MS + ((OLDEST_MS if aged else OLDER_MS) if older else 0)
    speakers = (owner, others[0]) if kind == "chat" else (owner, *others)
    said = drafts(speakers, count, oldest_ms=oldest_ms, types=types)
    return conversation, world.fill(conversation, said, live=live, apart=apart)


def scene_of(
    world: World,
    subject: Subject,
    owner: str,
    others: Sequence[str],
    count: int,
    *,
    live: bool = False,
    older: bool = False,
    hosted: bool | None = None,
    types: Sequence[str] = (),
) -> Scene:
    """A conversation of the subject's kind among these users, with `count` messages."""
    conversation, messages = talk(
        world,
        subject.kind,
        owner,
        others,
        count,
        live=live,
        apart=subject.by_time,
        older=older,
        hosted=hosted,
        types=types,
    )
    return Scene(world, subject, owner, tuple(others), conversation, tuple(messages))


def set_scene(world: World, subject: Subject, count: int) -> Scene:
    """A fresh owner and a conversation of the subject's kind with `count` messages."""
    (owner,), others = world.users(1), world.cast(2)
    return scene_of(world, subject, owner, others, count)
