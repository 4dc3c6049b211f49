"""The scene that most checks begin with: an owner, a peer, a bystander, and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass

from roamspec.client.chatting import ConversationKind
from roamspec.client.messages import Answer
from roamspec.suite.subject import Subject
from roamspec.world.conversations import Conversation, Draft, Message, View
from roamspec.world.world import World

SPACING_MS = 20_000


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation of the owner with others, and the messages in it, oldest first."""

    world: World
    subject: Subject
    owner: str
    others: tuple[str, ...]
    conversation: Conversation
    messages: tuple[Message, ...]

    @property
    def peer(self) -> str:
        return self.others[0]

    def delete(self, messages: Sequence[Message], *, notify: str | None = None) -> Answer:
        return self.subject.delete(self.world.app, self.owner, self.conversation, messages, notify=notify)

    def view(self) -> View:
        """What the owner pulls now."""
        return self.world.view(self.owner, self.conversation)

    def view_without(self, messages: Sequence[Message]) -> View:
        return self.world.view_without(self.owner, self.conversation, messages)


def drafts(senders: Sequence[str], count: int, *, oldest_ms: int | None = None) -> list[Draft]:
    """`count` messages by the senders in turn, evenly spaced, all in the past."""
    oldest = oldest_ms if oldest_ms is not None else (count + 2) * SPACING_MS
    return [Draft(senders[i % len(senders)], oldest - i * SPACING_MS) for i in range(count)]


def talk(
    world: World,
    kind: ConversationKind,
    owner: str,
    others: Sequence[str],
    count: int,
    *,
    live: bool = False,
) -> tuple[Conversation, list[Message]]:
    """A new conversation in which owner and first other speak in turn."""
    conversation = world.conversation(kind, owner, *others)
    return conversation, world.fill(conversation, drafts((owner, others[0]), count), live=live)


def set_scene(
    world: World,
    subject: Subject,
    count: int,
    *,
    kind: ConversationKind | None = None,
    others: int = 2,
    live: bool = False,
) -> Scene:
    """A fresh owner and a conversation of the subject's kind with `count` messages."""
    (owner,), rest = world.users(1), world.cast(others)
    conversation, messages = talk(world, kind or subject.kind, owner, rest, count, live=live)
    return Scene(world, subject, owner, tuple(rest), conversation, tuple(messages))
