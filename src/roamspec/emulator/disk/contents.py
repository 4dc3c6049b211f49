"""What an app holds, as rows of text, and back.

Each kind of row has one key and one value, both JSON. Messages stand once, however many views hold them.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from roamspec.emulator.domain.records import Account, ConversationKey, Group, StoredMessage
from roamspec.emulator.store.protocol import AppStore, StoredView

USER, GROUP, MEMBER, MESSAGE = "user", "group", "member", "message"
VIEW, ENTRY, IMPORT, SENT = "view", "entry", "import", "sent"
STORE_KINDS: Final = (USER, GROUP, MEMBER, MESSAGE, VIEW, ENTRY, IMPORT, SENT)
"""What a store holds; tokens and what waits for devices are kept beside it."""

Row = tuple[tuple[str, str], str]
ViewState = tuple[bool, int, int, int, tuple[str, ...]]
Read = Callable[[str], Iterator[tuple[str, str]]]
"""Keys with their values of one kind, in the order in which they came."""

encoded: Final = json.JSONEncoder(separators=(",", ":")).encode


def key_of(*parts: object) -> str:
    """These parts as one text, by which a row is found."""
    return encoded(parts)


def user_row(account: Account) -> Row:
    """A user without tokens and views."""
    value = (account.uuid, account.password, account.nickname, account.created_ms)
    return (USER, key_of(account.name)), encoded(value)


def group_row(group: Group) -> Row:
    """A group or chatroom without its members."""
    value = (group.kind, group.owner, group.attributes, group.created_ms)
    return (GROUP, key_of(group.id)), encoded(value)


def member_row(group: Group, name: str) -> Row:
    """One membership, and whether the member joined after the group was made."""
    return (MEMBER, key_of(group.id, name)), encoded(name in group.joined)


def message_row(message: StoredMessage) -> Row:
    """A message, once for all views that hold it."""
    value = (
        message.sender, message.target, message.conversation_kind, message.time_ms, message.type,
        message.text, message.extra, message.enters_lists,
    )  # fmt: skip
    return (MESSAGE, key_of(message.id)), encoded(value)


def state_of(view: StoredView) -> ViewState:
    """The view's entry in its owner's list."""
    return view.listed, view.created_ms, view.unread, view.top_ms, view.marks


def view_row(owner: str, view: StoredView) -> Row:
    """One user's view of a conversation, without its messages."""
    return (VIEW, key_of(owner, *view.conversation)), encoded(state_of(view))


def entry_key(owner: str, conversation: ConversationKey, message_id: str) -> tuple[str, str]:
    """The key of a message's place in one user's view."""
    return ENTRY, key_of(owner, *conversation, message_id)


def import_row(place: str, time_ms: int) -> Row:
    """When the last message was imported at a place, in Unix milliseconds."""
    return (IMPORT, key_of(place)), encoded(time_ms)


def sent_key(hour: int, message_id: str) -> tuple[str, str]:
    """The key of a message among those that were sent in an hour."""
    return SENT, key_of(hour, message_id)


class Messages(dict[str, StoredMessage]):
    """All messages by ID; `unused` are those that nobody has asked for yet."""

    def __init__(self, rows: Iterator[tuple[Any, Any]]) -> None:
        super().__init__((message_id, StoredMessage(message_id, *value)) for (message_id,), value in rows)
        self.unused = set(self)

    def use(self, message_id: str) -> StoredMessage:
        """A message that something refers to; KeyError for an unknown one."""
        self.unused.discard(message_id)
        return self[message_id]


def fill(store: AppStore, read: Read) -> Messages:
    """Put into an empty store what the rows say; returns the messages."""
    for (name,), (uuid, password, nickname, created_ms) in read_rows(read, USER):
        store.add_user(Account(name, uuid, password, nickname, created_ms))
    members: dict[str, dict[str, bool]] = {}
    for (group_id, name), joined in read_rows(read, MEMBER):
        members.setdefault(group_id, {})[name] = joined
    for (group_id,), (kind, owner, attributes, created_ms) in read_rows(read, GROUP):
        inside = members.get(group_id, {})
        came_later = {name for name, joined in inside.items() if joined}
        names: dict[str, None] = dict.fromkeys(inside)
        store.add_group(Group(group_id, kind, owner, names, attributes, created_ms, came_later))
    messages = Messages(read_rows(read, MESSAGE))
    for (owner, kind, target), (listed, created_ms, unread, top_ms, marks) in read_rows(read, VIEW):
        view = store.open_view(owner, ConversationKey(kind, target))
        view.listed, view.created_ms, view.unread, view.top_ms = listed, created_ms, unread, top_ms
        view.marks = tuple(marks)
    for (owner, kind, target, message_id), _ in read_rows(read, ENTRY):
        store.open_view(owner, ConversationKey(kind, target)).add(messages.use(message_id))
    for (place,), time_ms in read_rows(read, IMPORT):
        store.note_import(place, time_ms)
    for (hour, message_id), _ in read_rows(read, SENT):
        store.note_sent(messages.use(message_id), hour, forget_before=0)
    return messages


def read_rows(read: Read, kind: str) -> Iterator[tuple[Any, Any]]:
    """Keys with their values, decoded."""
    return ((json.loads(key), json.loads(value)) for key, value in read(kind))
