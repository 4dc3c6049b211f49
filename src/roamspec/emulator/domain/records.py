"""The things an app is made of, as plain values."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

ConversationType = Literal["chat", "group"]
"""Chatrooms are addressed like groups: their IDs come from one sequence."""


class ConversationKey(NamedTuple):
    """A conversation as one of its participants names it: the other user, or the group or chatroom."""

    type: ConversationType
    id: str


@dataclass(slots=True, eq=False)
class StoredMessage:
    """One message, shared by every view that holds it.

    `conversation_kind` is `chat`, `group` or `room`; `text` is what a reader sees of it, `extra` its
    remaining body and `ext`, if any. `enters_lists` says whether it may create a conversation.
    """

    id: str
    sender: str
    target: str
    conversation_kind: str
    time_ms: int
    type: str
    text: str
    extra: dict[str, Any] | None
    enters_lists: bool


@dataclass(slots=True)
class Account:
    """A registered user; `name` is lower-case, times are Unix milliseconds."""

    name: str
    uuid: str
    password: str = field(repr=False)
    nickname: str | None
    created_ms: int


@dataclass(slots=True)
class Group:
    """A group or a chatroom; `members` holds the owner too and keeps the order of joining, `joined` those who
    came after it was made."""

    id: str
    kind: Literal["group", "room"]
    owner: str
    members: dict[str, None]
    attributes: dict[str, Any]
    created_ms: int
    joined: set[str] = field(default_factory=set)
